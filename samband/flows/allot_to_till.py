"""Giving a till stock that it may sell while its line is down, and taking back what it does not need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.inventory.refusals import SoldOut, UnknownHold
from samband.commerce.tills import allotting
from samband.commerce.tills import queries as tills
from samband.commerce.tills.queries import AllotmentView, DeviceView
from samband.events.inventory import AllotmentToppedUp, StockAllotted
from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid

from .till_snapshot import CHANNEL

MOST_SKUS = 500
MOST_OF_ONE = 1_000
OF_FREE_STOCK, A_HANDFUL = 3, 6
"""Chosen by the house, a till gets at most one of so many free units, and so many of each: others sell them too."""


@dataclass(frozen=True, slots=True)
class Allotment:
    """What a till may sell by itself: units given ever, and units left, by SKU; `short` is what was not to be had."""

    id: UUID
    sell_until: datetime
    given: Mapping[str, int]
    left: Mapping[str, int]
    short: Mapping[str, int]


def allotment(device: DeviceView) -> Allotment | None:
    """What a till may sell by itself now; None if it has nothing that still stands."""
    noted = tills.allotment(device.id)
    return _shown(noted, {}) if noted else None


def raise_to(device: DeviceView, wanted: Mapping[str, int]) -> Allotment | None:
    """See that the till has at least so many of each SKU left, as far as stock goes, and may sell for a day from now.

    Never refused for what is not to be had. Raises Invalid.
    """
    if len(wanted) > MOST_SKUS or any(not 0 <= units <= MOST_OF_ONE for units in wanted.values()):
        raise Invalid("A till has up to 500 different things, and up to 1,000 of each.", fields=["lines"])
    try:
        return _raise_to(device, wanted)
    except SoldOut as refusal:  # nothing at all of it is to be had
        had = allotment(device)
        short = {at["sku"]: at["wanted"] for at in refusal.details["short"]}
        return replace(had, short=short) if had else None


@transaction.atomic
def _raise_to(device: DeviceView, wanted: Mapping[str, int]) -> Allotment | None:
    allotting.alone(device.id)
    had = allotment(device)
    left = had.left if had else {}
    more = {sku: units - left.get(sku, 0) for sku, units in sorted(wanted.items()) if units > left.get(sku, 0)}
    positions = tuple(Position(device.location, sku, units) for sku, units in more.items())
    if had is None and not positions:
        return None
    allotment_id, until = had.id if had else new_id(), now() + allotting.SELLS_FOR
    grown: AllotmentToppedUp | StockAllotted
    if had:
        grown = inventory.top_up(allotment_id, positions, until, partly=True)
    else:
        grown = inventory.allot(allotment_id, positions, until, device=str(device.id), channel=CHANNEL, partly=True)
    given = {at.sku: at.quantity for at in grown.positions}
    allotting.note_given(allotment_id, device.id, given, until)
    noted = tills.allotment(device.id)
    return _shown(noted, {at.sku: at.quantity for at in grown.short}) if noted else None


def _free(device: DeviceView, skus: Iterable[str]) -> dict[str, int]:
    found = stock.available(list(skus), CHANNEL)
    return {sku: sum(at.available for at in places if at.location == device.location) for sku, places in found.items()}


def choose(device: DeviceView) -> dict[str, int]:
    """What the house would give a till: of all that lies free in the store a third, and at most a handful of each."""
    free = _free(device, catalog.skus_on(CHANNEL, now()))
    chosen = {sku: min(units // OF_FREE_STOCK, A_HANDFUL) for sku, units in free.items()}
    most = sorted((sku for sku, units in chosen.items() if units > 0), key=lambda sku: (-free[sku], sku))
    return {sku: chosen[sku] for sku in most[:MOST_SKUS]}


def give_back(device: DeviceView, units: Mapping[str, int] | None) -> Allotment | None:
    """The till frees so many of each SKU (more than it has is all it has), or everything."""
    with transaction.atomic():
        allotting.alone(device.id)
        had = allotment(device)
        if had is None:
            return None
        if units is None:
            inventory.give_back(had.id)
            allotting.end(had.id)
            return None
        part = {sku: min(many, had.left.get(sku, 0)) for sku, many in sorted(units.items())}
        positions = tuple(Position(device.location, sku, many) for sku, many in part.items() if many > 0)
        if positions:
            # A sale of this till's that comes in at the same moment may have taken some of it.
            inventory.give_back(had.id, positions, partly=True)
    return allotment(device)


def _shown(noted: AllotmentView, short: Mapping[str, int]) -> Allotment | None:
    try:
        hold = stock.hold(noted.id)
    except UnknownHold:
        return None
    if hold.state == "closed":
        return None
    left = {line.sku: line.left for line in hold.lines}
    return Allotment(noted.id, noted.sell_until, noted.given, left, short)
