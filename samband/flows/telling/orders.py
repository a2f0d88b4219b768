"""What happens with orders and their payments, in the vocabulary's words."""

from collections.abc import Iterator
from typing import Any

from samband.commerce.orders.sold import Sold
from samband.customers.touchpoints.shapes import Note
from samband.events.orders import (
    GroupRedirected,
    LineReplaced,
    LineTakenOff,
    OrderCancelled,
    OrderCompleted,
    OrderImported,
    OrderPlaced,
)
from samband.events.payments import GiftCardIssued, PaymentDeclined, PaymentRefunded
from samband.timeline import Heard

from .facts import Facts
from .wording import in_full, major, of_order, place, reference, single
from .words import message, tells, without_nothing


@tells(OrderPlaced)
def placed(heard: Heard, event: OrderPlaced, facts: Facts) -> Iterator[Note]:
    """An order stands: with the coupons that counted, and with having been in the store where it was sold."""
    order = facts.orders.get(event.order_id)
    if order is None:
        return
    whose = facts.of_order(order)
    yield _ordered(heard, order, facts)
    for code in order.coupons:
        yield Note(
            message=message(heard, f"coupon:{code}"),
            event="Coupon Applied",
            identifiers=whose,
            occurred_at=order.placed_at or heard.at,
            channel=order.channel,
            properties=of_order(order, facts) | {"coupon_id": code},
            order_ref=reference(order),
        )
    if order.sold_at and whose:
        yield Note(
            message=message(heard, "visit"),
            event="Store Visited",
            identifiers=whose,
            occurred_at=order.placed_at or heard.at,
            channel=order.channel,
            properties={"store": order.sold_at, "how": "bought"},
            place=order.sold_at,
        )


@tells(OrderImported)
def imported(heard: Heard, event: OrderImported, facts: Facts) -> Iterator[Note]:
    """An order of another system, as if it had been told when it was placed; a credit is what went back."""
    order = facts.orders.get(event.order_id)
    if order is None:
        return
    if order.kind == "credit":
        yield _refunded(heard, order, facts, -order.total, "", {"products": in_full(order, facts).get("products", [])})
        return
    yield _ordered(heard, order, facts)
    if order.state == "cancelled":
        yield _cancelled(heard, order, facts, "", "cancelled")
    if order.refunded:
        yield _refunded(heard, order, facts, order.refunded, "refunded")


def _ordered(heard: Heard, order: Sold, facts: Facts) -> Note:
    sku, category = single(order, facts)
    return Note(
        message=message(heard),
        event="Order Completed",
        identifiers=facts.of_order(order),
        occurred_at=order.placed_at or heard.at,
        channel=order.channel,
        properties=in_full(order, facts),
        place=place(order),
        sku=sku,
        category=category,
        order_ref=reference(order),
        worth=order.total,
        currency=order.currency,
    )


@tells(OrderCancelled)
def cancelled(heard: Heard, event: OrderCancelled, facts: Facts) -> Iterator[Note]:
    """An order is off; of what never stood, only that somebody left off is worth telling."""
    order = facts.orders.get(event.order_id)
    if order is None:
        return
    if event.was_placed:
        yield _cancelled(heard, order, facts, event.reason)
    elif event.reason == "abandoned":
        yield _about(heard, order, facts, "Checkout Abandoned", in_full(order, facts), order.total)


def _cancelled(heard: Heard, order: Sold, facts: Facts, reason: str, part: str = "") -> Note:
    properties = in_full(order, facts) | without_nothing({"reason": reason})
    return _about(heard, order, facts, "Order Cancelled", properties, order.total, part)


@tells(PaymentRefunded)
def refunded(heard: Heard, event: PaymentRefunded, facts: Facts) -> Iterator[Note]:
    """Money of an order that stood went back."""
    order = facts.orders.get(event.order_id)
    if order is not None and order.placed_at is not None:
        yield _refunded(heard, order, facts, event.amount, "", {"reason": event.reason})


def _refunded(
    heard: Heard, order: Sold, facts: Facts, amount: int, part: str, more: dict[str, Any] | None = None
) -> Note:
    properties = of_order(order, facts) | {"total": major(amount, order.currency)} | without_nothing(more or {})
    return _about(heard, order, facts, "Order Refunded", properties, amount, part)


@tells(OrderCompleted)
def fulfilled(heard: Heard, event: OrderCompleted, facts: Facts) -> Iterator[Note]:
    """All of it is in the customer's hands."""
    if order := facts.orders.get(event.order_id):
        yield _about(heard, order, facts, "Order Fulfilled", of_order(order, facts))


@tells(LineTakenOff)
def taken_off(heard: Heard, event: LineTakenOff, facts: Facts) -> Iterator[Note]:
    """Some of it is not wanted any more, or not to be had. The money that goes back for it is told by itself."""
    if order := facts.orders.get(event.order_id):
        properties = of_order(order, facts) | {"sku": event.sku, "quantity": event.quantity}
        yield _about(heard, order, facts, "Line Cancelled", properties)


@tells(LineReplaced, GroupRedirected)
def updated(heard: Heard, event: LineReplaced | GroupRedirected, facts: Facts) -> Iterator[Note]:
    """An order is not what it was. It is worth what it was agreed for; what goes back is told by itself."""
    order = facts.orders.get(event.order_id)
    if order is None:
        return
    change: dict[str, Any] = {"change": "redirected"}
    if isinstance(event, LineReplaced):
        change = {"change": "replaced", "replaced": event.sku, "substitute": event.substitute}
    yield _about(heard, order, facts, "Order Updated", in_full(order, facts) | change, order.total)


@tells(PaymentDeclined)
def declined(heard: Heard, event: PaymentDeclined, facts: Facts) -> Iterator[Note]:
    """A way to pay came to nothing."""
    if order := facts.orders.get(event.order_id):
        properties = of_order(order, facts) | {"reason": event.reason}
        yield _about(heard, order, facts, "Payment Failed", properties)


@tells(GiftCardIssued)
def gift_card(heard: Heard, event: GiftCardIssued, facts: Facts) -> Iterator[Note]:
    """A gift card that somebody bought can be spent."""
    order = facts.orders.get(event.order_id) if event.order_id else None
    if order is not None:
        properties = of_order(order, facts) | {"value": major(event.amount, event.currency)}
        yield _about(heard, order, facts, "Gift Card Bought", properties)


def _about(
    heard: Heard,
    order: Sold,
    facts: Facts,
    event: str,
    properties: dict[str, Any],
    worth: int | None = None,
    part: str = "",
) -> Note:
    """Something about an order, at the moment it was told; what was imported is as old as the order."""
    old = isinstance(heard.event, OrderImported)
    return Note(
        message=message(heard, part),
        event=event,
        identifiers=facts.of_order(order),
        occurred_at=((order.closed_at or order.placed_at) if old else None) or heard.at,
        channel=order.channel,
        properties=properties,
        order_ref=reference(order),
        worth=worth,
        currency=None if worth is None else order.currency,
    )
