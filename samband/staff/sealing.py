"""Fixing what was noted: so many notes at a time are covered by a seal, and each seal covers the one before.

Nobody waits for a chain when something is noted: notes are sealed by a chore, a moment later. Whoever can write to the
database can leave out or change a note only by mending every later seal, and for that the house's secret is needed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from samband.kernel.clock import now

from . import secrecy

AT_ONCE = 5_000
"""Notes under one seal, at most."""

ROW_BYTES = 8 + 16
"""A note's number, and the first half of its digest."""

_TEXT = """jsonb_build_array(id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor, door, outcome,
    deed, to_jsonb(about), code, request, refuses)::text"""
_ROW = f"int8send(id) || substr(sha256(convert_to({_TEXT}, 'UTF8')), 1, 16)"

_TAKE = f"""
with taken as (select id from staff_note where seal is null order by id limit {AT_ONCE} for update),
sealed as (
    update staff_note set seal = %(number)s::bigint where id in (select id from taken) returning {_ROW} as row, id)
select string_agg(row, ''::bytea order by id) from sealed
"""
_ROWS = f"""
select seal, string_agg({_ROW}, ''::bytea order by id) from staff_note
where seal >= %(first)s::bigint and seal < %(end)s::bigint group by seal
"""


@dataclass(frozen=True)
class Tip:
    """The last seal: kept somewhere else, it also proves that none was cut off the end."""

    number: int
    hash: str


def seal_notes() -> int:
    """Seal what was noted since last time; returns how many notes."""
    done = 0
    while sealed := _seal_some():
        done += sealed
    return done


@transaction.atomic
def _seal_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('staff:seal', 3))")
        cursor.execute("select number, hash from staff_seal order by number desc limit 1")
        number, before = cursor.fetchone() or (0, b"")
        cursor.execute(_TAKE, {"number": number + 1})
        (rows,) = cursor.fetchone()
        if not rows:
            return 0
        cursor.execute(
            "insert into staff_seal (number, at, rows, hash)"
            " values (%s::bigint, %s::timestamptz, %s::bytea, %s::bytea)",
            [number + 1, now(), rows, hash_over(number + 1, bytes(before), bytes(rows))],
        )
    return len(rows) // ROW_BYTES


def hash_over(number: int, before: bytes, rows: bytes) -> bytes:
    """The seal with this number over these rows, after the seal before."""
    return secrecy.keyed("record", f"{number}:{before.hex()}:{hashlib.sha256(rows).hexdigest()}")


def rows_now(first: int, end: int) -> dict[int, bytes]:
    """What the notes under these seals hold now, as it was kept when they were sealed."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"first": first, "end": end})
        return {seal: bytes(rows) for seal, rows in cursor.fetchall()}


def each(rows: bytes) -> Iterator[tuple[int, bytes]]:
    """Every note's number and digest."""
    for at in range(0, len(rows), ROW_BYTES):
        yield int.from_bytes(rows[at : at + 8], signed=True), rows[at + 8 : at + ROW_BYTES]


def tip() -> Tip | None:
    """The last seal, if anything was sealed yet."""
    with connection.cursor() as cursor:
        cursor.execute("select number, hash from staff_seal order by number desc limit 1")
        row = cursor.fetchone()
    return Tip(row[0], bytes(row[1]).hex()) if row else None
