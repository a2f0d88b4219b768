"""What touchpoints can be asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import connection

from .models import Source
from .refusals import UnknownSource
from .shapes import Origin

RELATION = "touchpoints_touchpoint"
"""For readers of whole sets: (position, identifier, device, source, event, occurred_at, received_at, channel, place,
sku, category, order_ref, worth, currency, payload). `identifier` is a number of identity's, 0 for nobody's; `event` the
id in EVENTS; `worth` in minor units of `currency`."""

EVENTS = "touchpoints_eventname"
"""(id, name) of every event there is."""

SOURCES = "touchpoints_source"
"""(id, slug, kind) of every source there is."""


@dataclass(frozen=True, slots=True)
class TouchpointView:
    """One thing captured, under the number of the identifier it came with."""

    position: int
    identifier: int
    device: int | None
    source: str
    event: str
    occurred_at: datetime
    received_at: datetime
    channel: str
    place: str | None
    sku: str | None
    category: str | None
    order_ref: str | None
    worth: int | None
    currency: str | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as staff know it."""

    id: int
    slug: str
    name: str
    kind: str
    namespace: str
    has_key: bool
    needs_consent: bool
    largest_batch: int | None
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Count:
    """So many touchpoints of a source were taken in on a day."""

    source: str
    day: date
    stored: int


@dataclass(frozen=True, slots=True)
class RejectedView:
    """So many items of a source were not taken in on a day, for one reason."""

    source: str
    day: date
    code: str
    count: int
    last_at: datetime


_OF_NUMBERS = """
select t.position, t.identifier, t.device, s.slug, e.name, t.occurred_at, t.received_at, t.channel, t.place, t.sku,
       t.category, t.order_ref, t.worth, t.currency, t.payload::text
from unnest(%(numbers)s::bigint[]) as of_them (number)
cross join lateral (
    select * from touchpoints_touchpoint one
    where one.identifier = of_them.number
      and (%(before)s::bigint is null or one.position < %(before)s::bigint)
      and (%(channels)s::text[] is null or one.channel = any(%(channels)s::text[]))
      and (%(events)s::text[] is null
           or one.event in (select id from touchpoints_eventname where name = any(%(events)s::text[])))
    order by one.position desc limit %(most)s::int
) t
join touchpoints_source s on s.id = t.source
join touchpoints_eventname e on e.id = t.event
order by t.position desc limit %(most)s::int
"""


def of_numbers(
    numbers: Sequence[int],
    before: int | None = None,
    most: int = 50,
    channels: Iterable[str] | None = None,
    events: Iterable[str] | None = None,
) -> list[TouchpointView]:
    """What was captured under these identifiers' numbers, newest first; `before` a position, for the next page."""
    return _views(
        _OF_NUMBERS,
        {
            "numbers": list(numbers),
            "before": before,
            "most": most,
            "channels": None if channels is None else list(channels),
            "events": None if events is None else list(events),
        },
    )


_LATEST = """
select t.position, t.identifier, t.device, s.slug, e.name, t.occurred_at, t.received_at, t.channel, t.place, t.sku,
       t.category, t.order_ref, t.worth, t.currency, t.payload::text
from (select * from touchpoints_touchpoint order by position desc limit %(look)s::int) t
join touchpoints_source s on s.id = t.source
join touchpoints_eventname e on e.id = t.event
where %(source)s::text is null or s.slug = %(source)s::text
order by t.position desc limit %(most)s::int
"""

LOOKED_AT = 20_000
"""So far back the live view looks for a source that is quiet among others that are not."""


def latest(source: str | None = None, most: int = 50) -> list[TouchpointView]:
    """What came in last, newest first."""
    return _views(_LATEST, {"source": source, "most": most, "look": most if source is None else LOOKED_AT})


def _views(statement: str, given: Mapping[str, Any]) -> list[TouchpointView]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [_view(row) for row in cursor.fetchall()]


def _view(row: tuple[Any, ...]) -> TouchpointView:
    read: tuple[Any, ...] = (*row[:-1], msgspec.json.decode(row[-1]))
    return TouchpointView(*read)


_COUNTS = """
select s.slug, t.received_at::date, count(*)
from touchpoints_touchpoint t join touchpoints_source s on s.id = t.source
where t.received_at >= %s::timestamptz group by 1, 2 order by 1, 2
"""


def counts(since: datetime) -> list[Count]:
    """How many touchpoints each source brought on each day since then."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [since])
        return [Count(*row) for row in cursor.fetchall()]


_REJECTED = """
select s.slug, r.day, r.code, r.count, r.last_at
from touchpoints_rejected r join touchpoints_source s on s.id = r.source
where r.day >= %s::date order by r.last_at desc
"""


def rejected(since: date) -> list[RejectedView]:
    """What was not taken in since that day, by source and reason, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_REJECTED, [since])
        return [RejectedView(*row) for row in cursor.fetchall()]


def sources() -> list[SourceView]:
    """Every source, closed ones last."""
    return [_source(one) for one in Source.objects.order_by("disabled_at", "slug")]


def source(slug: str) -> SourceView:
    """Raises UnknownSource."""
    found = Source.objects.filter(slug=slug).first()
    if found is None:
        raise UnknownSource(slug=slug[:60])
    return _source(found)


def origin(slug: str) -> Origin:
    """An open source by its name. Raises UnknownSource."""
    return _origin(Source.objects.filter(slug=slug, disabled_at__isnull=True).first(), slug)


def secret_ref(slug: str) -> str:
    """The name of the setting in which a webhook's secret stands. Raises UnknownSource."""
    found = Source.objects.filter(slug=slug, disabled_at__isnull=True).values_list("secret_ref", flat=True).first()
    if found is None:
        raise UnknownSource(slug=slug[:60])
    return found


def _source(row: Source) -> SourceView:
    return SourceView(
        row.id, row.slug, row.name, row.kind, row.namespace, row.write_key_hash is not None, row.needs_consent,
        row.largest_batch, row.created_at, row.disabled_at,
    )  # fmt: skip


def _origin(row: Source | None, slug: str) -> Origin:
    if row is None:
        raise UnknownSource(slug=slug[:60])
    return Origin(row.id, row.slug, row.name, row.kind, row.namespace, row.needs_consent, row.largest_batch)


def origins_by_key() -> dict[bytes, Origin]:
    """Every open source that has a write key, by the key's hash."""
    found = Source.objects.filter(disabled_at__isnull=True, write_key_hash__isnull=False)
    return {bytes(one.write_key_hash): _origin(one, one.slug) for one in found if one.write_key_hash}
