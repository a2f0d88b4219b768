"""All that is owed to reactions, delivered by this process.

    python -m samband.bench.deliver_all [URL]

Prints how long it took as JSON. With the address of a copy of the database, what was said is said there again by rote,
and that is what is timed.
"""

import json
import sys
import time
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import psycopg

AT_ONCE = 20


def main() -> None:
    """Deliver, or say by rote what delivering says."""
    import django

    django.setup()
    from . import tracing

    if len(sys.argv) > 1:
        with tracing.listening() as said:
            _deliver()
        told = _by_rote(sys.argv[1], said)
    else:
        told = _timed()
    sys.stdout.write(json.dumps(told) + "\n")


def _deliver() -> tuple[int, list[float]]:
    """How many were delivered, and how long each of a few took in milliseconds."""
    from samband.timeline.delivering import deliver

    done = 0
    took: list[float] = []
    while True:
        before = time.perf_counter()
        now_done = deliver(AT_ONCE)
        if not now_done:
            return done, took
        done += now_done
        took.append(round((time.perf_counter() - before) * 1000 / now_done, 3))


def _timed() -> dict[str, Any]:
    from django.db import connection

    from .measuring import backend_of

    with connection.cursor() as cursor:
        cursor.execute("select count(distinct position) from timeline_delivery where set_aside_at is null")
        (events,) = cursor.fetchone()
    backend = backend_of(connection.connection)
    spent = sum(backend.cpu_times()[:2]) if backend else 0.0
    cpu, before = time.process_time(), time.perf_counter()
    done, took = _deliver()
    seconds = time.perf_counter() - before
    database = round((sum(backend.cpu_times()[:2]) - spent) * 1000 / max(done, 1), 3) if backend else None
    return {
        "done": done,
        "events": events,
        "seconds": seconds,
        "cpu_seconds": time.process_time() - cpu,
        "database_ms": database,
        "took_ms": took,
    }


def _by_rote(url: str, said: Sequence[Any]) -> dict[str, Any]:
    """The same statements with the same values in the same transactions, over a connection like ours."""
    from django.db import connection

    with psycopg.connect(url, autocommit=True, context=connection.connection) as session:
        session.prepared_max = connection.connection.prepared_max
        cursor = session.cursor()
        before = time.perf_counter()
        for transaction, statements in groupby(said, key=lambda one: one.transaction):
            if transaction is None:
                _say(cursor, statements)
            else:
                with session.transaction():
                    _say(cursor, statements)
        return {"seconds": time.perf_counter() - before, "statements": len(said)}


def _say(cursor: Any, statements: Any) -> None:
    for one in statements:
        cursor.execute(one.statement, one.values or None)
        if cursor.description:
            cursor.fetchall()


if __name__ == "__main__":
    main()
