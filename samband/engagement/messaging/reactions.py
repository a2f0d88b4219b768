"""What messaging does when it hears of orders and parcels: it tells the customer, once."""

from typing import Any

from samband.events.fulfillment import ParcelShipped, PickupExpired, PickupReady
from samband.events.orders import OrderCancelled, OrderPlaced
from samband.events.payments import PaymentRefunded
from samband.kernel.event import Event
from samband.kernel.money import Money
from samband.timeline import on

from . import commands
from .facts import OrderFacts, ask


@on(OrderPlaced)
def confirm_order(event: OrderPlaced) -> None:
    _tell("order_placed", event, ask().of_order(event.order_id))


@on(OrderCancelled)
def tell_of_cancellation(event: OrderCancelled) -> None:
    if event.was_placed and event.reason != "pickup_expired":
        _tell("order_cancelled", event, ask().of_order(event.order_id))


@on(PickupReady)
def call_to_the_store(event: PickupReady) -> None:
    _tell("pickup_ready", event, ask().of_fulfillment(event.fulfillment_id))


@on(PickupExpired)
def tell_of_expiry(event: PickupExpired) -> None:
    _tell("pickup_expired", event, ask().of_fulfillment(event.fulfillment_id))


@on(ParcelShipped)
def tell_of_parcel(event: ParcelShipped) -> None:
    _tell("parcel_shipped", event, ask().of_fulfillment(event.fulfillment_id))


@on(PaymentRefunded)
def tell_of_refund(event: PaymentRefunded) -> None:
    if event.reason == "stray":  # money that came for a draft already called off: nothing the customer bought
        return
    # What was recorded before refunds were told apart is known by its amount.
    which = event.operation or str(event.amount)
    _tell("refunded", event, ask().of_order(event.order_id), which, refunded=Money(event.amount, event.currency))


def _tell(kind: str, event: Event, about: OrderFacts, which: str = "", **more: Any) -> None:
    to = about.recipient
    if not to.email:
        return
    key = f"{kind}:{event.subject}" + (f":{which}" if which else "")
    commands.queue(
        kind,
        key,
        email=to.email,
        language=to.language,
        about=event.subject,
        facts={"about": about, **more},
        customer_id=to.customer_id,
        contact_id=to.contact_id,
    )
