"""What fulfillment can be told about labels and what carriers tell of parcels. None of these asks a carrier.

Buying goes in three steps: *begin* in our books, ask the carrier between transactions, *note* what it answered. What
dies in between is found by `labels.to_look_after` and asked about with the same key.
"""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.events.fulfillment import LabelBought, LabelRefused, LabelVoided, ParcelSeen
from samband.kernel.clock import now
from samband.timeline import record

from .carriage import Answer, Bought, Notice, Refused, is_news
from .models import Fulfillment, FulfillmentLine, Label
from .refusals import LabelExists, NoLabel, NotAllPicked, NotPermitted, UnknownFulfillment

FIRST_LOOK = timedelta(minutes=1)
LONGEST_BETWEEN_LOOKS = timedelta(hours=1)
LOOKS_BEFORE_GIVING_UP = 60
WITH_US = ("requested", "picking")


@transaction.atomic(savepoint=False)
def begin(label_id: UUID, fulfillment_id: UUID, carrier: str, service: str) -> str:
    """Write down that a carrier is asked for a label; the key to ask with. Asking twice is asking once.

    Raises UnknownFulfillment, NotPermitted for what is no parcel being picked, NotAllPicked, or LabelExists for one
    that has a label already.
    """
    found = Fulfillment.objects.select_for_update(no_key=True).filter(pk=fulfillment_id).first()
    if found is None:
        raise UnknownFulfillment(fulfillment_id=str(fulfillment_id))
    if earlier := Label.objects.filter(pk=label_id, fulfillment=found).first():
        return earlier.key
    if found.kind != "ship" or found.state != "picking":
        raise NotPermitted(kind=found.kind, state=found.state, to="labelled")
    lines = FulfillmentLine.objects.filter(fulfillment=found).order_by("sku")
    if short := [line.sku for line in lines if line.picked < line.quantity - line.called_off]:
        raise NotAllPicked(short=[{"sku": sku} for sku in short])
    if Label.objects.filter(fulfillment=found, state__in=("asked", "bought")).exists():
        raise LabelExists(fulfillment_id=str(fulfillment_id))
    key = f"label-{label_id}"
    at = now()
    Label.objects.create(
        id=label_id, fulfillment=found, carrier=carrier, service=service, key=key, asked_at=at, look_at=at + FIRST_LOOK
    )
    return key


@transaction.atomic(savepoint=False)
def note(label_id: UUID, answer: Answer) -> LabelBought | LabelRefused | None:
    """Take the carrier's answer in, once; None while it has none, or if it is in already. Raises NoLabel."""
    label = _locked(label_id)
    if label.state != "asked" or not isinstance(answer, Bought | Refused):
        return None
    event = _note_bought(label, answer) if isinstance(answer, Bought) else _note_refused(label, answer.reason)
    record(event)
    return event


def _note_bought(label: Label, bought: Bought) -> LabelBought:
    unwanted = label.fulfillment.state not in WITH_US
    at = now()
    _update(
        label,
        state="bought",
        reference=bought.reference,
        tracking=bought.tracking,
        carrier_name=bought.carrier,
        service=bought.service or label.service,
        amount=_decimal(bought.amount),
        currency=bought.currency[:8],
        label_url=bought.label_url,
        # Called off while the carrier was asked: to be given back.
        unwanted_at=at if unwanted else None,
        look_at=at if unwanted else None,
    )
    return LabelBought(
        **_about(label),
        carrier=bought.carrier,
        service=bought.service,
        tracking=bought.tracking,
        amount=bought.amount,
        currency=bought.currency,
    )


def _note_refused(label: Label, reason: str) -> LabelRefused:
    _update(label, state="refused", reason=reason[:100], look_at=None)
    return LabelRefused(**_about(label), carrier=label.carrier, reason=reason[:100])


def unwanted(fulfillment_id: UUID) -> None:
    """The labels of this parcel are not needed any more: they are given back when the carrier is next asked."""
    Label.objects.filter(fulfillment_id=fulfillment_id, state="bought", unwanted_at__isnull=True).update(
        unwanted_at=now(), look_at=now()
    )


@transaction.atomic(savepoint=False)
def note_voided(label_id: UUID, taken_back: bool) -> LabelVoided | None:
    """The carrier took an unwanted label back, or will not; either way it is of no use. Safe to repeat."""
    label = _locked(label_id)
    if label.state != "bought" or label.unwanted_at is None:
        return None
    _update(label, state="voided", look_at=None, reason="" if taken_back else "not_taken_back")
    event = LabelVoided(**_about(label), taken_back=taken_back)
    record(event)
    return event


def postpone(label_id: UUID, looks: int) -> None:
    """A label was looked after so many times and is still not settled: look again, later each time, then no more."""
    wait = min(FIRST_LOOK * 2 ** min(looks, 10), LONGEST_BETWEEN_LOOKS)
    look_at = None if looks >= LOOKS_BEFORE_GIVING_UP else now() + wait
    Label.objects.filter(pk=label_id).update(looks=looks, look_at=look_at)


@transaction.atomic(savepoint=False)
def hear(carrier: str, notice: Notice) -> ParcelSeen | None:
    """Take a carrier's notice in, once; None for one that was told before, says nothing, or is of no parcel of ours."""
    found = Label.objects.filter(carrier=carrier, reference=notice.reference).exclude(reference="").first()
    if found is None or not notice.mark:
        return None
    label = _locked(found.pk)
    if not _write_mark(label, notice):
        return None
    if not is_news(label.mark, notice.mark):
        return None
    _update(label, mark=notice.mark, marked_at=notice.at)
    event = ParcelSeen(**_about(label), mark=notice.mark, at=notice.at)
    record(event)
    return event


def _write_mark(label: Label, notice: Notice) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into fulfillment_parcelmark (label, notice, mark, at, heard_at)"
            " values (%s::uuid, %s, %s, %s::timestamptz, %s::timestamptz) on conflict (label, notice) do nothing",
            [label.pk, notice.id[:200], notice.mark, notice.at, now()],
        )
        return bool(cursor.rowcount)


def _locked(label_id: UUID) -> Label:
    found = Label.objects.select_for_update(of=("self",)).select_related("fulfillment").filter(pk=label_id).first()
    if found is None:
        raise NoLabel(label_id=str(label_id))
    return found


def _update(label: Label, **fields: Any) -> None:
    Label.objects.filter(pk=label.pk).update(**fields)


def _about(label: Label) -> dict[str, Any]:
    return {
        "fulfillment_id": label.fulfillment_id,
        "order_id": label.fulfillment.order_id,
        "customer_id": label.fulfillment.customer_id,
        "label_id": label.pk,
    }


def _decimal(amount: str) -> Decimal | None:
    try:
        return Decimal(amount).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
