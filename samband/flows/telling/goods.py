"""How goods come to their customer, in the vocabulary's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from samband.commerce.orders.sold import Sold
from samband.customers.touchpoints.shapes import Note
from samband.events.fulfillment import (
    GoodsHandedOver,
    ParcelDelivered,
    ParcelSeen,
    ParcelShipped,
    PickupExpired,
    PickupReady,
    SubstituteAnswered,
    SubstituteProposed,
)
from samband.events.spots import ExitPassChecked
from samband.timeline import Heard

from .facts import Facts
from .wording import of_order, reference
from .words import message, tells

HANDED = {"pickup": "Pickup Collected", "serve": "Order Served"}
"""What handing goods over is called; whoever carries them along from a till was there when the order was completed."""

TROUBLE = ("trouble", "returned")
"""What a carrier tells that is worth telling on; shipped and delivered have events of their own."""


@tells(PickupReady)
def pickup_ready(heard: Heard, event: PickupReady, facts: Facts) -> Iterator[Note]:
    """The goods wait at a store. Nobody was there yet, so it is said in the properties and not as the place."""
    yield from _about(
        heard, facts, "Pickup Ready", {"pickup_store": event.location, "until": event.wait_until.isoformat()}
    )


@tells(PickupExpired)
def pickup_expired(heard: Heard, event: PickupExpired, facts: Facts) -> Iterator[Note]:
    """Nobody came."""
    yield from _about(heard, facts, "Pickup Lapsed", {"pickup_store": event.location})


@tells(GoodsHandedOver)
def handed_over(heard: Heard, event: GoodsHandedOver, facts: Facts) -> Iterator[Note]:
    """Somebody was in the store and has the goods."""
    if name := HANDED.get(facts.kinds.get(event.fulfillment_id, "")):
        yield from _about(heard, facts, name, {"store": event.location}, event.location)


@tells(ParcelShipped)
def shipped(heard: Heard, event: ParcelShipped, facts: Facts) -> Iterator[Note]:
    """The goods are with the carrier."""
    yield from _about(heard, facts, "Parcel Shipped", {"carrier": event.carrier})


@tells(ParcelDelivered)
def delivered(heard: Heard, event: ParcelDelivered, facts: Facts) -> Iterator[Note]:
    """The carrier has brought them."""
    yield from _about(heard, facts, "Parcel Delivered", {})


@tells(ParcelSeen)
def seen(heard: Heard, event: ParcelSeen, facts: Facts) -> Iterator[Note]:
    """The carrier could not bring the parcel, or sends it back."""
    if event.mark in TROUBLE:
        yield from _about(heard, facts, "Delivery Failed", {"mark": event.mark, "at": event.at.isoformat()})


@tells(SubstituteProposed)
def proposed(heard: Heard, event: SubstituteProposed, facts: Facts) -> Iterator[Note]:
    """Something is not there, and something else is offered."""
    said = {"sku": event.sku, "quantity": event.quantity, "substitute": event.substitute}
    yield from _about(heard, facts, "Substitute Proposed", said)


@tells(SubstituteAnswered)
def answered(heard: Heard, event: SubstituteAnswered, facts: Facts) -> Iterator[Note]:
    """What the customer said to it, or that nobody said anything."""
    yield from _about(heard, facts, "Substitute Answered", {"answer": event.answer, "by": event.by})


@tells(ExitPassChecked)
def left_with_goods(heard: Heard, event: ExitPassChecked, facts: Facts) -> Iterator[Note]:
    """A door let somebody out with what they had scanned and paid."""
    yield from _about(heard, facts, "Exit Pass Checked", {"store": event.location}, event.location)


def _about(heard: Heard, facts: Facts, name: str, said: Mapping[str, Any], place: str | None = None) -> Iterator[Note]:
    order: Sold | None = facts.orders.get(heard.event.order_id)  # type: ignore[attr-defined]
    if order is not None:
        yield Note(
            message=message(heard),
            event=name,
            identifiers=facts.of_order(order),
            occurred_at=heard.at,
            channel=order.channel,
            properties={**of_order(order, facts), **said},
            place=place,
            order_ref=reference(order),
        )
