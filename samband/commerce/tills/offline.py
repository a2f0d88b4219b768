"""What is kept of the sales that devices made by themselves: each is written down once, and nothing of it is lost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.db import connection, transaction

from samband.events.tills import ConflictResolved, OfflineSaleInConflict, OfflineSaleTaken
from samband.kernel.clock import now
from samband.timeline import record

from .models import Device, QueuedSale
from .refusals import AlreadyResolved, NoSuchSale
from .rules import Note, OfflineSale

_NAMELESS = UUID("6f0a3c52-9a58-4f0e-8d3b-0a4c1b7be2d1")


def id_of(told: Any, told_digest: bytes) -> tuple[UUID, UUID | None]:
    """Under which id a sale is kept, and the one it says it has; without one, its content names it."""
    try:
        said = UUID(told["sale_id"]) if isinstance(told, dict) else None
    except (KeyError, TypeError, ValueError, AttributeError):
        said = None
    return said or uuid5(_NAMELESS, told_digest.hex()), said


def alone(sale_id: UUID) -> None:
    """Wait for whoever else takes in a sale of this id. Until the transaction ends nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 9))", [f"sale:{sale_id}"])


def earlier(sale_id: UUID, told_digest: bytes) -> dict[str, Any] | None:
    """What was answered when the very same was told before."""
    answer: dict[str, Any] | None = (
        QueuedSale.objects.filter(sale_id=sale_id, digest=told_digest).values_list("answer", flat=True).first()
    )
    return answer


def free_id(sale_id: UUID, told_digest: bytes) -> UUID:
    """The id under which it can be kept: its own, or one of its content if another sale came under its own before."""
    taken = QueuedSale.objects.filter(pk=sale_id).exists()
    return uuid5(sale_id, told_digest.hex()) if taken else sale_id


def repeats_sequence(device_id: UUID, sequence: int, sale_id: UUID) -> bool:
    """Whether the device gave this number to another sale before."""
    return QueuedSale.objects.filter(device_id=device_id, sequence=sequence).exclude(sale_id=sale_id).exists()


@transaction.atomic(savepoint=False)
def keep_taken(
    key: UUID, device_id: UUID, location: str, told: Any, told_digest: bytes, sale: OfflineSale,
    order_id: UUID, answer: Mapping[str, Any], notes: Sequence[Note],
) -> None:  # fmt: skip
    """Write down a sale that became an order, and what the device is told about it each time."""
    QueuedSale.objects.create(
        pk=key,
        sale_id=sale.sale_id,
        device_id=device_id,
        sequence=sale.sequence,
        digest=told_digest,
        payload=_as_text(told),
        sold_at=sale.sold_at,
        received_at=now(),
        location=location,
        currency=sale.currency,
        total=sale.total,
        cash=sale.cash,
        drawer_id=sale.drawer_id if sale.cash else None,
        state="taken",
        order_id=order_id,
        notes=list(notes),
        answer=dict(answer),
    )
    _count(device_id, sale.sequence)
    record(OfflineSaleTaken(sale_id=key, device_id=device_id, order_id=order_id, customer_id=sale.customer_id))


@transaction.atomic(savepoint=False)
def keep_conflict(
    key: UUID, device_id: UUID, location: str, told: Any, told_digest: bytes, sale: OfflineSale | None,
    drawer_id: UUID | None, answer: Mapping[str, Any], reasons: Sequence[Note],
) -> None:  # fmt: skip
    """Write down a sale that cannot become an order as it is. Its money is counted in the drawer, if there is one."""
    said = id_of(told, told_digest)[0]
    QueuedSale.objects.create(
        pk=key,
        sale_id=said,
        device_id=device_id,
        sequence=sale.sequence if sale else None,
        digest=told_digest,
        payload=_as_text(told),
        sold_at=sale.sold_at if sale else None,
        received_at=now(),
        location=location,
        currency=sale.currency if sale else "",
        total=sale.total if sale else None,
        cash=sale.cash if sale and drawer_id else 0,
        drawer_id=drawer_id if sale and sale.cash else None,
        state="conflict",
        notes=list(reasons),
        answer=dict(answer),
    )
    if sale:
        _count(device_id, sale.sequence)
    codes = tuple(sorted({str(reason["code"]) for reason in reasons}))
    record(OfflineSaleInConflict(sale_id=key, device_id=device_id, location=location, reasons=codes))


def _as_text(told: Any) -> str:
    return msgspec.json.encode(told).decode()


def _count(device_id: UUID, sequence: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update tills_device set last_sequence = greatest(last_sequence, %s::bigint) where id = %s::uuid",
            [sequence, device_id],
        )


def in_conflict(key: UUID, location: str | None) -> QueuedSale:
    """Lock a sale that waits for somebody's decision. Raises NoSuchSale, AlreadyResolved."""
    rows = QueuedSale.objects.select_for_update().filter(pk=key)
    found = (rows if location is None else rows.filter(location=location)).first()
    if found is None or found.state == "taken":
        raise NoSuchSale()
    if found.state != "conflict":
        raise AlreadyResolved(state=found.state)
    return found


@transaction.atomic(savepoint=False)
def resolve(key: UUID, state: str, by: UUID, remark: str, order_id: UUID | None = None) -> ConflictResolved:
    """Write down what somebody decided: accepted (the sale is an order now) or cancelled."""
    found = in_conflict(key, None)
    QueuedSale.objects.filter(pk=key).update(
        state=state, order_id=order_id, resolved_at=now(), resolved_by=by, remark=remark[:200].replace("\x00", "")
    )
    resolved = ConflictResolved(sale_id=key, device_id=found.device_id, state=state, order_id=order_id)
    record(resolved)
    return resolved


def device_seen(device_id: UUID, at: datetime) -> None:
    """A device told of sales."""
    Device.objects.filter(pk=device_id).update(seen_at=at)
