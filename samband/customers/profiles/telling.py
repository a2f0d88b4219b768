"""The touchpoints of a customer in the order in which they happened, under whatever identifier they came."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.identifier import KINDS

from .relations import relations


@dataclass(frozen=True, slots=True)
class Touch:
    """One touchpoint, as a timeline shows it. `said` is a little of what it tells; `worth` is in minor units.

    `kind` is the kind of the identifier it came with, `number` that identifier's number.
    """

    position: int
    at: datetime
    event: str
    channel: str
    place: str | None
    source: str
    source_kind: str
    number: int
    kind: str
    sku: str | None
    category: str | None
    order_ref: str | None
    worth: int | None
    currency: str | None
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a customer's touchpoints. `since` is inclusive, `until` exclusive; `before` is where a page ended.

    Left out are events `but`, and those in `mirrored` that the house itself tells (in `mirrored_of_accounts`: under an
    account), because whoever asks tells of the same from what it came of.
    """

    channels: Collection[str] | None = None
    events: Collection[str] | None = None
    but: Collection[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None
    mirrored: Collection[str] = ()
    mirrored_of_accounts: Collection[str] = ()


# As much of the payload as a line of a timeline can show: the rest may be as long as a novel.
_SAID = """
jsonb_strip_nulls(jsonb_build_object(
    'name', left(coalesce(p ->> 'name', p ->> 'title', t.payload #>> '{context,page,title}'), 120),
    'path', left(coalesce(p ->> 'path', t.payload #>> '{context,page,path}'), 120),
    'query', left(p ->> 'query', 120), 'list', left(p ->> 'list_id', 120), 'coupon', left(p ->> 'coupon_id', 60),
    'how', left(p ->> 'how', 40), 'carrier', left(p ->> 'carrier', 40), 'step', left(p ->> 'step', 20),
    'score', left(p ->> 'score', 10), 'method', left(p ->> 'payment_method', 40),
    'products', case when jsonb_typeof(p -> 'products') = 'array' then jsonb_array_length(p -> 'products') end))
"""

_TOUCHES = """
select t.position, t.occurred_at, e.name, t.channel, t.place, s.slug, s.kind, t.identifier, i.kind, t.sku, t.category,
       t.order_ref, t.worth, t.currency, {said}::text
from {identifiers} i
cross join lateral (
    select one.* from {touchpoints} one
    where one.identifier = i.id
      and (%(since)s::timestamptz is null or one.occurred_at >= %(since)s::timestamptz)
      and (%(until)s::timestamptz is null or one.occurred_at < %(until)s::timestamptz)
      and (%(at)s::timestamptz is null
           or (one.occurred_at, one.position) < (%(at)s::timestamptz, %(position)s::bigint))
      and (%(channels)s::text[] is null or one.channel = any(%(channels)s::text[]))
      and (%(events)s::text[] is null
           or one.event in (select id from {events} where name = any(%(events)s::text[])))
      and one.event not in (select id from {events} where name = any(%(but)s::text[]))
      and not (one.source in (select id from {sources} where kind = 'house')
               and one.event in (select id from {events} where name = any(%(mirrored)s::text[])
                                 or i.kind = 0 and name = any(%(mirrored_of_accounts)s::text[])))
    order by one.occurred_at desc, one.position desc limit %(most)s::int
) t
join {sources} s on s.id = t.source
join {events} e on e.id = t.event
cross join lateral (select case when jsonb_typeof(t.payload -> 'properties') = 'object'
                                then t.payload -> 'properties' else t.payload end as p) properties
where i.customer = %(customer)s::uuid
order by t.occurred_at desc, t.position desc limit %(most)s::int
"""


def touches(customer: UUID, wanted: Wanted, most: int = 50) -> list[Touch]:
    """What was captured of a customer, what happened last first. One statement."""
    where = relations()
    ask = _TOUCHES.format(
        said=_SAID,
        identifiers=where.identifiers,
        touchpoints=where.touchpoints,
        events=where.events,
        sources=where.sources,
    )
    at, position = wanted.before or (None, None)
    given = {
        "customer": customer, "since": wanted.since, "until": wanted.until, "at": at, "position": position,
        "channels": _listed(wanted.channels), "events": _listed(wanted.events), "but": list(wanted.but), "most": most,
        "mirrored": list(wanted.mirrored), "mirrored_of_accounts": list(wanted.mirrored_of_accounts),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ask, given)
        return [_touch(row) for row in cursor.fetchall()]


def _listed(given: Collection[str] | None) -> list[str] | None:
    return None if given is None else list(given)


def _touch(row: Sequence[Any]) -> Touch:
    fields = [*row]
    fields[8], fields[14] = KINDS[fields[8]], msgspec.json.decode(fields[14])
    return Touch(*fields)


LOOKED_AT = 500

_CHANNELS = f"""
select distinct t.channel from {{identifiers}} i
cross join lateral (
    select channel from {{touchpoints}} one where one.identifier = i.id order by one.position desc limit {LOOKED_AT}
) t
where i.customer = %s::uuid and t.channel <> '' order by 1 limit 50
"""


def channels(customer: UUID) -> tuple[str, ...]:
    """The channels on which a customer was seen lately: in the last touchpoints of each of their identifiers."""
    where = relations()
    with connection.cursor() as cursor:
        cursor.execute(_CHANNELS.format(identifiers=where.identifiers, touchpoints=where.touchpoints), [customer])
        return tuple(row[0] for row in cursor.fetchall())
