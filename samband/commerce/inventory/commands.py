"""What inventory can be told to do. A command is one transaction and returns the event it records.

Goods on a shelf are set aside by `hold` and promised for good by `keep`; they leave by `issue`, or
`release` frees them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from samband.events.inventory import (
    AllotmentGivenBack,
    HoldKept,
    HoldReleased,
    StockAdjusted,
    StockHeld,
    StockIssued,
    StockReceived,
    StockTransferred,
)
from samband.kernel.clock import now
from samband.kernel.event import Event
from samband.kernel.goods import Line, Position
from samband.kernel.refusal import Invalid
from samband.timeline import command, record

from . import fences, ledger, queries, reading, site
from .allotments import allot, give_back, hand_on, top_up
from .claims import Claim, Stock
from .fences import fence, unfence
from .finding import known, locked, not_live, open_hold, part_of, spot, told
from .giving_back import GiveBack
from .models import Level, Location
from .refusals import BelowHeld, HoldExists, HoldNotKept, NotEnoughStock, SoldOut

__all__ = [
    "GiveBack",
    "adjust",
    "allot",
    "count",
    "fence",
    "give_back",
    "hand_on",
    "hold",
    "issue",
    "keep",
    "lapse_holds",
    "receive",
    "release",
    "save_location",
    "set_safety",
    "top_up",
    "transfer",
    "unfence",
]

LAPSED_AT_ONCE = 100


@command
def hold(hold_id: UUID, positions: tuple[Position, ...], lapses_at: datetime, channel: str = "") -> StockHeld:
    """Set goods aside until a moment: all of them, or none. For a channel, its fenced units are taken first.

    Raises SoldOut with `short`, every position that fell short (`location`, `sku`, `wanted`, `available`),
    HoldExists if the id was used before, and Invalid for a moment that is over.
    """
    wanted = reading.wanted(positions)
    if lapses_at <= now():
        raise Invalid("A hold lapses in the future.")
    taken, short = ledger.take(hold_id, wanted, lapses_at, reading.channel(channel) if channel else "")
    if short:
        raise SoldOut(short=[told(at.location, at.sku, at.wanted, available=at.available) for at in short])
    if not taken:
        raise HoldExists(hold_id=str(hold_id))
    return StockHeld(hold_id=hold_id, positions=wanted, lapses_at=lapses_at)


@command
def keep(hold_id: UUID) -> HoldKept:
    """Make a live hold an allocation, which does not lapse.

    Raises HoldLapsed if its time is over (whether or not the sweeper came by), HoldClosed, HoldAlreadyKept or
    UnknownHold.
    """
    if not ledger.keep(hold_id):
        raise not_live(hold_id)
    return HoldKept(hold_id=hold_id)


@command
def release(hold_id: UUID, reason: str, positions: tuple[Position, ...] | None = None) -> HoldReleased:
    """Put held goods (or the named part of them) back on the shelf. `reason`: released, cancelled, expired.

    Raises UnknownHold, HoldClosed if nothing is left of it, and NotHeld with `short` if the part is larger than that.
    """
    claims = open_hold(hold_id).claims
    part = part_of(claims, positions)
    _settle(hold_id, claims, part, leaves=False)
    return HoldReleased(hold_id=hold_id, positions=part, reason=reading.note(reason))


@command
def issue(hold_id: UUID, positions: tuple[Position, ...]) -> StockIssued:
    """Let allocated goods leave the house: shipped or handed over.

    Raises UnknownHold, HoldClosed, HoldNotKept if the hold could still lapse, and NotHeld with `short`.
    """
    found = open_hold(hold_id)
    if found.state != "kept":
        raise HoldNotKept(hold_id=str(hold_id))
    part = part_of(found.claims, positions)
    _settle(hold_id, found.claims, part, leaves=True)
    return StockIssued(hold_id=hold_id, positions=part)


def lapse_holds(most: int = LAPSED_AT_ONCE) -> int:
    """Free the goods of live holds whose time is over, in batches; returns how many holds lapsed."""
    lapsed = 0
    while batch := _lapse(most):
        lapsed += batch
    return lapsed


@transaction.atomic(savepoint=False)
def _lapse(most: int) -> int:
    lapsed = ledger.lock_lapsed(now(), most)
    if lapsed:
        claims = ledger.left_of(lapsed)
        ledger.settle([(of, claim.going_back(claim.left)) for of, claim in claims], list(lapsed), leaves=False)
        for hold_id, kind in lapsed.items():
            freed = sorted((claim.sku, claim.location, claim.left) for of, claim in claims if of == hold_id)
            positions = tuple(Position(location, sku, left) for sku, location, left in freed)
            record(_lapsed(hold_id, kind, positions))
    return len(lapsed)


def _lapsed(hold_id: UUID, kind: str, positions: tuple[Position, ...]) -> Event:
    if kind == "allotment":
        return AllotmentGivenBack(allotment_id=hold_id, positions=positions, closed=True, reason="lapsed")
    return HoldReleased(hold_id=hold_id, positions=positions, reason="lapsed")


@command
def receive(location: str, lines: tuple[Line, ...], reference: str, imported: bool = False) -> StockReceived:
    """Take goods in at a location. `imported` marks stock that another system knew of before us.

    Raises UnknownLocation or Invalid.
    """
    received = reading.at(location, lines)
    known(location)
    locked(received)
    kind = "import" if imported else "receive"
    ledger.write([(kind, position) for position in received], reference=reading.note(reference))
    return StockReceived(location=location, positions=received, reference=reference)


@command
def transfer(location: str, to_location: str, lines: tuple[Line, ...], reference: str) -> StockTransferred:
    """Move goods that nobody has a claim on to another location. Safety stock may move; held and fenced goods may not.

    Raises NotEnoughStock with `short` (each tells what is `fenced` there or `allotted` to till devices, if any is),
    UnknownLocation or Invalid.
    """
    if location == to_location:
        raise Invalid("Goods move between two different locations.")
    leaving = reading.at(location, lines)
    coming = reading.at(to_location, lines)
    known(location, to_location)
    levels = locked(coming, (*coming, *leaving))
    short = [at for at in leaving if levels.get(spot(at), Stock()).unclaimed < at.quantity]
    if short:
        raise NotEnoughStock(short=[_hindered(at, levels.get(spot(at), Stock())) for at in short])
    moves = [("transfer_out", _less(position)) for position in leaving]
    moves += [("transfer_in", position) for position in coming]
    ledger.write(moves, reference=reading.note(reference))
    return StockTransferred(location=location, to_location=to_location, positions=leaving, reference=reference)


@command
def adjust(location: str, differences: tuple[Position, ...], reason: str, reference: str) -> StockAdjusted:
    """Put the books right by signed differences, with a reason such as damaged, found or lost.

    Fences shrink if they must, the youngest first. Raises BelowHeld with `short` if less would remain than is set aside
    (of it, `allotted` to till devices), UnknownLocation or Invalid.
    """
    changes = reading.differences(location, differences)
    known(location)
    levels = locked(changes)
    return _put_right(location, changes, levels, reason, reference)


@command
def count(location: str, counted: tuple[Position, ...], reference: str) -> StockAdjusted:
    """Set what is on hand to what was counted; the event carries the differences, none if the books were right.

    Fences shrink if they must, the youngest first. Raises BelowHeld with `short` if less was counted than is set aside
    (of it, `allotted` to till devices), UnknownLocation or Invalid.
    """
    found = reading.counted(location, counted)
    known(location)
    levels = locked(found)
    differences = [Position(at.location, at.sku, at.quantity - levels[spot(at)].on_hand) for at in found]
    changes = tuple(difference for difference in differences if difference.quantity)
    return _put_right(location, changes, levels, "counted", reference)


@transaction.atomic(savepoint=False)
def set_safety(location: str, sku: str, safety: int) -> None:
    """Keep so many units (≥ 0) of a SKU at a location out of every promise. Raises UnknownLocation or Invalid."""
    at = reading.counted(location, [Position(location, sku, safety)])
    known(location)
    locked(at)
    Level.objects.filter(sku=sku, location_id=location).update(safety=safety)


@transaction.atomic(savepoint=False)
def save_location(
    code: str,
    *,
    kind: str,
    name: str,
    market: str,
    country: str,
    time_zone: str,
    names: Mapping[str, str] | None = None,
    address: Mapping[str, str] | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    opening: Mapping[str, Sequence[str]] | None = None,
    pickup: bool = False,
    ships: bool = False,
    position: int = 0,
) -> None:
    """Create or change a store or warehouse.

    `opening` gives the hours of each day it is open, such as {"mon": ["10:00", "18:00"]}, in its own time zone.
    Raises InvalidLocation with the `field` that cannot be so.
    """
    fields: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "names": dict(names or {}),
        "market": market,
        "country": country,
        "address": dict(address or {}),
        "latitude": latitude,
        "longitude": longitude,
        "time_zone": time_zone,
        "opening": {day: list(hours) for day, hours in (opening or {}).items()},
        "pickup": pickup,
        "ships": ships,
        "position": position,
    }
    site.check(code, fields)
    Location.objects.update_or_create(code=code, defaults=fields)
    queries.forget_locations()
    transaction.on_commit(queries.forget_locations)


def _less(position: Position) -> Position:
    return Position(position.location, position.sku, -position.quantity)


def _settle(hold_id: UUID, claims: Sequence[Claim], part: Sequence[Position], *, leaves: bool) -> None:
    by_spot = {(claim.location, claim.sku): claim for claim in claims}
    parts = [
        (hold_id, claim.going_out(each.quantity) if leaves else claim.going_back(each.quantity))
        for each in part
        for claim in [by_spot[spot(each)]]
    ]
    nothing_remains = sum(each.quantity for each in part) == sum(claim.left for claim in claims)
    ledger.settle(parts, [hold_id] if nothing_remains else [], leaves=leaves)


def _put_right(
    location: str,
    changes: tuple[Position, ...],
    levels: Mapping[reading.Spot, Stock],
    reason: str,
    reference: str,
) -> StockAdjusted:
    """Write adjusting moves, unless less would remain on hand than is held. Fences give way to what is true."""
    after = {spot(change): levels[spot(change)].on_hand + change.quantity for change in changes}
    if short := [change for change in changes if after[spot(change)] < levels[spot(change)].held]:
        raise BelowHeld(short=[_below(change, levels[spot(change)]) for change in short])
    if changes:
        missing = {at: levels[at].held + levels[at].fenced - on_hand for at, on_hand in after.items()}
        fences.give_way(levels, {at: units for at, units in missing.items() if units > 0})
        moves = [("adjust", change) for change in changes]
        ledger.write(moves, reference=reading.note(reference), reason=reading.note(reason))
    return StockAdjusted(location=location, positions=changes, reason=reason, reference=reference)


def _hindered(at: Position, stock: Stock) -> dict[str, str | int]:
    hinders = {"fenced": stock.fenced, "allotted": _allotted(at)}
    return told(at.location, at.sku, at.quantity, available=stock.unclaimed, **_some(hinders))


def _below(at: Position, stock: Stock) -> dict[str, str | int]:
    return told(at.location, at.sku, stock.on_hand + at.quantity, held=stock.held, **_some({"allotted": _allotted(at)}))


def _some(units: Mapping[str, int]) -> dict[str, int]:
    return {name: many for name, many in units.items() if many}


def _allotted(at: Position) -> int:
    """Units of the held ones that till devices have."""
    return queries.allotted([spot(at)]).get(spot(at), 0)
