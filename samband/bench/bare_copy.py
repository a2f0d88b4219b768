"""The limit of writing down: the same rows into the same tables, with all their indexes, by nothing but COPY."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from .house import BenchFailed

BLOCK_BYTES = 1 << 18
Session = psycopg.Connection[tuple[object, ...]]

TABLES = (
    "touchpoints_touchpoint",
    "touchpoints_seen",
    "touchpoints_touched",
    "touchpoints_eventname",
    "identity_identifier",
    "identity_assertion",
)
"""What taking in and resolving leave behind."""

CLEARED = (*TABLES, "touchpoints_rejected", "identity_pending", "identity_moved", "identity_review", "timeline_entry",
           "timeline_delivery")  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """The rows of all tables as COPY gives them out (binary), in one file a table and connection."""

    files: Mapping[str, Sequence[Path]]
    megabytes: float


def taken_from(url: str, connections: int, folder: Path) -> Rows:
    """What stands in the tables now, each in slices as it lies there."""
    folder.mkdir(exist_ok=True)
    with psycopg.connect(url) as session:
        files = {table: list(_slices(session, table, connections, folder)) for table in TABLES}
    size = sum(file.stat().st_size for slices in files.values() for file in slices)
    return Rows(files, size / 1e6)


def _slices(session: Session, table: str, connections: int, folder: Path) -> Iterator[Path]:
    pages = _one(session, sql.SQL("select pg_relation_size({}) / 8192 + 1").format(sql.Literal(table)))
    for nth in range(connections):
        first, last = pages * nth // connections, pages * (nth + 1) // connections
        statement = sql.SQL(
            "copy (select * from {} where ctid >= '({},0)'::tid and ctid < '({},0)'::tid) to stdout (format binary)"
        ).format(sql.Identifier(table), sql.Literal(first), sql.Literal(last))
        file = folder / f"{table}.{nth}"
        with open(file, "wb") as target, session.cursor() as cursor, cursor.copy(statement) as copy:
            for block in copy:
                target.write(block)
        yield file


def _one(session: Session, statement: sql.Composed) -> int:
    row = session.execute(statement).fetchone()
    if row is None or not isinstance(row[0], int):
        raise BenchFailed("The database did not say how large a table is.")
    return row[0]


def clear(url: str) -> None:
    """Nothing was ever taken in."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(map(sql.Identifier, CLEARED))))
        session.execute("checkpoint")


def seconds(url: str, rows: Rows) -> float:
    """How long writing them down takes, from the first byte to the last commit."""
    clear(url)
    connections = max(len(files) for files in rows.files.values())
    sessions = [psycopg.connect(url) for _ in range(connections)]
    writers = [
        threading.Thread(target=_write, args=(session, rows, nth), daemon=True) for nth, session in enumerate(sessions)
    ]
    began = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    took = time.perf_counter() - began
    for session in sessions:
        session.close()
    return took


def _write(session: Session, rows: Rows, nth: int) -> None:
    for table, files in rows.files.items():
        statement = sql.SQL("copy {} from stdin (format binary)").format(sql.Identifier(table))
        with open(files[nth], "rb") as source, session.cursor() as cursor, cursor.copy(statement) as copy:
            while block := source.read(BLOCK_BYTES):
                copy.write(block)
    session.commit()
