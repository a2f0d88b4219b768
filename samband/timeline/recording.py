"""Writing the story down, in the transaction that made it true."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

import msgspec
from django.db import connection, transaction

from samband.kernel.clock import now
from samband.kernel.correlation import correlation
from samband.kernel.event import Event, from_payload, to_payload
from samband.kernel.refusal import Invalid, KeyReused

from .reacting import owed

E = TypeVar("E", bound=Event)

LONGEST_KEY = 200

# The advisory locks make entries about one subject commit in the order of their positions: without them a later
# position could become visible first, and a reaction would hear the end of a story before its start. They are taken in
# a step of their own, so that positions are drawn only once all are held, and in one order, so that two who record
# about the same subjects wait and never deadlock.
_RECORD = """
with event as materialized (
    select * from rows from (json_to_recordset(%s::json) as (
        name text, subject text, customer_id uuid, payload jsonb, key text, asked text, recorded_at timestamptz,
        correlation uuid, reactions text[]
    )) with ordinality as e (name, subject, customer_id, payload, key, asked, recorded_at, correlation, reactions, nth)
),
alone as materialized (
    select count(pg_advisory_xact_lock(hashtextextended(subject, 0))) as taken
    from (select distinct subject from event order by subject) ordered
),
placed as materialized (
    select nextval('timeline_entry_position_seq') as position, inside.*
    from (select event.* from event cross join alone where taken > 0 order by nth) as inside
),
entry as (
    insert into timeline_entry (position, name, subject, customer_id, payload, key, asked, recorded_at, correlation)
    select position, name, subject, customer_id, payload, key, decode(asked, 'hex'), recorded_at, correlation
    from placed
)
insert into timeline_delivery (position, reaction, subject)
select position, unnest(reactions), subject from placed
"""


@dataclass(frozen=True, slots=True)
class _Told:
    """An event on its way to the timeline."""

    event: Event
    claimed: "Claim | None"
    at: datetime


@dataclass(frozen=True, slots=True)
class _Telling:
    """A block in which events wait to be written down, and the savepoints inside which it was opened."""

    waiting: list[_Told]
    inside: tuple[str, ...]


_telling: ContextVar[_Telling | None] = ContextVar("telling", default=None)


def record(event: Event, *, claimed: "Claim | None" = None) -> None:
    """Write the event down and owe it to every reaction. Only inside a transaction.

    `claimed` is the idempotency key of the command whose receipt the event is; `command` fills it in.
    """
    _record([_Told(event, claimed, now())])


def record_all(events: Iterable[Event]) -> None:
    """Write many events down, in this order, and owe each to its reactions: `record` in one statement."""
    at = now()
    _record([_Told(event, None, at) for event in events])


@contextmanager
def told_at_once() -> Iterator[None]:
    """Write what is recorded inside the block down at its end, in the same order and in one statement.

    For flows in which several rooms have something to tell: open it inside the transaction that makes it true. Whoever
    opens a savepoint inside the block opens another one there, so that what is undone is not told.
    """
    _refuse_outside_a_transaction()
    around = _telling.get()
    told: list[_Told] = []
    token = _telling.set(_Telling(told, _savepoints()))
    try:
        yield
    finally:
        _telling.reset(token)
    if around is None:
        _write(told)
    else:
        around.waiting.extend(told)


def _record(told: list[_Told]) -> None:
    _refuse_outside_a_transaction()
    telling = _telling.get()
    if telling is None:
        _write(told)
    elif telling.inside == _savepoints():
        telling.waiting.extend(told)
    else:
        raise RuntimeError("An event inside a savepoint waits in a block of its own: it may be undone alone.")


def _savepoints() -> tuple[str, ...]:
    """The savepoints that are open now. A block that joined without one has left None for it."""
    return tuple(filter(None, connection.savepoint_ids))


def _write_waiting() -> None:
    """A key that waits to be written down with its event would not be found."""
    if telling := _telling.get():
        _write(telling.waiting)
        telling.waiting.clear()


def _refuse_outside_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("An event is recorded in the transaction that made it true.")


def _write(told: list[_Told]) -> None:
    if not told:
        return
    # One JSON text, because nine arrays cost psycopg more than the database.
    with connection.cursor() as cursor:
        events = [one.event for one in told]
        cursor.execute(_RECORD, [msgspec.json.encode([_as_row(one, events) for one in told]).decode()])


def _as_row(told: _Told, with_it: Sequence[Event]) -> dict[str, Any]:
    event, claimed = told.event, told.claimed
    return {
        "name": event.name,
        "subject": event.subject,
        "customer_id": event.customer,
        "payload": msgspec.Raw(to_payload(event)),
        "key": claimed.key if claimed else None,
        "asked": claimed.asked.hex() if claimed else None,
        "recorded_at": told.at,
        "correlation": correlation(),
        "reactions": owed(event, with_it),
    }


def record_many(events: Iterable[Event]) -> None:
    """Write many events down at once, for imports of history: nobody reacts to them."""
    _refuse_outside_a_transaction()
    into = "copy timeline_entry (name, subject, customer_id, payload) from stdin"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for event in events:
            copy.write_row((event.name, event.subject, event.customer, to_payload(event).decode()))


@dataclass(frozen=True)
class Claim:
    """An idempotency key that this transaction alone may use until it ends.

    `earlier` is what was done with it before; `asked` the fingerprint of what is asked now.
    """

    key: str
    asked: bytes
    earlier: Event | None


@dataclass
class Repeats:
    """`seen` once a key turned out to have been used before for the same."""

    seen: bool = False


_noticing: ContextVar[Repeats | None] = ContextVar("noticing", default=None)


@contextmanager
def noticing_repeats() -> Iterator[Repeats]:
    """Notice whether what is done inside the block was done before under its key; a door can then say so."""
    repeats = Repeats()
    token = _noticing.set(repeats)
    try:
        yield repeats
    finally:
        _noticing.reset(token)


# Whoever waits here begins to look around only afterwards: what others did meanwhile is seen by the next statement.
_CLAIM_ALONE = """
select claimed.name, claimed.payload, claimed.asked
from (select count(pg_advisory_xact_lock(hashtextextended(%s, 0))) as taken) alone
cross join lateral timeline_claim(case when alone.taken > 0 then %s end) claimed
"""


def claim(name: str, key: str, asked: Any, *, alone: str = "") -> Claim:
    """Wait for anybody using the same key for the same deed, then tell what they did. Only inside a transaction.

    `asked` is anything JSON can carry: what the key stands for. Raises KeyReused if the key was used for
    something else. A flow claims its key first of all and passes the claim to the command whose event is its receipt.
    `alone` names what only one of those who claim with that name may be at until its transaction ends.
    """
    full_key, fingerprint = _full_key(name, key), _fingerprint(asked)
    _write_waiting()
    with connection.cursor() as cursor:
        if alone:
            cursor.execute(_CLAIM_ALONE, [f"{name}:alone:{alone}", full_key])
        else:
            cursor.execute("select name, payload, asked from timeline_claim(%s)", [full_key])
        row = cursor.fetchone()
    if row is None:
        return Claim(full_key, fingerprint, None)
    if bytes(row[2]) != fingerprint:
        raise KeyReused()
    if repeats := _noticing.get():
        repeats.seen = True
    return Claim(full_key, fingerprint, from_payload(row[0], row[1]))


def command(function: Callable[..., E]) -> Callable[..., E]:
    """Make a function a command: one transaction that records the event it returns, once per idempotency key.

    The function gives back its event and `command` records it. Called with `key="…"`, a repeat with the same
    arguments returns the event of the first time and does nothing; a repeat with other arguments raises
    KeyReused. `key` may also be a Claim that a flow has made. Inside an open transaction it joins it, without a
    savepoint.
    """
    room = function.__module__.removesuffix(".commands").rsplit(".", 1)[-1]
    name = f"{room}.{function.__name__}"

    @wraps(function)
    def once(*args: Any, key: str | Claim | None = None, **kwargs: Any) -> E:
        with transaction.atomic(savepoint=False):
            claimed = claim(name, key, [args, kwargs]) if isinstance(key, str) else key
            if claimed and claimed.earlier:
                return cast(E, claimed.earlier)
            event = function(*args, **kwargs)
            record(event, claimed=claimed)
            return event

    return once


def _full_key(name: str, key: str) -> str:
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or "\x00" in key:
        raise Invalid("An idempotency key has 1 to 200 characters.")
    return f"{name}:{key}"


def _fingerprint(asked: Any) -> bytes:
    return hashlib.blake2b(msgspec.json.encode(asked, order="deterministic"), digest_size=16).digest()
