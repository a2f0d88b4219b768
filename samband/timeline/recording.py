"""Writing the story down, in the transaction that made it true."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from django.db import connection, transaction

from samband.kernel.event import Event, from_payload, to_payload
from samband.kernel.refusal import Invalid, KeyReused

from .reacting import reactions_to

E = TypeVar("E", bound=Event)
P = ParamSpec("P")

LONGEST_KEY = 200

# The advisory lock makes entries about one subject commit in the order of their positions: without it a
# later position could become visible first, and a reaction would hear the end of a story before its start.
# It is taken in a materialized step so that the position is drawn only once the lock is held.
_RECORD = """
with alone as materialized (select pg_advisory_xact_lock(hashtextextended(%(subject)s, 0)) as taken),
entry as (
    insert into timeline_entry (name, subject, customer_id, payload, key, asked)
    select %(name)s, %(subject)s, %(customer)s, %(payload)s::jsonb, %(key)s, %(asked)s from alone
    returning position, subject
)
insert into timeline_delivery (position, reaction, subject)
select position, reaction, subject from entry, unnest(%(reactions)s::text[]) as reaction
"""


def record(event: Event, *, key: str | None = None, asked: bytes | None = None) -> None:
    """Write the event down and owe it to every reaction. Only inside a transaction.

    `key` and `asked` are the idempotency key of the command that caused it and the fingerprint of what
    was asked; `command` fills them in.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is recorded in the transaction that made it true.")
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "subject": event.subject,
                "name": event.name,
                "customer": event.customer,
                "payload": to_payload(event).decode(),
                "key": key,
                "asked": asked,
                "reactions": reactions_to(event.name),
            },
        )


def record_many(events: Iterable[Event]) -> None:
    """Write many events down at once, for imports of history: nobody reacts to them."""
    if not connection.in_atomic_block:
        raise RuntimeError("Events are recorded in the transaction that made them true.")
    with connection.cursor() as cursor:
        with cursor.copy("copy timeline_entry (name, subject, customer_id, payload) from stdin") as copy:
            for event in events:
                copy.write_row((event.name, event.subject, event.customer, to_payload(event).decode()))


def command(function: Callable[P, E]) -> "Callable[Concatenate[P], E]":
    """Make a function a command: one transaction that records the event it returns, once per idempotency key.

    The function gives back its event and `command` records it. Called with `key="…"`, a repeat with the same
    arguments returns the event of the first time and does nothing; a repeat with other arguments raises
    KeyReused. Inside an open transaction it joins it, without a savepoint.
    """
    room = function.__module__.removesuffix(".commands").rsplit(".", 1)[-1]
    name = f"{room}.{function.__name__}"

    @wraps(function)
    def once(*args: P.args, **kwargs: P.kwargs) -> E:
        key: str | None = kwargs.pop("key", None)  # type: ignore[assignment]
        if key is None:
            with transaction.atomic(savepoint=False):
                event = function(*args, **kwargs)
                record(event)
                return event
        full_key = _full_key(name, key)
        asked = _fingerprint(args, kwargs)
        with transaction.atomic(savepoint=False):
            if earlier := claim(full_key, asked):
                return earlier  # type: ignore[return-value]
            event = function(*args, **kwargs)
            record(event, key=full_key, asked=asked)
            return event

    once.is_command = True  # type: ignore[attr-defined]
    return once


def _full_key(name: str, key: str) -> str:
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or "\x00" in key:
        raise Invalid("An idempotency key has 1 to 200 characters.")
    return f"{name}:{key}"


def _fingerprint(args: Sequence[Any], kwargs: dict[str, Any]) -> bytes:
    return hashlib.blake2b(msgspec.json.encode([args, kwargs], order="deterministic"), digest_size=16).digest()


def claim(full_key: str, asked: bytes) -> Event | None:
    """Wait for anybody using the same key, then tell what they did: None if the key is still free.

    Raises KeyReused if the key was used for something else. The lock lasts until the transaction ends.
    """
    with connection.cursor() as cursor:
        # Two statements, because the second must see what whoever held the lock has committed.
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [full_key])
        cursor.execute("select name, payload::text, asked from timeline_entry where key = %s", [full_key])
        row = cursor.fetchone()
    if row is None:
        return None
    name, payload, before = row
    if bytes(before) != asked:
        raise KeyReused()
    return from_payload(name, payload)
