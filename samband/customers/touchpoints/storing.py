"""Taking things in: few statements for many rows. Everything here joins the transaction of whoever calls."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.errors import UniqueViolation

from .packing import packed, packed_messages
from .shapes import Row

House = tuple[int, UUID]

_HOUSE = "select pg_relation_filenode('touchpoints_eventname'), (select token from touchpoints_lifetime)"
_BEGIN_LIFE = "insert into touchpoints_lifetime (id, token) values (1, gen_random_uuid()) on conflict (id) do nothing"


def house() -> House | None:
    """Which house this is, and in which life: nothing that was remembered of another holds. None before `begin_life`.

    One that was emptied is another house. A crash begins another life: what was committed without waiting for the
    disk may be gone, and its numbers are drawn again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOUSE)
        at, life = cursor.fetchone()
    return (at, life) if life else None


def begin_life() -> None:
    """Begin a life of the house, if none has begun since the database did. For outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_LIFE)


_COPY_SEEN = "copy touchpoints_seen (message) from stdin (format binary)"
_INSERT_SEEN = """
with fresh as (
    insert into touchpoints_seen (message) select unnest(%s::uuid[]) on conflict do nothing returning message
)
select unnest(%s::uuid[]) except select message from fresh
"""


class SeenBefore(Exception):
    """Some of these messages were taken in before: the transaction is undone; begun anew it goes with `unseen`."""


def all_unseen(messages: Iterable[bytes]) -> None:
    """Note that these messages were taken in, none of which was before as far as anybody remembers.

    In one order for everybody, so that two who bring the same never deadlock. Raises SeenBefore: then the caller's
    transaction is lost. That is rare, and without a savepoint copying them takes a third of the time of looking first.
    """
    asked = sorted(set(messages))
    try:
        _copy_seen(asked)
    except UniqueViolation as error:
        raise SeenBefore() from error


def unseen(messages: Iterable[bytes]) -> set[bytes]:
    """Note that these messages were taken in; returns those that had been before.

    Waits for whoever is at the same message until it is known what became of it; in one order for everybody.
    """
    asked = sorted(set(messages))
    if not asked:
        return set()
    array = "{" + ",".join([message.hex() for message in asked]) + "}"
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_SEEN, [array, array])
        return {message.bytes for (message,) in cursor.fetchall()}


def _copy_seen(asked: Sequence[bytes]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY_SEEN) as copy:
        copy.write(packed_messages(asked))


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
copy touchpoints_touchpoint (identifier, device, source, event, occurred_at, received_at, worth, channel, currency,
                             place, sku, category, order_ref, payload) from stdin (format binary)
"""
_TOUCH = "insert into touchpoints_touched (identifiers) values (%s::bigint[])"


def store(rows: Sequence[Row], received_at: datetime) -> None:
    """Write touchpoints down, and put their identifiers in the queue of those that something was captured of."""
    with connection.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for block in packed(rows, received_at):
                copy.write(block)
        if touched := sorted({row.identifier for row in rows if row.identifier}):
            cursor.execute(_TOUCH, ["{" + ",".join(map(str, touched)) + "}"])


_REJECT = """
insert into touchpoints_rejected (source, day, code, count, last_at)
select source, (%(at)s::timestamptz at time zone 'UTC')::date, code, count, %(at)s::timestamptz
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
