"""Scan and go: goods are scanned with the phone, paid for, and leave by a door that checks their pass once."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory import commands as stock
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.spots import codes, commands, queries
from samband.commerce.spots.queries import PassView, SpotView
from samband.commerce.spots.refusals import NotForThat, OtherStore
from samband.commerce.spots.rules import AFTER_CLOSING
from samband.events.orders import OrderPlaced
from samband.events.spots import ExitPassChecked
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.refusal import Refusal
from samband.timeline import on
from samband.timeline.chores import every

from .arrive import closing
from .by_phone import CHANNEL
from .finish_order import check_paid, positions_of
from .goods_by_code import CodeUnknown, item_of

log = structlog.get_logger("samband.spots")

CLOSED_LASTS = timedelta(minutes=30)
"""How long a pass is good that is issued when the store has closed."""


@dataclass(frozen=True)
class Found:
    """Goods that were scanned, and the spot whose code it was, if it was one of ours."""

    item: Item
    spot: SpotView | None


def goods_of(text: str, location: str) -> Found:
    """What somebody in a store has scanned or typed: a bar code, a GTIN, a SKU, or the code of a shelf or a label.

    Raises CodeUnknown, NotForThat (a table's code, an exit pass), OtherStore, and what `spots.queries.scanned` does.
    """
    said = text.strip()
    if codes.PATH in said:
        return _at_spot(said, location)
    return Found(item_of(said, CHANNEL), None)


def _at_spot(said: str, location: str) -> Found:
    spot = queries.scanned(said).spot
    if spot.location != location:
        raise OtherStore(location=spot.location)
    if spot.sku is None:
        raise NotForThat(kind=spot.kind)
    items = catalog.items([spot.sku])
    if spot.sku not in items:
        raise CodeUnknown()
    return Found(items[spot.sku], spot)


# --- the pass


@on(OrderPlaced, unless=lambda event, _: event.channel != CHANNEL)
def give_pass(event: OrderPlaced) -> None:
    """What is carried along may leave once it is paid, also when nobody waits any more for the bank's answer."""
    if event.channel == CHANNEL:  # of every other channel too what was told before was owed here
        pass_of(orders.order(event.order_id))


def pass_of(order: OrderView) -> PassView | None:
    """The exit pass of an order whose goods are carried along, issued if it is not yet; None for any other order.

    Safe to ask at once in several places: an order has one pass.
    """
    if order.channel != CHANNEL or order.state not in ("placed", "completed") or order.placed_at is None:
        return None
    if known := queries.pass_of_order(order.id):
        return known
    carried = next((group for group in order.groups if group.kind == "carry"), None)
    if carried is None:
        return None
    site = inventory.location(carried.location)
    closes = closing(site, order.placed_at)
    until = closes + AFTER_CLOSING if closes else order.placed_at + CLOSED_LASTS
    pieces = sum(line.quantity for line in carried.goods)
    commands.issue_pass(order.id, site.code, pieces, until, key=str(order.id))
    return queries.pass_of_order(order.id)


# --- the door


@dataclass(frozen=True)
class LetOut:
    """A pass that a door has just checked, with the goods that leave."""

    exit_pass: PassView
    order: OrderView
    goods: tuple[Line, ...]


def let_out(text: str, location: str, by: UUID | None, *, key: str) -> LetOut:
    """A door of this store scans a pass: once, its goods leave. Of several doors at once, one lets them out.

    Raises CodeForged, NotForThat, UnknownPass, OtherStore, PassUsed, PassLapsed, and NotPermitted or NothingIsPaid if
    the order was called off or its money went back meanwhile; then nothing has changed.
    """
    checked = _let_out(queries.pass_said(text), location, by, key)
    order = orders.order(checked.order_id)
    goods = tuple(line for group in order.groups if group.kind == "carry" for line in group.goods)
    return LetOut(queries.exit_pass(checked.pass_id), order, goods)


@transaction.atomic
def _let_out(pass_id: UUID, location: str, by: UUID | None, key: str) -> ExitPassChecked:
    checked: ExitPassChecked = commands.check_pass(pass_id, location, by, key=key)
    _hand_over(checked.order_id, location)
    return checked


def _hand_over(order_id: UUID, location: str) -> None:
    """The goods are out of the house, if they are not yet."""
    for view in fulfillments.of_order(order_id):
        if _goes_out_here(view, location) and view.state != "handed_over":
            check_paid(view, "requested")
            fulfillment.hand_over(view.id)
            stock.issue(order_id, positions_of(view), key=f"hand-over-{view.id}")


def _goes_out_here(view: FulfillmentView, location: str) -> bool:
    return view.kind == "carry" and view.location == location


@every(60)
def lapse_passes() -> int:
    """Stores that have closed: what was paid for and passed no door counts as handed over. Returns how many were due.

    One that cannot be settled, such as that of an order called off, lapses without its goods.
    """
    due = queries.due_to_lapse(now())
    for pass_id in due:
        try:
            _lapse(pass_id)
        except Refusal as refusal:
            log.warning("pass_lapsed_alone", exit_pass=str(pass_id), code=refusal.code)
            _lapse_alone(pass_id)
    return len(due)


@transaction.atomic
def _lapse(pass_id: UUID) -> None:
    lapsed = commands.lapse_pass(pass_id)
    _hand_over(lapsed.order_id, lapsed.location)


def _lapse_alone(pass_id: UUID) -> None:
    try:
        commands.lapse_pass(pass_id)
    except Refusal:
        return  # a door was faster
