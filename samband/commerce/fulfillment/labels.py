"""What fulfillment can be asked about labels, and about parcels that carriers have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from .carriage import ENDS, Notice
from .models import Label, ParcelMark
from .providers import named
from .refusals import NoLabel


@dataclass(frozen=True, slots=True)
class MarkView:
    """What the carrier told, and of which moment."""

    mark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LabelView:
    """A label. `state`: asked, bought, refused, voided; `mark` is the last news of its parcel; `amount` is decimal."""

    id: UUID
    fulfillment_id: UUID
    carrier: str
    service: str
    key: str
    state: str
    reference: str
    tracking: str
    carrier_name: str
    amount: Decimal | None
    currency: str
    label_url: str
    reason: str
    mark: str
    marked_at: datetime | None
    looks: int
    unwanted: bool
    asked_at: datetime


def label(label_id: UUID) -> LabelView:
    """One label. Raises NoLabel."""
    found = Label.objects.filter(pk=label_id).first()
    if found is None:
        raise NoLabel(label_id=str(label_id))
    return _view(found)


def of_fulfillment(fulfillment_id: UUID) -> tuple[LabelView, ...]:
    """The labels that were asked for a parcel, the latest first; all but the first are of no use any more."""
    rows = Label.objects.filter(fulfillment_id=fulfillment_id).order_by("-asked_at", "-id")
    return tuple(_view(row) for row in rows)


def bought(fulfillment_id: UUID) -> LabelView:
    """The label of a parcel. Raises NoLabel if none was bought."""
    found = Label.objects.filter(fulfillment_id=fulfillment_id, state="bought").first()
    if found is None:
        raise NoLabel(fulfillment_id=str(fulfillment_id))
    return _view(found)


def marks(label_id: UUID) -> tuple[MarkView, ...]:
    """All that the carrier told of a parcel, the earliest first."""
    rows = ParcelMark.objects.filter(label_id=label_id).order_by("at", "id")
    return tuple(MarkView(row.mark, row.at) for row in rows)


def to_look_after(at: datetime, most: int = 50) -> tuple[LabelView, ...]:
    """Labels that should have been answered by now, or are to be given back."""
    return tuple(_view(row) for row in Label.objects.filter(look_at__lte=at).order_by("look_at", "id")[:most])


def silent_since(at: datetime, most: int = 50) -> tuple[LabelView, ...]:
    """Labels of parcels on the way of which nothing was heard since a moment, the longest silent first."""
    rows = Label.objects.filter(state="bought", fulfillment__state="shipped").exclude(mark__in=ENDS)
    silent = rows.filter(marked_at__isnull=True, asked_at__lte=at) | rows.filter(marked_at__lte=at)
    return tuple(_view(row) for row in silent.order_by("marked_at", "asked_at", "id")[:most])


def in_trouble(locations: Sequence[str] | None = None, most: int = 100) -> tuple[LabelView, ...]:
    """Labels of parcels that their carrier is in trouble with, or brings back; the latest first."""
    rows = Label.objects.filter(state="bought", mark__in=("trouble", "returned"))
    if locations is not None:
        rows = rows.filter(fulfillment__location__in=locations)
    return tuple(_view(row) for row in rows.order_by("-marked_at", "id")[:most])


def signature_header(carrier: str) -> str:
    """In which header a carrier's notice is signed. Raises UnknownCarrier."""
    return named(carrier).signature_header


def read_notice(carrier: str, body: bytes, signature: str) -> Notice:
    """What a carrier's notice says, once its signature is checked. Raises UnknownCarrier, Forged."""
    return named(carrier).read_notice(body, signature)


def _view(row: Label) -> LabelView:
    return LabelView(
        id=row.pk,
        fulfillment_id=row.fulfillment_id,
        carrier=row.carrier,
        service=row.service,
        key=row.key,
        state=row.state,
        reference=row.reference,
        tracking=row.tracking,
        carrier_name=row.carrier_name,
        amount=row.amount,
        currency=row.currency,
        label_url=row.label_url,
        reason=row.reason,
        mark=row.mark,
        marked_at=row.marked_at,
        looks=row.looks,
        unwanted=row.unwanted_at is not None,
        asked_at=row.asked_at,
    )
