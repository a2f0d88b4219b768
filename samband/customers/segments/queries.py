"""What segments can be asked."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.clock import now

from .definitions import Definition
from .models import Day, Segment, Version
from .refusals import UnknownSegment
from .sizing import Size, size
from .views import DayView, SegmentView, VersionView

__all__ = [
    "RELATION",
    "Size",
    "history",
    "listed",
    "members",
    "of_customer",
    "of_customers",
    "segment",
    "size",
    "trend",
]

RELATION = "segments_membership"
"""segment, customer, how (0 and 1: is in it now), entered_at."""

_OF = (
    "select m.customer, s.slug from segments_membership m join segments_segment s on s.id = m.segment"
    " where m.customer = any(%s::uuid[]) and m.how <= 1 order by s.slug"
)


def of_customer(customer: UUID) -> tuple[str, ...]:
    """The segments that a customer is in, by name. One statement."""
    return of_customers([customer])[customer]


def of_customers(customers: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The same for many."""
    found: dict[UUID, list[str]] = {customer: [] for customer in customers}
    with connection.cursor() as cursor:
        cursor.execute(_OF, [list(found)])
        for customer, slug in cursor.fetchall():
            found[customer].append(slug)
    return {customer: tuple(slugs) for customer, slugs in found.items()}


def listed() -> tuple[SegmentView, ...]:
    """All segments, by name."""
    return tuple(_views(Segment.objects.order_by("slug")))


def segment(slug: str) -> SegmentView:
    """Raises UnknownSegment."""
    for found in _views(Segment.objects.filter(slug=slug)):
        return found
    raise UnknownSegment(segment=slug[:60])


def _views(found: Iterable[Segment]) -> list[SegmentView]:
    rows = list(found)
    users: dict[str, list[str]] = {row.slug: [] for row in rows}
    asking = Segment.objects.filter(needs__overlap=list(users)) if users else ()
    for other in asking:
        for slug in set(other.needs) & set(users):
            users[slug].append(other.slug)
    return [_view(row, tuple(sorted(users[row.slug]))) for row in rows]


def _view(row: Segment, used_by: tuple[str, ...]) -> SegmentView:
    definition = msgspec.convert(row.definition, Definition)
    return SegmentView(
        row.slug, definition, row.version, row.live, row.size, row.saved_at, row.filled_at, used_by
    )  # fmt: skip


def members(slug: str, after: UUID | None = None, most: int = 50) -> tuple[UUID, ...]:
    """Who is in a segment, by id; `after` is where the page before ended. Raises UnknownSegment."""
    with connection.cursor() as cursor:
        cursor.execute("select id from segments_segment where slug = %s::text", [slug])
        number = cursor.fetchone()
        if number is None:
            raise UnknownSegment(segment=slug[:60])
        cursor.execute(
            "select customer from segments_membership where segment = %(segment)s::int and how <= 1"
            " and (%(after)s::uuid is null or customer > %(after)s::uuid) order by customer limit %(most)s::int",
            {"segment": number[0], "after": after, "most": most},
        )
        return tuple(customer for (customer,) in cursor.fetchall())


def history(slug: str) -> tuple[VersionView, ...]:
    """What a segment said, the latest first; also of one that was removed. Raises UnknownSegment."""
    rows = Version.objects.filter(segment=slug).order_by("-version")
    if found := tuple(VersionView(row.version, _said(row.definition), row.by, row.at) for row in rows):
        return found
    raise UnknownSegment(segment=slug[:60])


def _said(definition: Any) -> Definition | None:
    return None if definition is None else msgspec.convert(definition, Definition)


def trend(slugs: Sequence[str], days: int = 60) -> dict[str, tuple[DayView, ...]]:
    """How large these segments were, day by day, the oldest first."""
    numbers = dict(Segment.objects.filter(slug__in=list(slugs)).values_list("pk", "slug"))
    since = (now() - timedelta(days=days)).date()
    found: dict[str, list[DayView]] = {slug: [] for slug in slugs}
    for row in Day.objects.filter(segment__in=list(numbers), day__gte=since).order_by("day"):
        found[numbers[row.segment]].append(DayView(row.day, row.size))
    return {slug: tuple(shown) for slug, shown in found.items()}
