"""An auditor who never finds anything is suspicious: each book is broken in every way it can be, and each is found."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection

from samband.bench import patterns
from samband.bench.assortment import stock_up
from samband.customers.segments import commands as segments
from samband.customers.segments import filling, writing
from samband.flows.audit import audit, books, look
from samband.flows.audit.shelf import NoSuchBook
from samband.kernel.books import EVERYTHING, Check, Extent, Walk
from tests.emptying import empty_what_was_written
from tests.worlds import fresh_processes

from .audit_breaks import BREAKS

LOYAL = """
segment: loyal
names: {en: Loyal}
who:
  bought: {at_least: 1000, within_days: 90}
"""

TOLD_BY_OTHERS = frozenset({"staff.findings"})
"""Rooms that walk through their book themselves, and break it in tests of their own."""


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Sixty orders of every kind, and whatever came of them; each test takes back what it breaks."""
    with django_db_blocker.unblock():
        fresh_processes()
        stock_up(30)
        patterns.place_past()
        patterns.place_open()
        segments.apply(writing.read(LOYAL), by="test")
        while filling.fill_next():
            pass
        patterns.settle_everything()
        yield
        empty_what_was_written()
        fresh_processes()


def every_check() -> dict[str, Check | Walk]:
    return {f"{book.name}.{check.name}": check for book in books() for check in book.checks()}


@pytest.mark.django_db
def test_a_house_in_order_has_nothing_to_be_found(house) -> None:
    assert [one for one in audit(EVERYTHING) if "Media file" not in one] == []


@pytest.mark.django_db
def test_every_kind_of_finding_has_a_way_to_be_broken(house) -> None:
    assert set(every_check()) - TOLD_BY_OTHERS == set(BREAKS)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BREAKS)
def test_what_is_broken_is_found(kind: str, house) -> None:
    statement, words = BREAKS[kind]
    check = every_check()[kind]
    with connection.cursor() as cursor:
        assert kind == "catalog.media_file" or list(check.findings(cursor, EVERYTHING)) == []
        lay_open(cursor, statement)
        for one in statement.split(";"):
            cursor.execute(one)
            assert cursor.rowcount > 0, "nothing was broken"
        found = list(check.findings(cursor, EVERYTHING))
    assert found
    assert any(words in one for one in found), found[0]
    assert all(one.check == kind.partition(".")[2] and one.row for one in found)


def lay_open(cursor, statement: str) -> None:
    """No trigger, no key and no condition of the tables that the statement writes to."""
    cursor.execute("set constraints all immediate")
    for table in set(re.findall(r"(?:update|into|delete from) (\w+_\w+)", statement)):
        cursor.execute(f"alter table {table} disable trigger user")
        cursor.execute(
            "select conrelid::regclass::text, conname from pg_constraint where contype in ('c', 'f', 'u')"
            " and (conrelid = %s::text::regclass or confrelid = %s::text::regclass)",
            [table, table],
        )
        for owner, name in cursor.fetchall():
            cursor.execute(f'alter table {owner} drop constraint if exists "{name}" cascade')
        cursor.execute(
            "select indexrelid::regclass::text from pg_index where indrelid = %s::text::regclass and indisunique"
            " and not indisprimary",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"drop index {name}")


@pytest.mark.django_db
def test_of_many_findings_as_many_are_told_as_were_asked_for(house) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update orders_order set refunded = 1 where state = 'completed' and refunded = 0")
    (told,) = look(Extent(most=3), only=["between_rooms"])
    assert [one.check for one in told.findings] == ["refunded"] * 4
    assert told.findings[-1] == "More than 3 findings are like that (refunded)."


@pytest.mark.django_db
def test_only_the_books_that_are_named_are_read(house) -> None:
    assert {told.book for told in look(only=["cart", "orders"])} == {"cart", "orders"}
    with pytest.raises(NoSuchBook) as refused:
        list(look(only=["card"]))
    assert refused.value.details["unknown"] == ["card"]


def test_a_long_book_is_read_whole_in_as_many_days_as_it_has_parts() -> None:
    from datetime import date, timedelta

    days = [Extent(day=date(2026, 11, 22) + timedelta(days=nth)).part(10, 35) for nth in range(4)]
    assert sorted(days) == [(0, 10), (10, 20), (20, 30), (30, 40)]
    assert Extent(full=True).part(10, 35) == (0, 35)
    assert Extent().part(50, 35) == (0, 35)
