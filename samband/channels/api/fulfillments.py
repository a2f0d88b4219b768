"""Fulfillment over HTTP: picked, made ready, handed over, sent."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from samband.commerce.fulfillment import commands, queries
from samband.commerce.fulfillment.refusals import (
    CodeLocked,
    NotAllPicked,
    NotOrdered,
    NotPermitted,
    PickedTooMany,
    UnknownFulfillment,
    WaitsTooLong,
    WrongCode,
)
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.refusals import UnknownLocation
from samband.commerce.orders.refusals import OrderNotFound
from samband.flows import finish_order
from samband.flows.finish_order import NothingIsPaid
from samband.kernel.refusal import Invalid

from .operations import Door
from .orders import OrderRef, find
from .shapes import fulfillments as shapes
from .shapes.words import shown

_STEPS = (UnknownFulfillment, NotPermitted)

door = Door(
    "Fulfillment",
    "Goods on their way: picked from the shelves, made ready, handed over against a code, or given to a carrier. "
    "What is not to be sent after all is called off with its order.",
)


@door.get(
    "/orders/{order}/fulfillments",
    scope="orders:read",
    answers=shapes.FulfillmentList,
    refuses=(OrderNotFound,),
)
def list_fulfillments(request: HttpRequest, order: OrderRef) -> shapes.FulfillmentList:
    """Read the fulfillments of an order."""
    return _list(queries.of_order(find(order).id))


@door.get(
    "/locations/{location}/pick-list",
    scope="fulfillment:write",
    answers=shapes.PickList,
    refuses=(UnknownLocation,),
)
def get_pick_list(request: HttpRequest, location: str) -> shapes.PickList:
    """Read what a location has to get ready, the soonest promised first."""
    inventory.location(location)
    return shown(queries.pick_list(location), shapes.PickList)


@door.get(
    "/locations/{location}/pickups",
    scope="fulfillment:write",
    answers=shapes.FulfillmentList,
    refuses=(UnknownLocation,),
)
def list_pickups(
    request: HttpRequest,
    location: str,
    state: Annotated[
        Literal["requested", "picking", "ready", "handed_over", "expired", "cancelled"],
        Query(description="Only those in this state."),
    ] = "ready",
) -> shapes.FulfillmentList:
    """Read the pickups at a location, the soonest promised first."""
    inventory.location(location)
    return _list(queries.pickups(location, state))


@door.get(
    "/fulfillments/{uuid:fulfillment}",
    scope="fulfillment:write",
    answers=shapes.Fulfillment,
    refuses=(UnknownFulfillment,),
)
def get_fulfillment(request: HttpRequest, fulfillment: UUID) -> shapes.Fulfillment:
    """Read a fulfillment."""
    return _one(fulfillment)


@door.post(
    "/fulfillments/{uuid:fulfillment}/picking",
    scope="fulfillment:write",
    once=True,
    answers=shapes.Fulfillment,
    refuses=_STEPS,
)
def start_picking(request: HttpRequest, fulfillment: UUID, key: str) -> shapes.Fulfillment:
    """Say that somebody walks the shelves for it."""
    commands.start_picking(fulfillment, key=key)
    return _one(fulfillment)


@door.put(
    "/fulfillments/{uuid:fulfillment}/lines/{path:sku}",
    scope="fulfillment:write",
    asks=shapes.PickWish,
    answers=shapes.Fulfillment,
    refuses=(*_STEPS, NotOrdered, PickedTooMany),
)
def pick_line(request: HttpRequest, fulfillment: UUID, sku: str, ask: shapes.PickWish) -> shapes.Fulfillment:
    """Say how many units of a SKU are in the basket now."""
    commands.pick(fulfillment, sku, ask.picked)
    return _one(fulfillment)


@door.post(
    "/fulfillments/{uuid:fulfillment}/ready",
    scope="fulfillment:write",
    once=True,
    asks=shapes.ReadyWish,
    answers=shapes.Fulfillment,
    refuses=(*_STEPS, NotAllPicked, WaitsTooLong, NothingIsPaid, Invalid),
)
def make_ready(request: HttpRequest, fulfillment: UUID, ask: shapes.ReadyWish, key: str) -> shapes.Fulfillment:
    """Say that the goods of a pickup stand behind the counter.

    The customer is mailed the code for collecting them. Nobody coming until `wait_until`, which is at most 90 days
    away, puts them back.
    """
    finish_order.make_ready(fulfillment, ask.wait_until, key=key)
    return _one(fulfillment)


@door.post(
    "/fulfillments/{uuid:fulfillment}/ready-to-serve",
    scope="fulfillment:write",
    once=True,
    answers=shapes.Fulfillment,
    refuses=(*_STEPS, NotAllPicked),
)
def ready_to_serve(request: HttpRequest, fulfillment: UUID, key: str) -> shapes.Fulfillment:
    """Say that what is served at a place can be brought there."""
    commands.ready_to_serve(fulfillment, key=key)
    return _one(fulfillment)


@door.get(
    "/locations/{location}/servings",
    scope="fulfillment:write",
    answers=shapes.FulfillmentList,
    refuses=(UnknownLocation,),
)
def list_servings(request: HttpRequest, location: str) -> shapes.FulfillmentList:
    """Read what is to be served at a location and is not yet, the longest waiting first."""
    inventory.location(location)
    return _list(queries.servings(location))


@door.post(
    "/fulfillments/{uuid:fulfillment}/hand-over",
    scope="fulfillment:write",
    once=True,
    asks=shapes.HandOverWish,
    answers=shapes.Fulfillment,
    refuses=(*_STEPS, WrongCode, CodeLocked, NothingIsPaid),
)
def hand_over(request: HttpRequest, fulfillment: UUID, ask: shapes.HandOverWish, key: str) -> shapes.Fulfillment:
    """Give a pickup to whoever has its code, or bring what is served to its place.

    What is carried away or served has no code. After five wrong codes no code is taken for ten minutes.
    """
    finish_order.hand_over(fulfillment, ask.code, key=key)
    return _one(fulfillment)


@door.post(
    "/fulfillments/{uuid:fulfillment}/shipment",
    scope="fulfillment:write",
    once=True,
    asks=shapes.ShipWish,
    answers=shapes.Fulfillment,
    refuses=(*_STEPS, NotAllPicked, NothingIsPaid, Invalid),
)
def ship_parcel(request: HttpRequest, fulfillment: UUID, ask: shapes.ShipWish, key: str) -> shapes.Fulfillment:
    """Say that the parcel is with the carrier."""
    finish_order.ship(fulfillment, ask.carrier, ask.tracking, key=key)
    return _one(fulfillment)


@door.post(
    "/fulfillments/{uuid:fulfillment}/delivery",
    scope="fulfillment:write",
    once=True,
    answers=shapes.Fulfillment,
    refuses=_STEPS,
)
def deliver_parcel(request: HttpRequest, fulfillment: UUID, key: str) -> shapes.Fulfillment:
    """Say that the customer has the parcel."""
    commands.deliver(fulfillment, key=key)
    return _one(fulfillment)


def _one(fulfillment: UUID) -> shapes.Fulfillment:
    return shown(queries.fulfillment(fulfillment), shapes.Fulfillment)


def _list(found: tuple[queries.FulfillmentView, ...]) -> shapes.FulfillmentList:
    return shapes.FulfillmentList(items=tuple(shown(one, shapes.Fulfillment) for one in found))
