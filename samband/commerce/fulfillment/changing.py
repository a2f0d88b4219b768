"""What of a fulfillment may still be changed: its address and slot until picking begins, its goods until they leave."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from samband.events.fulfillment import (
    FulfillmentCancelled,
    FulfillmentExtended,
    FulfillmentRedirected,
    FulfillmentReduced,
)
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.refusal import Invalid
from samband.timeline import command, record

from .models import Fulfillment, FulfillmentLine
from .refusals import NotOrdered, NotPermitted, TooFewLeft, UnknownFulfillment

CALLED_OFF = "called_off"
"""Why a fulfillment is cancelled of which nothing is left."""


@command
def reduce(fulfillment_id: UUID, sku: str, quantity: int, *, while_picking: bool = False) -> FulfillmentReduced:
    """So many units less of a SKU are to be got ready; what is in the basket already stays. Nothing left cancels it.

    Raises UnknownFulfillment, NotPermitted once picking has begun (unless `while_picking`, for a picker who does not
    find them), NotOrdered, or TooFewLeft with how many are `left`.
    """
    fulfillment = _open(fulfillment_id, "reduced", ("requested", "picking") if while_picking else ("requested",))
    wanted = Line(sku, quantity)
    lines = list(FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id).order_by("sku"))
    line = next((one for one in lines if one.sku == wanted.sku), None)
    if line is None:
        raise NotOrdered(sku=wanted.sku)
    free = line.quantity - line.called_off - line.picked
    if wanted.quantity > free:
        raise TooFewLeft(sku=sku, left=free)
    FulfillmentLine.objects.filter(fulfillment_id=fulfillment_id, sku=sku).update(
        called_off=line.called_off + wanted.quantity
    )
    left = sum(one.quantity - one.called_off for one in lines) - wanted.quantity
    changes: dict[str, Any] = {"changed_at": now()}
    if not left:
        changes |= {"state": "cancelled", "cancelled_at": changes["changed_at"], "cancel_reason": CALLED_OFF}
    Fulfillment.objects.filter(pk=fulfillment_id).update(**changes)
    about: dict[str, Any] = {
        "fulfillment_id": fulfillment_id,
        "order_id": fulfillment.order_id,
        "customer_id": fulfillment.customer_id,
    }
    if not left:
        record(FulfillmentCancelled(**about, reason=CALLED_OFF))
    return FulfillmentReduced(**about, sku=sku, quantity=quantity, left=left)


_EXTEND = """
insert into fulfillment_fulfillmentline as line (fulfillment, sku, quantity, picked)
values (%s::uuid, %s::text, %s::int, 0)
on conflict (fulfillment, sku) do update set quantity = line.quantity + excluded.quantity
"""


@command
def extend(fulfillment_id: UUID, sku: str, quantity: int) -> FulfillmentExtended:
    """So many units of a SKU are to be got ready with it. Raises UnknownFulfillment, NotPermitted, Invalid."""
    fulfillment = _open(fulfillment_id, "extended", ("requested", "picking"))
    wanted = Line(sku, quantity)
    with connection.cursor() as cursor:
        cursor.execute(_EXTEND, [fulfillment_id, wanted.sku, wanted.quantity])
    Fulfillment.objects.filter(pk=fulfillment_id).update(changed_at=now())
    return FulfillmentExtended(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        sku=sku,
        quantity=quantity,
    )


@command
def redirect(
    fulfillment_id: UUID, address_id: UUID, slot_id: UUID | None, promised_from: datetime, promised_until: datetime
) -> FulfillmentRedirected:
    """A parcel goes to this address, in this slot or none, with this promise.

    Raises UnknownFulfillment, NotPermitted once picking has begun or for what is no parcel, Invalid.
    """
    fulfillment = _open(fulfillment_id, "redirected", ("requested",))
    if fulfillment.kind != "ship":
        raise NotPermitted(kind=fulfillment.kind, state=fulfillment.state, to="redirected")
    if promised_from > promised_until:
        raise Invalid("A promise begins before it ends.")
    Fulfillment.objects.filter(pk=fulfillment_id).update(
        address_id=address_id,
        slot_id=slot_id,
        promised_from=promised_from,
        promised_until=promised_until,
        changed_at=now(),
    )
    return FulfillmentRedirected(
        fulfillment_id=fulfillment_id,
        order_id=fulfillment.order_id,
        customer_id=fulfillment.customer_id,
        slot_id=slot_id,
        promised_from=promised_from,
        promised_until=promised_until,
    )


def _open(fulfillment_id: UUID, to: str, states: tuple[str, ...]) -> Fulfillment:
    """Lock the fulfillment if it is in one of these states."""
    found = Fulfillment.objects.select_for_update(no_key=True).filter(pk=fulfillment_id).first()
    if found is None:
        raise UnknownFulfillment(fulfillment_id=str(fulfillment_id))
    if found.state not in states:
        raise NotPermitted(kind=found.kind, state=found.state, to=to)
    return found
