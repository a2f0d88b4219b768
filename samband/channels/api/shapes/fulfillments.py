"""Goods that are got ready, sent and handed over."""

from typing import Annotated, Literal

from msgspec import Meta

from .words import Id, Kind, LocationCode, Moment, Shown, Sku, Wish

FulfillmentState = Literal[
    "requested", "picking", "ready", "handed_over", "shipped", "delivered", "expired", "cancelled"
]


class FulfillmentLine(Shown):
    """Units of a SKU to get ready, and how many are in the basket. `called_off` are not wanted any more."""

    sku: Sku
    quantity: Annotated[int, Meta(examples=[2])]
    picked: Annotated[int, Meta(examples=[1])]
    called_off: Annotated[int, Meta(examples=[0])]


class Fulfillment(Shown):
    """Goods of one order from one location. `times` tells when it reached each state.

    `place` is where in the location it is served, `slot_id` the delivery slot in which it is brought.

    The code for collecting a pickup is not told: it is the customer's, and comes to them by mail.
    """

    id: Id
    number: Annotated[str, Meta(examples=["S7K3M-QX4PD-1"])]
    order_id: Id
    customer_id: Id | None
    address_id: Id | None
    kind: Kind
    location: LocationCode
    state: FulfillmentState
    promised_from: Moment
    promised_until: Moment
    wait_until: Moment | None
    carrier: Annotated[str, Meta(examples=["Pósturinn"])]
    tracking: Annotated[str, Meta(examples=["RR123456785IS"])]
    cancel_reason: Annotated[str, Meta(examples=[""])]
    created_at: Moment
    changed_at: Moment
    times: Annotated[dict[str, Moment], Meta(examples=[{"requested": "2026-11-21T14:30:00Z"}])]
    lines: tuple[FulfillmentLine, ...]
    place: Annotated[str, Meta(examples=[""])]
    slot_id: Id | None
    service: Annotated[str, Meta(examples=["standard"])]


class FulfillmentList(Shown):
    """Fulfillments."""

    items: tuple[Fulfillment, ...]


class ToPick(Shown):
    """Units of a SKU still to fetch from the shelves, for so many fulfillments."""

    sku: Sku
    quantity: Annotated[int, Meta(examples=[3])]
    fulfillments: Annotated[int, Meta(examples=[2])]


class PickList(Shown):
    """What a location has to get ready, the soonest promised first, and the walk along its shelves for all of it."""

    location: LocationCode
    fulfillments: tuple[Fulfillment, ...]
    goods: tuple[ToPick, ...]


class PickWish(Wish):
    """So many of it are in the basket now, however many were before."""

    picked: Annotated[int, Meta(ge=0, le=1_000_000, examples=[2])]


class ReadyWish(Wish):
    """Until when the goods wait behind the counter."""

    wait_until: Annotated[Moment, Meta(examples=["2026-11-28T18:00:00Z"])]


class HandOverWish(Wish):
    """The code that the customer showed. What is carried away or served has none."""

    code: Annotated[str, Meta(max_length=20, examples=["K7M2QX"])] = ""


class ShipWish(Wish):
    """Who carries it."""

    carrier: Annotated[str, Meta(min_length=1, max_length=200, examples=["Pósturinn"])]
    tracking: Annotated[str, Meta(max_length=200, examples=["RR123456785IS"])] = ""
