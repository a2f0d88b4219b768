"""Goods leave the house, are handed over, or go back to the shelf: fulfillment, stock and order move together."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment import slotting
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.transitions import HANDED_FROM
from samband.commerce.inventory import commands as inventory
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import queries as payments
from samband.events.fulfillment import GoodsHandedOver, ParcelShipped, PickupReady
from samband.events.orders import OrderCancelled
from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.kernel.refusal import Conflict, Refusal
from samband.timeline.chores import every

log = structlog.get_logger("samband.orders")

OVER = frozenset({"handed_over", "delivered", "expired", "cancelled"})


class NothingIsPaid(Conflict):
    """All the money for the order has gone back, so its goods stay with us."""

    code = "nothing_is_paid"


@transaction.atomic
def make_ready(fulfillment_id: UUID, wait_until: datetime, *, key: str) -> PickupReady:
    """The goods of a pickup stand behind the counter until a moment, and the customer gets a code.

    Raises NothingIsPaid, NotAllPicked, NotPermitted, WaitsTooLong, UnknownFulfillment, Invalid, KeyReused.
    """
    check_paid(fulfillments.fulfillment(fulfillment_id), "picking")
    ready: PickupReady = fulfillment.make_ready(fulfillment_id, wait_until, key=key)
    return ready


@transaction.atomic
def hand_over(fulfillment_id: UUID, code: str = "", *, key: str) -> GoodsHandedOver:
    """Give a pickup to whoever has its code. What is served, or carried along, needs none.

    Raises NothingIsPaid, WrongCode, CodeLocked, NotPermitted, UnknownFulfillment, KeyReused.
    """
    view = fulfillments.fulfillment(fulfillment_id)
    check_paid(view, HANDED_FROM.get(view.kind, ""))
    handed: GoodsHandedOver = fulfillment.hand_over(fulfillment_id, code, key=key)
    inventory.issue(view.order_id, positions_of(view), key=f"hand-over-{fulfillment_id}")
    return handed


@transaction.atomic
def ship(fulfillment_id: UUID, carrier: str, tracking: str = "", *, key: str) -> ParcelShipped:
    """Give a parcel to the carrier.

    Raises NothingIsPaid, NotAllPicked, NotPermitted, UnknownFulfillment, Invalid, KeyReused.
    """
    view = fulfillments.fulfillment(fulfillment_id)
    check_paid(view, "picking")
    shipped: ParcelShipped = fulfillment.ship(fulfillment_id, carrier, tracking, key=key)
    inventory.issue(view.order_id, positions_of(view), key=f"ship-{fulfillment_id}")
    return shipped


def check_paid(view: FulfillmentView, before: str) -> None:
    """Refuse the step from this state if all the money went back. What was done already may be asked for again."""
    if view.state == before and all_money_went_back(view):
        raise NothingIsPaid(order=str(view.order_id))


def all_money_went_back(view: FulfillmentView) -> bool:
    """Whether the order was paid once, and is not any more."""
    paid = payments.balances([view.order_id]).get(view.order_id)
    return paid is not None and paid.refunded == paid.secured > 0


def positions_of(view: FulfillmentView) -> tuple[Position, ...]:
    """The goods of a fulfillment, as inventory names them."""
    return tuple(Position(view.location, line.sku, line.quantity) for line in view.lines)


def complete_if_done(order_id: UUID) -> None:
    """An order of which nothing is left to do is complete."""
    states = {view.state for view in fulfillments.of_order(order_id)}
    if states <= OVER and states & {"handed_over", "delivered"} and orders.order(order_id).state == "placed":
        order_commands.complete(order_id)


def cancel_order(order_id: UUID, reason: str, *, key: str) -> OrderCancelled:
    """Call an order off while all its goods are with us; what was paid goes back the way it came.

    `reason`: customer or retailer. Raises OrderOver, NotPermitted when goods have left, OrderNotFound, KeyReused.
    """
    cancelled = _cancel(order_id, reason, key)
    give_money_back(order_id)
    return cancelled


@transaction.atomic
def _cancel(order_id: UUID, reason: str, key: str) -> OrderCancelled:
    cancelled: OrderCancelled = order_commands.cancel(order_id, reason, key=key)
    for view in fulfillments.of_order(order_id):
        if view.state != "cancelled":
            fulfillment.cancel(view.id, reason)
    inventory.release(order_id, "cancelled", key=f"cancel-{order_id}")
    slotting.free_slot(order_id)
    return cancelled


def give_money_back(order_id: UUID) -> None:
    """Do now what the payments room would otherwise do at its next turn."""
    from samband.commerce.payments import commands as payment_commands

    payment_commands.abandon_order(order_id)
    for intent in payments.of_order(order_id):
        asking.undo(intent.id)


@every(30)
def expire_pickups() -> int:
    """Pickups nobody came for: goods back to the shelf, money back to the customer; returns how many were due.

    One that cannot be ended is told in the log and tried again at the next turn; it keeps nobody else waiting.
    """
    due = fulfillments.due_to_expire(now())
    for fulfillment_id in due:
        try:
            order_id = _expire(fulfillment_id)
            give_money_back(order_id)
        except Refusal as refusal:
            # Somebody came at the last moment, or the order was called off or completed meanwhile.
            log.warning("pickup_not_expired", fulfillment=str(fulfillment_id), code=refusal.code)
    return len(due)


@transaction.atomic
def _expire(fulfillment_id: UUID) -> UUID:
    # Order, fulfillment, goods: whoever calls an order off locks them in the same sequence.
    order_id = fulfillments.fulfillment(fulfillment_id).order_id
    order_commands.cancel(order_id, "pickup_expired")
    fulfillment.expire(fulfillment_id)
    inventory.release(order_id, "expired", positions_of(fulfillments.fulfillment(fulfillment_id)))
    return order_id
