"""Giving every event to every reaction, each taking effect exactly once, in the order of events about one subject.

A delivery is deleted in the transaction in which its reaction takes effect: killed at any point, either
both happened or neither. Several workers share the work with SKIP LOCKED; a delivery is only eligible when
no earlier one of the same subject waits for the same reaction, so a failing one holds back nobody else.
"""

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from structlog.contextvars import bound_contextvars

from samband.kernel.correlation import correlated
from samband.kernel.event import from_payload

from .reacting import TO_MANY, Heard, react
from .watching import watcher

log = structlog.get_logger("samband.timeline")

PAUSES_SECONDS = (1, 5, 30, 120, 600, 3600, 6 * 3600)
"""How long a failed reaction rests before each further try; after the last one it is set aside."""

IDLE_SECONDS = 0.2

# What was never tried is due, whatever the clock says: it may have been set back since.
_NEXT = """
select d.id, d.reaction, d.attempts, d.position, e.recorded_at, e.name, e.payload::text, e.correlation
from timeline_delivery d join timeline_entry e using (position)
where d.set_aside_at is null and (d.attempts = 0 or d.due_at <= now())
  and not exists (
    select from timeline_delivery earlier
    where earlier.reaction = d.reaction and earlier.subject = d.subject
      and earlier.position < d.position and earlier.set_aside_at is null)
order by d.position limit 1
for update of d skip locked
"""

_MOST_AT_ONCE = 500

_MANY = """
with due as (
    select id, position from timeline_delivery
    where reaction = %s and set_aside_at is null and attempts = 0
    order by position limit %s::int for update skip locked
),
struck as (delete from timeline_delivery d using due where d.id = due.id)
select e.position, e.recorded_at, e.name, e.payload::text
from due join timeline_entry e using (position) order by e.position
"""


def deliver(most: int = 1000) -> int:
    """Deliver up to so many events one by one, and before them those that are taken many at a time.

    Returns how many were tried.
    """
    at_once = sum(_deliver_many(reaction) for reaction in TO_MANY)
    for done in range(most):
        if not _deliver_next():
            return at_once + done
    return at_once + most


def _deliver_many(reaction: str) -> int:
    """Let a reaction take in many events at once; how many. If that fails, they are left to be tried one by one."""
    done = 0
    while taken := _take_many(reaction):
        done += taken
        if taken < _MOST_AT_ONCE:
            break
    return done


def _take_many(reaction: str) -> int:
    connection.ensure_connection()
    session = connection.connection
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local synchronous_commit = off")
            cursor.execute(_MANY, [reaction, _MOST_AT_ONCE])
            if rows := cursor.fetchall():
                heard = [Heard(at, when, from_payload(name, told)) for at, when, name, told in rows]
                with watcher().reacting(reaction, len(heard), None), bound_contextvars(reaction=reaction):
                    TO_MANY[reaction](heard)
            return len(rows)
    except Exception as error:
        if session.closed:
            raise
        log.warning("reaction_failed_for_many", reaction=reaction, error=type(error).__name__)
        return 0


def _deliver_next() -> bool:
    """Take one delivery, let its reaction take effect and strike it off, all in one transaction."""
    row: tuple[Any, ...] | None = None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Losing this commit in a crash loses the effect with it, and both are done again: no wait for the disk.
            cursor.execute("set local synchronous_commit = off")
            cursor.execute(_NEXT)
            row = cursor.fetchone()
            if row is None:
                return False
            delivery, reaction, attempts, position, recorded_at, name, payload, request = row
            session = connection.connection
            with _following(reaction, request):
                react(reaction, Heard(position, recorded_at, from_payload(name, payload)))
            cursor.execute("delete from timeline_delivery where id = %s", [delivery])
    except Exception as error:
        if row is None or session.closed:  # a lost database is not the reaction's fault
            raise
        _put_off(delivery, reaction, attempts, error)
    return True


@contextmanager
def _following(reaction: str, request: UUID | None) -> Iterator[None]:
    """What the reaction logs and tells carries the id of the request that all this follows from."""
    known = {"reaction": reaction} | ({"request": str(request)} if request else {})
    with correlated(request), bound_contextvars(**known), watcher().reacting(reaction, 1, request):
        yield


def _put_off(delivery: int, reaction: str, attempts: int, error: Exception) -> None:
    """Let a failed delivery rest, longer each time, and in the end set it aside for a person."""
    last = attempts >= len(PAUSES_SECONDS)
    pause = 0 if last else PAUSES_SECONDS[attempts]
    with connection.cursor() as cursor:
        cursor.execute(
            "update timeline_delivery set attempts = attempts + 1, error = %s,"
            " due_at = now() + make_interval(secs => %s::float),"
            " set_aside_at = case when %s then now() end where id = %s and attempts = %s",
            [_without_values(error), pause, last, delivery, attempts],
        )
    log.warning("reaction_failed", reaction=reaction, delivery=delivery, attempts=attempts + 1, set_aside=last)


def _without_values(error: Exception) -> str:
    """What went wrong and where. The message itself stays out: it may carry a person's data."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = "\n".join(
        f"  {frame.filename.rsplit('samband/', 1)[-1]}:{frame.lineno} in {frame.name}" for frame in frames
    )
    code = getattr(error, "code", "")
    return f"{type(error).__name__} {code if isinstance(code, str) else ''}".strip() + "\n" + where


def work(stop: threading.Event, chores: Callable[[], None] = lambda: None) -> None:
    """Deliver until told to stop. A database that goes away is waited for."""
    pause = IDLE_SECONDS
    while not stop.is_set():
        try:
            chores()
            tried = deliver(200)
            pause = IDLE_SECONDS
        except Exception as error:
            log.error("delivery_interrupted", error=type(error).__name__)
            connection.close()
            tried, pause = 0, min(pause * 2, 10.0)
        if not tried:
            stop.wait(pause)
    connection.close()
