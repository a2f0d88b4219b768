"""An order is changed before anybody picks it: another address, another slot, fewer of a line.

Stock, order, fulfillment and money change in one transaction: what goes back is written down in it, and given back
after it by whoever gets to it first. Payment, order, fulfillment, goods, slot: everybody locks them in this
sequence.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from samband.commerce.fulfillment import changing, slotting
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView, SlotView
from samband.commerce.fulfillment.refusals import NoPromise, NotPermitted, TooFewLeft
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import amending
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.payments import refunds
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as addresses
from samband.customers.accounts.rules import Particulars
from samband.events.orders import GroupRedirected, LineTakenOff
from samband.kernel.clock import now
from samband.kernel.goods import Line, Position
from samband.kernel.money import Money, total
from samband.kernel.refusal import Conflict
from samband.timeline import claim, noticing_repeats, told_at_once

from . import delivery
from .finish_order import cancel_order
from .refund_order import refund_order

WITHDRAWN = "withdrawn"
CHANGEABLE = ("ship", "pickup", "serve")


class OtherCountry(Conflict):
    """A parcel cannot be sent to another country any more: order anew."""

    code = "other_country"


class SlotDoesNotReach(Conflict):
    """In this delivery slot nothing is brought to that address from where the goods are."""

    code = "slot_does_not_reach"


@dataclass(frozen=True)
class Changeable:
    """A parcel, pickup or serving of an order that nobody has begun to pick. `redirects`: it may go elsewhere."""

    fulfillment: FulfillmentView
    redirects: bool
    slots: tuple[SlotView, ...]


@dataclass(frozen=True)
class Fewer:
    """What came of taking units off: so much goes back, and perhaps the whole order was called off."""

    order_id: UUID
    amount: Money
    cancelled: bool


class _NothingLeft(Exception):
    """Those were the last units of the order: it is called off instead."""


# --- what may be changed


def changeable(order_id: UUID) -> tuple[Changeable, ...]:
    """What of an order may still be changed; nothing once it is picked, called off, or not placed yet."""
    if orders.order(order_id).state != "placed":
        return ()
    found = (changes_of(view) for view in fulfillments.of_order(order_id))
    return tuple(one for one in found if one)


def changes_of(view: FulfillmentView) -> Changeable | None:
    """What of one parcel, pickup or serving may be changed, if anything."""
    if view.state != "requested" or view.kind not in CHANGEABLE:
        return None
    return Changeable(view, view.kind == "ship", slots_for(view))


def slots_for(view: FulfillmentView) -> tuple[SlotView, ...]:
    """The slots in which a parcel may be brought from where its goods are, those with room and its own."""
    if view.kind != "ship" or view.address_id is None:
        return ()
    given = addresses.address(view.address_id).given
    found = fulfillments.slots(given.country, given.postcode, now(), [view.location])
    return tuple(slot for slot in found if slot.left or slot.id == view.slot_id)


# --- where it goes


def change_address(fulfillment_id: UUID, address: Particulars, *, key: str) -> GroupRedirected:
    """Send a parcel to another address in the same country. Asking twice with one key is asking once.

    Raises UnknownFulfillment, NotPermitted once picking has begun or for what is no parcel, NotPlaced, OtherCountry,
    SlotDoesNotReach, AddressIncomplete, KeyReused.
    """
    view = fulfillments.fulfillment(fulfillment_id)
    with transaction.atomic(), told_at_once():
        claimed = claim("change_address", key, [fulfillment_id, address])
        if isinstance(claimed.earlier, GroupRedirected):
            return claimed.earlier
        before = _address(view)
        if address.country != before.country:
            raise OtherCountry(country=before.country)
        if view.slot_id and not _reached(view, address, view.slot_id):
            raise SlotDoesNotReach(slot=str(view.slot_id))
        order = orders.order(view.order_id)
        address_id = accounts.keep_address(address, customer_id=order.customer_id)
        promise = (view.promised_from, view.promised_until)
        changed: GroupRedirected = amending.redirect_group(
            order.id, _group(view), address_id, view.slot_id, *promise, key=claimed
        )
        changing.redirect(view.id, address_id, view.slot_id, *promise)
        return changed


def change_slot(fulfillment_id: UUID, slot_id: UUID | None, *, key: str) -> GroupRedirected:
    """Bring a parcel in another slot, or send it with the carrier (None). Asking twice with one key is asking once.

    Raises UnknownFulfillment, NotPermitted, NotPlaced, UnknownSlot, SlotFull, SlotClosed, SlotDoesNotReach, NoPromise,
    KeyReused; then it comes in the slot that it had.
    """
    view = fulfillments.fulfillment(fulfillment_id)
    with transaction.atomic(), told_at_once():
        claimed = claim("change_slot", key, [fulfillment_id, slot_id])
        if isinstance(claimed.earlier, GroupRedirected):
            return claimed.earlier
        address = _address(view)
        promised_from, promised_until = _promised(view, address, slot_id)
        changed: GroupRedirected = amending.redirect_group(
            view.order_id, _group(view), view.address_id, slot_id, promised_from, promised_until, key=claimed
        )
        if slot_id and slot_id != view.slot_id:
            slotting.reserve_slot(slot_id, view.order_id)
            slotting.keep_slot(view.order_id)
        assert view.address_id, "what has an address was looked up"
        changing.redirect(view.id, view.address_id, slot_id, promised_from, promised_until)
        if slot_id != view.slot_id:
            _leave_slot(view)
        return changed


def _address(view: FulfillmentView) -> Particulars:
    """Where a parcel goes now. Raises NotPermitted for what is none."""
    if view.kind != "ship" or view.address_id is None:
        raise NotPermitted(kind=view.kind, state=view.state, to="redirected")
    return addresses.address(view.address_id).given


def _reached(view: FulfillmentView, address: Particulars, slot_id: UUID) -> bool:
    return fulfillments.slot_reaches(slot_id, view.location, address.country, address.postcode)


def _promised(view: FulfillmentView, address: Particulars, slot_id: UUID | None) -> tuple:
    if slot_id:
        slot = fulfillments.slot(slot_id)
        if not _reached(view, address, slot_id):
            raise SlotDoesNotReach(slot=str(slot_id))
        return slot.starts_at, slot.ends_at
    promise = delivery.promised("ship", view.location, address.country, now())
    if promise is None:
        raise NoPromise(reason="no_carrier", country=address.country)
    return promise.earliest, promise.latest


def _group(view: FulfillmentView) -> int:
    """Which group of its order it is: they are requested in their order."""
    return [one.id for one in fulfillments.of_order(view.order_id)].index(view.id) + 1


def _leave_slot(view: FulfillmentView) -> None:
    """Give the place in its slot up, unless another parcel of the order comes in it too."""
    others = [one for one in fulfillments.of_order(view.order_id) if one.id != view.id and one.state != "cancelled"]
    if view.slot_id and all(one.slot_id != view.slot_id for one in others):
        slotting.free_slot(view.order_id, view.slot_id)


# --- fewer of a line


def fewer(fulfillment_id: UUID, sku: str, quantity: int, *, key: str, reason: str = WITHDRAWN) -> Fewer:
    """So many units of a SKU are not wanted any more; their money goes back. Asking twice with one key is asking once.

    The last units of an order call it off. Raises UnknownFulfillment, NotPermitted once picking has begun,
    TooFewOrdered, NotOrdered or TooFewLeft (it is in another parcel), NotPlaced, MoreThanCaptured where the money was
    not taken yet, Invalid, KeyReused; then nothing has changed.
    """
    return take_off(fulfillment_id, Line(sku, quantity), reason, key=key)


def take_off(
    fulfillment_id: UUID,
    goods: Line,
    reason: str,
    *,
    key: str,
    while_picking: bool = False,
    missing: bool = False,
    by: str = "customer",
) -> Fewer:
    """The same, also for a picker who does not find them (`while_picking`); `by`: customer or retailer.

    What is `missing` is not where the books say: they are put right.
    """
    view = fulfillments.fulfillment(fulfillment_id)
    if view.kind not in CHANGEABLE:
        raise NotPermitted(kind=view.kind, state=view.state, to="reduced")
    order = orders.order(view.order_id)
    try:
        taken = _take_off(view, goods, reason, key, while_picking, missing)
    except _NothingLeft:
        with noticing_repeats() as repeats:
            called_off = _call_off(order, goods, view, by, key, while_picking)
        if missing and not repeats.seen:
            write_off(Position(view.location, goods.sku, goods.quantity))
        return called_off
    amount = Money(taken.amount, taken.currency)
    if amount:
        refund_order(order.id, amount, reason, key=f"fewer-{key}")
    return Fewer(order.id, amount, cancelled=False)


def _are_all(order: OrderView, goods: Line) -> bool:
    """Whether nothing else is left of the order than these."""
    left = [line for line in order.lines if not line.cancelled_quantity]
    return {line.sku for line in left} <= {goods.sku} and sum(line.quantity for line in left) <= goods.quantity


def _call_off(order: OrderView, goods: Line, view: FulfillmentView, by: str, key: str, while_picking: bool) -> Fewer:
    """Those were all of it. Asked again with the same key it is told again."""
    states = ("requested", "picking") if while_picking else ("requested",)
    if order.state != "cancelled":
        if view.state not in states:
            raise NotPermitted(kind=view.kind, state=view.state, to="reduced")
        here = sum(line.quantity for line in view.lines if line.sku == goods.sku)
        if here < goods.quantity:
            raise TooFewLeft(sku=goods.sku, left=here)
    cancel_order(order.id, by, key=f"fewer-{key}")
    return Fewer(order.id, order.total - _gone_back(order), cancelled=True)


def _gone_back(order: OrderView) -> Money:
    """What was taken off it before, and goes back or went."""
    off = (line.total for line in order.lines if line.cancelled_quantity and order.state != "cancelled")
    return total(off, order.total.currency)


def _take_off(
    view: FulfillmentView, goods: Line, reason: str, key: str, while_picking: bool, missing: bool
) -> LineTakenOff:
    with transaction.atomic(), told_at_once():
        claimed = claim("take_off", key, [view.id, goods, reason])
        if isinstance(claimed.earlier, LineTakenOff):
            return claimed.earlier
        order = orders.order(view.order_id)
        if order.state == "cancelled":
            raise _NothingLeft
        amount = amending.worth(order.lines, goods.sku, goods.quantity)
        if _are_all(order, goods):
            raise _NothingLeft
        if amount:
            refunds.reserve_order_refund(order.id, Money(amount, order.total.currency), reason, f"fewer-{key}")
        taken: LineTakenOff = amending.take_off(order.id, goods.sku, goods.quantity, amount, key=claimed)
        if all(line.cancelled_quantity for line in orders.order(order.id).lines):
            raise _NothingLeft  # somebody else took the others off meanwhile
        reduced = changing.reduce(view.id, goods.sku, goods.quantity, while_picking=while_picking)
        freed = Position(view.location, goods.sku, goods.quantity)
        inventory.release(order.id, "reduced", (freed,))
        if missing:
            write_off(freed)
        if not reduced.left:
            _leave_slot(view)
        return taken


def write_off(missing: Position) -> None:
    """What a picker did not find is not sold to the next: the books are put right as far as nobody has a claim."""
    places = stock.available([missing.sku])[missing.sku]
    there = next((place for place in places if place.location == missing.location), None)
    units = min(missing.quantity, there.on_hand - there.held - there.fenced) if there else 0
    if units > 0:
        less = Position(missing.location, missing.sku, -units)
        inventory.adjust(missing.location, (less,), "lost", "not found at picking")
