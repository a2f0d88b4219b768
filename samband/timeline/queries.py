"""What the timeline can be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from samband.kernel.event import from_payload

from .models import Delivery, Entry
from .reacting import Heard


@dataclass(frozen=True)
class Told:
    """An event as it was recorded. `payload` holds its fields as plain values."""

    position: int
    name: str
    subject: str
    payload: dict[str, Any]
    recorded_at: datetime


@dataclass(frozen=True)
class Backlog:
    """How far behind delivery is: deliveries waiting, deliveries set aside, and the age of the oldest one waiting."""

    waiting: int
    set_aside: int
    oldest_seconds: float


@dataclass(frozen=True)
class Owed:
    """A delivery that has not succeeded yet."""

    id: int
    position: int
    reaction: str
    event: str
    subject: str
    attempts: int
    error: str
    due_at: datetime
    set_aside_at: datetime | None


def of_customer(customer_ids: Sequence[UUID], before: int | None = None, most: int = 50) -> list[Told]:
    """A customer's story, newest first; `before` is the position where the last page ended."""
    entries = Entry.objects.filter(customer_id__in=customer_ids)
    return _told(entries, before, most)


def of_subject(subject: str, before: int | None = None, most: int = 50) -> list[Told]:
    """The story of one subject, such as `order:0192…`, newest first."""
    return _told(Entry.objects.filter(subject=subject), before, most)


def story(
    customer_ids: Sequence[UUID] = (),
    subjects: Sequence[str] = (),
    names: Sequence[str] | None = None,
    before: int | None = None,
    most: int = 50,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Told]:
    """What is told of these customers and these subjects together, newest first; `names` keeps only such events.

    `since` (inclusive) and `until` (exclusive) keep only what was recorded between them.
    """
    entries = Entry.objects.filter(Q(customer_id__in=customer_ids) | Q(subject__in=subjects))
    if names is not None:
        entries = entries.filter(name__in=names)
    if since is not None:
        entries = entries.filter(recorded_at__gte=since)
    if until is not None:
        entries = entries.filter(recorded_at__lt=until)
    return _told(entries, before, most)


def latest(before: int | None = None, most: int = 50) -> list[Told]:
    """The whole house's story, newest first."""
    return _told(Entry.objects.all(), before, most)


_AFTER = """
select position, recorded_at, name, payload::text from timeline_entry
where position > %s::bigint and name = any(%s::text[]) order by position limit %s::int
"""


def heard_after(position: int, names: Sequence[str], most: int = 1000) -> list[Heard]:
    """The events of these names recorded after a position, oldest first: for whoever goes through the past."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [position, list(names), most])
        return [Heard(at, when, from_payload(name, told)) for at, when, name, told in cursor.fetchall()]


def last_position() -> int:
    """How far the story has come."""
    return Entry.objects.order_by("-position").values_list("position", flat=True).first() or 0


def _told(entries: Any, before: int | None, most: int) -> list[Told]:
    if before is not None:
        entries = entries.filter(position__lt=before)
    return [
        Told(entry.position, entry.name, entry.subject, entry.payload, entry.recorded_at)
        for entry in entries.order_by("-position")[:most]
    ]


def backlog() -> Backlog:
    """How far behind delivery is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) filter (where set_aside_at is null), count(*) filter (where set_aside_at is not null),"
            " coalesce(extract(epoch from now() - (select e.recorded_at from timeline_entry e where e.position ="
            " (select min(position) from timeline_delivery where set_aside_at is null))), 0)::float"
            " from timeline_delivery"
        )
        return Backlog(*cursor.fetchone())


def owed(set_aside: bool, most: int = 100) -> list[Owed]:
    """Deliveries that wait or, with `set_aside`, that failed to the end; oldest first."""
    rows = list(Delivery.objects.filter(set_aside_at__isnull=not set_aside).order_by("position", "id")[:most])
    names = dict(Entry.objects.filter(pk__in={row.position for row in rows}).values_list("position", "name"))
    return [
        Owed(
            row.id, row.position, row.reaction, names.get(row.position, ""), row.subject, row.attempts, row.error,
            row.due_at, row.set_aside_at,
        )
        for row in rows
    ]  # fmt: skip
