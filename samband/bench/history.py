"""A house with a history: so many orders, complete and balanced, written with whole sets.

    python -m samband.bench.history ORDERS

A few dozen orders are really placed, paid, sent, fetched, called off and refunded; what they left in every table is
then copied as often as it takes, each copy under ids, numbers, addresses and moments of its own.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any

import click
import psycopg
from django.db import connection, transaction
from psycopg import sql

from . import copying
from .copying import TABLES, Block

Say = Callable[[str], None]

DAYS = 700
"""Over so many days the past orders are spread."""

OPEN_OF = 100
MOST_OPEN = 5_000
"""One order in a hundred is still being worked at, and never more than this."""

AT_ONCE = 4
A_TURN = 40
"""So many copies are written in one transaction."""

MANY = 20_000
"""From so many orders on, it pays to build indexes afterwards."""


def main() -> None:
    """Grow the house that the environment names."""
    import django

    django.setup()
    began = time.perf_counter()
    grown = grow(int(sys.argv[1]), lambda text: click.echo(text, err=True))
    sys.stdout.write(f"{grown} orders in {time.perf_counter() - began:.1f} s\n")


def grow(orders: int, say: Say = lambda text: None) -> int:
    """Give the house that the environment names so many orders more, in fifties, and at least sixty; how many it were.

    The house is migrated and has goods to sell (`assortment.stock_up`), and nobody else is at work in it. Customers
    come with them: of five orders, two are a new customer's. Raises BenchFailed.
    """
    from . import patterns

    patterns.settle_everything()
    since, earlier = copying.mark(), _orders()
    say("placing the orders that the others are copied from …")
    patterns.place_past()
    past = copying.learn(since, "past")
    since = copying.mark()
    patterns.place_open()
    still = copying.learn(since, "open")
    open_copies = min(orders // OPEN_OF, MOST_OPEN) // still.orders
    past_copies = max(0, orders - past.orders - (1 + open_copies) * still.orders) // past.orders
    with _later_indexes() if orders >= MANY else nullcontext():
        for block, copies, days in ((past, past_copies, DAYS), (still, open_copies, 1)):
            if copies:
                say(f"copying {block.orders} orders {copies:,} times …")
                _receive(block, copies)
                copying.draw_up(block, copies, days, earlier)
                _copy(block, copies)
                _count(block, copies)
                earlier += copies + 1
    copying.forget("past", "open")
    say("counting what there is …")
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        cursor.execute("vacuum analyze")
    return past.orders * (1 + past_copies) + still.orders * (1 + open_copies)


_SETTLED = """
select setval(pg_get_serial_sequence('identity_identifier', 'id'), (select max(id) from identity_identifier))
"""


def _orders() -> int:
    """By how much numbers of copies are moved on, so that a house may grow more than once."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from orders_order")
        return int(cursor.fetchone()[0])


@contextmanager
def _later_indexes() -> Iterator[None]:
    """Without the indexes that nothing but speed depends on; they are built again at the end, several at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select i.indexname, i.indexdef from pg_indexes i join pg_class c on c.relname = i.indexname"
            " join pg_index x on x.indexrelid = c.oid where i.schemaname = 'public' and i.tablename = any(%s::text[])"
            " and not x.indisprimary and not exists (select from pg_constraint k where k.conindid = x.indexrelid)",
            [list(TABLES)],
        )
        later = cursor.fetchall()
        for name, _ in later:
            cursor.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        _together([lambda text=text: _build(text) for _, text in later])  # type: ignore[misc]


def _build(text: str) -> None:
    with _session() as session:
        session.execute("set maintenance_work_mem = '512MB'")
        session.execute(text)


def _receive(block: Block, copies: int) -> None:
    """Goods for all of it come first, through the room's own command."""
    from samband.commerce.inventory import commands as inventory
    from samband.kernel.goods import Line

    from .patterns import settle_everything

    wanted: dict[str, list[Line]] = {}
    for location, sku, moved, held in block.stock:
        if held - moved > 0:
            wanted.setdefault(location, []).append(Line(sku, (held - moved) * copies))
    for location, lines in wanted.items():
        inventory.receive(location, tuple(lines), "history")
    settle_everything()


def _copy(block: Block, copies: int) -> None:
    """Several at a time; each turn is whole, and begins where the last one that was taken up ended."""
    turns = [(first, min(first + A_TURN - 1, copies)) for first in range(1, copies + 1, A_TURN)]
    shares = [turns[nth::AT_ONCE] for nth in range(AT_ONCE)]
    with _unguarded():
        _together([lambda share=share: _write(block, share) for share in shares if share])  # type: ignore[misc]


@contextmanager
def _unguarded() -> Iterator[None]:
    """Nobody guards the tables meanwhile: what is copied is written as it was in the end, not as it came about."""
    with _session() as session:
        _guard(session, "disable")
        try:
            yield
        finally:
            _guard(session, "enable")


def _guard(session: psycopg.Connection[Any], how: str) -> None:
    for table in TABLES:
        session.execute(sql.SQL("alter table {} {} trigger user").format(sql.Identifier(table), sql.SQL(how)))


def _write(block: Block, turns: Sequence[tuple[int, int]]) -> None:
    with _session() as session:
        # What is copied fits together because its pattern does: no row need be looked up for another's sake.
        if session.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (True,):
            session.execute("set session_replication_role = replica")
        session.execute("set synchronous_commit = off")
        for first, last in turns:
            copying.copy(session, block, first, last)


def _count(block: Block, copies: int) -> None:
    """Bring levels and tallies up to what was copied."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "update inventory_level set on_hand = on_hand + %s::bigint, held = held + %s::bigint"
            " where location = %s and sku = %s",
            [(moved * copies, held * copies, location, sku) for location, sku, moved, held in block.stock],
        )
        for promotion, coupon, uses in block.uses:
            more = uses * copies
            cursor.execute("update pricing_tally set taken = taken + %s where promotion_id = %s", [more, promotion])
            if coupon:
                cursor.execute("update pricing_coupon set taken = taken + %s where code = %s", [more, coupon])


def _session() -> psycopg.Connection[Any]:
    return psycopg.connect(os.environ["SAMBAND_DATABASE_URL"], autocommit=True)


def _together(deeds: Sequence[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as several:
        for done in [several.submit(deed) for deed in deeds]:
            done.result()


if __name__ == "__main__":
    main()
