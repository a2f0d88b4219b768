"""What fulfillment can be told to do. A command is one transaction and returns the event it records.

A parcel is requested, picked, shipped and delivered; a pickup is requested, picked, made ready and handed over
against a code, or it expires. What is served is requested, picked, ready and handed over where the guest sits; what is
carried along is handed over at once. All can be called off until the goods have left.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from samband.events.fulfillment import (
    FulfillmentCancelled,
    FulfillmentRequested,
    GoodsHandedOver,
    ParcelDelivered,
    ParcelShipped,
    PickingStarted,
    PickupExpired,
    PickupReady,
    ServingReady,
)
from samband.kernel.clock import now
from samband.kernel.goods import Line, gathered
from samband.kernel.ids import readable_code
from samband.kernel.refusal import Invalid
from samband.timeline import command

from . import docket, pickup_codes
from .models import Fulfillment, FulfillmentLine
from .promise import STANDARD
from .refusals import (
    NotAllPicked,
    NotOrdered,
    NotPermitted,
    PickedTooMany,
    StillWaiting,
    UnknownFulfillment,
    WaitsTooLong,
)
from .transitions import KINDS, permit

LONGEST_TEXT = 200
LONGEST_WAIT = timedelta(days=90)


@command
def request(
    fulfillment_id: UUID,
    order_id: UUID,
    customer_id: UUID | None,
    kind: str,
    location: str,
    lines: tuple[Line, ...],
    promise_from: datetime,
    promise_until: datetime,
    address_id: UUID | None = None,
    order_number: str = "",
    slot_id: UUID | None = None,
    place: str = "",
    service: str = STANDARD,
) -> FulfillmentRequested:
    """Tell a location to get goods ready: `kind` ship (to an address), pickup, serve (at a `place`) or carry.

    A parcel may be brought in a delivery slot; `service` is what is bought of its carrier.
    Its number is the order's number (a code of its own, without one) and its place among the order's fulfillments.
    Raises Invalid, or FulfillmentExists if the id or number was used before.
    """
    goods = gathered(lines)
    if kind not in KINDS:
        raise Invalid("Goods are shipped, picked up, served or carried along.", kind=str(kind)[:20])
    if not goods:
        raise Invalid("There is nothing to get ready.")
    if kind == "ship" and address_id is None:
        raise Invalid("A parcel needs an address.")
    if kind != "ship" and slot_id is not None:
        raise Invalid("Only a parcel is brought in a slot.")
    if promise_from > promise_until:
        raise Invalid("A promise begins before it ends.")
    docket.write(
        goods,
        {
            "id": fulfillment_id,
            "order_id": order_id,
            "customer_id": customer_id,
            "address_id": address_id,
            "kind": kind,
            "location": _text(location),
            "place": _text(place),
            "slot_id": slot_id,
            "service": _text(service),
            "promise_from": promise_from,
            "promise_until": promise_until,
            "number": _text(order_number) or readable_code(8),
            "at": now(),
        },
    )
    return FulfillmentRequested(
        fulfillment_id=fulfillment_id,
        order_id=order_id,
        customer_id=customer_id,
        kind=kind,
        location=location,
        place=place,
        slot_id=slot_id,
    )


@command
def start_picking(fulfillment_id: UUID) -> PickingStarted:
    """Somebody walks the shelves for it. Raises UnknownFulfillment or NotPermitted."""
    fulfillment = _going(fulfillment_id, "picking")
    _arrive(fulfillment, "picking")
    return PickingStarted(
        fulfillment_id=fulfillment_id, order_id=fulfillment.order_id, customer_id=fulfillment.customer_id
    )


@transaction.atomic(savepoint=False)
def pick(fulfillment_id: UUID, sku: str, quantity: int) -> None:
    """So many units of the SKU are in the basket now, however many were before; told twice, it is still so many.

    Raises UnknownFulfillment, NotPermitted unless it is being picked, NotOrdered or PickedTooMany.
    """
    fulfillment = _locked(fulfillment_id)
    if fulfillment.state != "picking":
        raise NotPermitted(kind=fulfillment.kind, state=fulfillment.state, to="picked")
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 0:
        raise Invalid("A quantity is a whole number from zero.")
    line = FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id, sku=sku).first()
    if line is None:
        raise NotOrdered(sku=str(sku)[:64])
    if quantity > line.quantity - line.called_off:
        raise PickedTooMany(sku=sku, ordered=line.quantity - line.called_off, picked=quantity)
    FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id, sku=sku).update(picked=quantity)


@command
def make_ready(fulfillment_id: UUID, wait_until: datetime) -> PickupReady:
    """The goods of a pickup stand behind the counter until a moment; a code for collecting them is drawn.

    Raises UnknownFulfillment, NotPermitted, NotAllPicked with `short`, Invalid for a moment that is over, or
    WaitsTooLong for one that is more than 90 days away.
    """
    fulfillment = _going(fulfillment_id, "ready", "pickup")
    _check_all_picked(fulfillment_id)
    if wait_until <= now():
        raise Invalid("Goods wait until a moment that is to come.")
    if wait_until > now() + LONGEST_WAIT:
        raise WaitsTooLong(days=LONGEST_WAIT.days)
    code = pickup_codes.unused(fulfillment.location)
    _arrive(fulfillment, "ready", wait_until=wait_until, pickup_code=code)
    return PickupReady(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        location=fulfillment.location,
        wait_until=wait_until,
    )


@command
def ready_to_serve(fulfillment_id: UUID) -> ServingReady:
    """What is served at a place can be brought there. Raises UnknownFulfillment, NotPermitted or NotAllPicked."""
    fulfillment = _going(fulfillment_id, "ready", "serve")
    _check_all_picked(fulfillment_id)
    _arrive(fulfillment, "ready")
    return ServingReady(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        location=fulfillment.location,
        place=fulfillment.place,
    )


@command
def hand_over(fulfillment_id: UUID, code: str = "") -> GoodsHandedOver:
    """The customer takes the goods: those of a pickup against its code; what is served or carried along needs none.

    Raises WrongCode with `tries_left`; after five of them CodeLocked for ten minutes, even for the right code.
    A wrong try counts although everything else around it is undone. Raises UnknownFulfillment or NotPermitted.
    """
    fulfillment = _going(fulfillment_id, "handed_over")
    if fulfillment.kind == "pickup":
        pickup_codes.check(fulfillment, code)
    if fulfillment.kind == "carry":  # nobody fetched it for them: they stand there with it
        FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id).update(picked=F("quantity") - F("called_off"))
    _arrive(fulfillment, "handed_over")
    return GoodsHandedOver(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        location=fulfillment.location,
    )


@command
def ship(fulfillment_id: UUID, carrier: str, tracking: str = "") -> ParcelShipped:
    """The parcel is with the carrier.

    Raises UnknownFulfillment, NotPermitted, NotAllPicked with `short`, or Invalid.
    """
    fulfillment = _going(fulfillment_id, "shipped")
    _check_all_picked(fulfillment_id)
    if not _text(carrier).strip():
        raise Invalid("Name the carrier.")
    _arrive(fulfillment, "shipped", carrier=carrier, tracking=_text(tracking))
    return ParcelShipped(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        location=fulfillment.location,
        carrier=carrier,
        tracking=tracking,
    )


@command
def deliver(fulfillment_id: UUID) -> ParcelDelivered:
    """The customer has the parcel. Raises UnknownFulfillment or NotPermitted."""
    fulfillment = _going(fulfillment_id, "delivered")
    _arrive(fulfillment, "delivered")
    return ParcelDelivered(
        fulfillment_id=fulfillment_id, order_id=fulfillment.order_id, customer_id=fulfillment.customer_id
    )


@command
def expire(fulfillment_id: UUID) -> PickupExpired:
    """Nobody came in time. Raises UnknownFulfillment, NotPermitted, or StillWaiting with `wait_until`."""
    fulfillment = _going(fulfillment_id, "expired")
    if fulfillment.wait_until is not None and fulfillment.wait_until > now():
        raise StillWaiting(wait_until=fulfillment.wait_until.isoformat())
    _arrive(fulfillment, "expired")
    return PickupExpired(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        location=fulfillment.location,
    )


@command
def cancel(fulfillment_id: UUID, reason: str) -> FulfillmentCancelled:
    """Call it off while the goods are still with us. Raises UnknownFulfillment or NotPermitted."""
    fulfillment = _going(fulfillment_id, "cancelled")
    _arrive(fulfillment, "cancelled", cancel_reason=_text(reason))
    return FulfillmentCancelled(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        reason=reason,
    )


def _text(value: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or "\x00" in value:
        raise Invalid("A text has up to 200 characters.")
    return value


def _locked(fulfillment_id: UUID) -> Fulfillment:
    found = Fulfillment.objects.select_for_update(no_key=True).filter(pk=fulfillment_id).first()
    if found is None:
        raise UnknownFulfillment(fulfillment_id=str(fulfillment_id))
    return found


def _going(fulfillment_id: UUID, to: str, kind: str = "") -> Fulfillment:
    """Lock the fulfillment if it (or one of that kind alone) may go there."""
    fulfillment = _locked(fulfillment_id)
    permit(fulfillment.kind, fulfillment.state, to)
    if kind and fulfillment.kind != kind:
        raise NotPermitted(kind=fulfillment.kind, state=fulfillment.state, to=to)
    return fulfillment


def _arrive(fulfillment: Fulfillment, state: str, **fields: Any) -> None:
    at = now()
    changes = {"state": state, f"{state}_at": at, "changed_at": at, **fields}
    Fulfillment.objects.filter(pk=fulfillment.pk).update(**changes)


def _check_all_picked(fulfillment_id: UUID) -> None:
    lines = FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id).order_by("sku")
    wanted = {line.sku: (line.quantity - line.called_off, line.picked) for line in lines}
    if short := {sku: each for sku, each in wanted.items() if each[1] < each[0]}:
        raise NotAllPicked(
            short=[{"sku": sku, "ordered": ordered, "picked": picked} for sku, (ordered, picked) in short.items()]
        )
