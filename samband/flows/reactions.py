"""What goes on across rooms without anybody waiting: what a kill or a late answer left half way is finished."""

from samband.commerce.orders.refusals import OrderNotFound
from samband.events.fulfillment import FulfillmentCancelled, GoodsHandedOver, ParcelDelivered
from samband.events.inventory import HoldReleased
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentDeclined
from samband.timeline import on

from . import check_out, finish_order


@on(PaymentAuthorised, PaymentCaptured, PaymentDeclined)
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


@on(GoodsHandedOver, ParcelDelivered, FulfillmentCancelled)
def complete_order(event: GoodsHandedOver | ParcelDelivered | FulfillmentCancelled) -> None:
    finish_order.complete_if_done(event.order_id)
