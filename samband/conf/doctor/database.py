"""The database: which one it is, whether what it says is done is on disk, and whether there is room in it."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from samband.conf import migrating
from samband.conf.postgres.installation import OLDEST_MAJOR
from samband.kernel.clock import now

from .finding import Finding, look, well, wrong

MOST_CLOCKS_APART_SECONDS = 2.0
FULL_FROM = 0.8
OLDEST_TRANSACTION_SECONDS = 600
OLDEST_ROW = 1_500_000_000
"""Transactions since the oldest row that was not frozen: at two thousand million the server takes no more."""


def examine() -> Iterator[Finding]:
    yield _version()
    yield _durable()
    yield _encoding()
    yield _clock()
    yield _connections()
    yield _transactions()
    yield _vacuumed()
    yield _migrated()


def _row(statement: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())


def _setting(name: str) -> str:
    return str(_row(f"select current_setting('{name}')")[0])


def _version() -> Finding:
    major = int(_setting("server_version_num")) // 10_000
    told = f"PostgreSQL {_setting('server_version')}"
    if major < OLDEST_MAJOR:
        return wrong("database", told, f"Samband needs PostgreSQL {OLDEST_MAJOR} or newer.")
    return well("database", told)


def _durable() -> Finding:
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if _setting(name) == "off"]
    if off:
        advice = f"Turn {', '.join(off)} on: until then a power cut loses orders that customers were told of."
        return wrong("durability", f"{', '.join(off)} off", advice)
    return well("durability", "what was acknowledged is on disk")


def _encoding() -> Finding:
    encoding = _setting("server_encoding")
    if encoding != "UTF8":
        return wrong("encoding", encoding, "Make the database anew with encoding UTF8: names are in many scripts.")
    return well("encoding", encoding)


def _clock() -> Finding:
    apart = abs((now() - _row("select clock_timestamp()")[0]).total_seconds())
    if apart > MOST_CLOCKS_APART_SECONDS:
        return wrong("clock", f"{apart:.1f} s away from the database's", "Let both machines ask a time server (NTP).")
    return well("clock", "as the database's")


def _connections() -> Finding:
    used, most = _row("select count(*), current_setting('max_connections')::int from pg_stat_activity")
    told = f"{used} of {most} in use"
    if used > FULL_FROM * most:
        advice = "Raise max_connections, or start fewer processes: each of ours takes one."
        return wrong("connections", told, advice)
    return well("connections", told)


def _transactions() -> Finding:
    (age,) = _row(
        "select coalesce(max(extract(epoch from now() - xact_start)), 0)::float from pg_stat_activity"
        " where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
    )
    if age > OLDEST_TRANSACTION_SECONDS:
        advice = "Find it in pg_stat_activity and end it: nothing that was deleted meanwhile can be cleared away."
        return look("transactions", f"one has been open for {age / 60:.0f} minutes", advice)
    return well("transactions", "none is open for long")


def _vacuumed() -> Finding:
    (age,) = _row("select max(age(datfrozenxid)) from pg_database")
    if _setting("autovacuum") == "off":
        return wrong("vacuum", "autovacuum is off", "Turn it on: without it tables grow and the server stops one day.")
    if age > OLDEST_ROW:
        return wrong("vacuum", f"{age:,} transactions behind", "Run `vacuum freeze` now, table by table.")
    return well("vacuum", "autovacuum keeps up")


def _migrated() -> Finding:
    if migrating.is_behind():
        return wrong("tables", "older than this Samband", "Run `samband migrate`; the shop may stay open.")
    return well("tables", "up to date")
