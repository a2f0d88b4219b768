"""What happened to an order, in order: as its customer is told it, on every channel the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.orders.queries import OrderView
from samband.commerce.payments import queries as payments
from samband.commerce.payments.queries import IntentView
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import AddressView

CANCELLABLE = frozenset({"requested", "picking", "ready"})
"""States of a fulfillment in which its goods are still with us."""


@dataclass(frozen=True)
class Step:
    """Something that happened. `code` is placed, picking, ready, handed_over, shipped, delivered, expired, cancelled
    or refunded; `details` holds plain values such as the location, the carrier or the reason."""

    code: str
    at: datetime
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parcel:
    """Goods of the order that come together: from where, as far as they have come."""

    fulfillment: FulfillmentView
    site: LocationView | None


@dataclass(frozen=True)
class OrderStory:
    """An order with everything its customer may want to know of it. `payment` is the one that counts, or the last;
    `payments` are all that count, tender by tender."""

    order: OrderView
    steps: tuple[Step, ...]
    parcels: tuple[Parcel, ...]
    payment: IntentView | None
    payments: tuple[IntentView, ...]
    address: AddressView | None
    email: str
    cancellable: bool


def order_story(order: OrderView) -> OrderStory:
    """What happened to an order so far. Five statements at most."""
    sites = inventory.locations()
    parcels = tuple(Parcel(one, sites.get(one.location)) for one in fulfillments.of_order(order.id))
    paid = payments.of_order(order.id)
    address_id = next((group.address_id for group in order.groups if group.address_id), None)
    contact = accounts.contacts([order.contact_id]).get(order.contact_id) if order.contact_id else None
    return OrderStory(
        order=order,
        steps=tuple(sorted(_steps(order, parcels), key=lambda step: step.at)),
        parcels=parcels,
        payment=_counting(paid),
        payments=tuple(sorted((one for one in paid if one.wanted and one.authorised), key=lambda one: one.tender)),
        address=accounts.address(address_id) if address_id else None,
        email=contact.email if contact else "",
        cancellable=is_cancellable(order, parcels),
    )


def is_cancellable(order: OrderView, parcels: tuple[Parcel, ...]) -> bool:
    """Whether the customer may still call it off: placed, and all its goods are still with us."""
    return order.state == "placed" and all(one.fulfillment.state in CANCELLABLE for one in parcels)


def _counting(paid: tuple[IntentView, ...]) -> IntentView | None:
    wanted = [one for one in paid if one.wanted]
    either = wanted or list(paid)
    return either[-1] if either else None


def _steps(order: OrderView, parcels: tuple[Parcel, ...]) -> Iterator[Step]:
    if order.placed_at:
        yield Step("placed", order.placed_at)
    for parcel in parcels:
        yield from _steps_of(parcel.fulfillment)
    if order.state == "cancelled" and order.closed_at:
        yield Step("cancelled", order.closed_at, {"reason": order.reason})


def _steps_of(one: FulfillmentView) -> Iterator[Step]:
    for state, at in one.times.items():
        if state not in ("requested", "cancelled"):
            yield Step(state, at, {"location": one.location, "carrier": one.carrier, "tracking": one.tracking})
