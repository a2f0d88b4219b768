"""Taking things in: few statements for many rows. Everything here joins the transaction of whoever calls."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from .shapes import Row

FORGETTING = 0x746F756368
"""The advisory lock between those who take in (shared) and whoever erases (alone)."""

_BEGIN = """
select coalesce((select times from touchpoints_forgetting), 0) from pg_advisory_xact_lock_shared(%s::bigint)
"""


def begin() -> int:
    """Keep erasing away until the transaction ends; returns how often somebody was erased so far."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [FORGETTING])
        return int(cursor.fetchone()[0])


# In one order for everybody: two who send the same messages wait for each other, they never deadlock.
_UNSEEN = """
insert into touchpoints_seen (message) select unnest(%s::uuid[]) on conflict do nothing returning message
"""


def unseen(messages: Iterable[UUID]) -> set[UUID]:
    """Those of the messages that were never taken in, and from now on are. Waits for whoever is at the same one."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSEEN, [sorted(set(messages))])
        return {message for (message,) in cursor.fetchall()}


_NAMED = "select name, id from touchpoints_eventname where name = any(%s::text[])"
_NAME = """
insert into touchpoints_eventname (name) select name from unnest(%s::text[]) as name order by 1
on conflict (name) do nothing
"""


def event_numbers(names: Sequence[str]) -> dict[str, int]:
    """The numbers of events by their names; a name of which nobody heard gets one."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [list(names)])
        known = dict(cursor.fetchall())
        if fresh := sorted(set(names) - set(known)):
            cursor.execute(_NAME, [fresh])
            cursor.execute(_NAMED, [fresh])
            known |= dict(cursor.fetchall())
    return known


_COPY = """
copy touchpoints_touchpoint (identifier, device, source, event, occurred_at, received_at, channel, place, sku, category,
                             order_ref, worth, currency, payload) from stdin
"""


def store(rows: Sequence[Row], events: Mapping[str, int], received_at: datetime) -> None:
    """Write touchpoints down, and put their identifiers in the queue of those that something was captured of."""
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for row in rows:
                one = row.happening
                copy.write_row(
                    (row.identifier, row.device, row.source, events[one.event], one.occurred_at, received_at,
                     one.channel, one.place, one.sku, one.category, one.order_ref, one.worth, one.currency,
                     one.payload.decode())
                )  # fmt: skip
        if touched := sorted({row.identifier for row in rows if row.identifier}):
            cursor.execute("insert into touchpoints_touched (identifiers) values (%s::bigint[])", [touched])


_REJECT = """
insert into touchpoints_rejected (source, day, code, count, last_at)
select source, %(at)s::timestamptz::date, code, count, %(at)s::timestamptz
from unnest(%(sources)s::smallint[], %(codes)s::text[], %(counts)s::bigint[]) as told (source, code, count)
order by source, code
on conflict (source, day, code) do update set count = touchpoints_rejected.count + excluded.count,
                                              last_at = excluded.last_at
"""


def count_rejected(counted: Mapping[tuple[int, str], int], at: datetime) -> None:
    """Note how many items of each source were not taken in, by the reason's code."""
    if not counted:
        return
    given: dict[str, Any] = {
        "at": at,
        "sources": [source for source, _ in counted],
        "codes": [code for _, code in counted],
        "counts": list(counted.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REJECT, given)
