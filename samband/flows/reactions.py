"""What goes on across rooms without anybody waiting: what a kill or a late answer left half way is finished."""

from collections.abc import Sequence

from samband.commerce.fulfillment import slotting
from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.pricing import commands as pricing
from samband.events.fulfillment import FulfillmentCancelled, GoodsHandedOver, ParcelDelivered
from samband.events.inventory import HoldReleased
from samband.events.orders import OrderCancelled, OrderPlaced
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentDeclined
from samband.kernel.event import Event
from samband.timeline import on

from . import (  # those that are not named below listen by themselves
    carry_parcels,  # noqa: F401
    check_out,
    count_cash,  # noqa: F401
    erase_customer,  # noqa: F401
    export_customer,  # noqa: F401
    finish_order,
    follow_customers,  # noqa: F401
    gift_cards,
    hear_payment,
    keep_no_longer,  # noqa: F401
    know_customers,  # noqa: F401
    scan_and_go,  # noqa: F401
    substitute,  # noqa: F401
    tell_staff,  # noqa: F401
    telling,  # noqa: F401
    wake_segments,  # noqa: F401
)


def _placed_with_it(event: Event, told: Sequence[Event]) -> bool:
    """Whether the order of a payment was placed in the same transaction."""
    order = getattr(event, "order_id", None)
    return any(isinstance(other, OrderPlaced) and other.order_id == order for other in told)


@on(PaymentAuthorised, PaymentCaptured, PaymentDeclined, unless=_placed_with_it)
def settle_order(event: PaymentAuthorised | PaymentCaptured | PaymentDeclined) -> None:
    """The answer may have come when nobody was waiting any more."""
    check_out.settle(event.order_id, event)


@on(HoldReleased)
def call_off_draft(event: HoldReleased) -> None:
    """A draft without its goods is no draft. Holds are named after the order they are for."""
    if event.reason == "lapsed":
        try:
            check_out.call_off(event.hold_id, "abandoned")
        except OrderNotFound:
            return


@on(OrderCancelled)
def give_chances_back(event: OrderCancelled) -> None:
    """Coupons and the place in a delivery slot are somebody else's to take: what a draft had went back with it."""
    pricing.free_uses(event.order_id)
    slotting.free_slot(event.order_id)
    gift_cards.cancel_sold_gift_cards(event.order_id)


def _told_by_the_order(event: Event, told: Sequence[Event]) -> bool:
    return isinstance(event, PaymentCaptured) and _placed_with_it(event, told)


@on(OrderPlaced, PaymentCaptured, unless=_told_by_the_order)
def send_gift_cards(event: OrderPlaced | PaymentCaptured) -> None:
    """Gift cards among the goods are worth something once all of the order is paid."""
    gift_cards.mail_sold_gift_cards(event.order_id)


@on(GoodsHandedOver, ParcelDelivered, FulfillmentCancelled)
def complete_order(event: GoodsHandedOver | ParcelDelivered | FulfillmentCancelled) -> None:
    hear_payment.collect_on_delivery(event.order_id)
    finish_order.complete_if_done(event.order_id)
