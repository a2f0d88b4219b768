"""Whoever changes prices queues; nobody deadlocks, and a version never hides a change that commits late."""

import threading

import pytest
from django.db import connection, transaction

from samband.commerce.pricing import commands, queries
from samband.commerce.pricing.refusals import CurrencyFixed

pytestmark = pytest.mark.django_db(transaction=True)


def test_lists_changed_in_opposite_order_at_once_both_succeed():
    for code in ("a", "b"):
        commands.save_price_list(code, "EUR")
        commands.set_prices(code, {"CHAIR": 1})
    ready = threading.Barrier(2)
    failures: list[Exception] = []

    def change(codes: tuple[str, str], amount: int) -> None:
        try:
            ready.wait()
            with transaction.atomic():
                for code in codes:
                    commands.set_prices(code, {"CHAIR": amount})
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=change, args=(codes, amount)) for codes, amount in ((("a", "b"), 2), (("b", "a"), 3))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({price.amount for price in queries.list_prices(["CHAIR"])}) == 1


def test_a_change_that_commits_late_still_moves_the_version():
    commands.save_price_list("a", "EUR")
    changed, look = threading.Event(), threading.Event()

    def change_and_wait() -> None:
        try:
            with transaction.atomic():
                commands.set_prices("a", {"CHAIR": 1})
                changed.set()
                look.wait()
        finally:
            connection.close()

    slow = threading.Thread(target=change_and_wait)
    slow.start()
    changed.wait()
    before = queries.version()
    assert queries.list_prices(["CHAIR"]) == ()
    look.set()
    slow.join()
    assert queries.version() != before
    assert len(queries.list_prices(["CHAIR"])) == 1


@pytest.mark.parametrize(
    "save",
    [
        lambda currency: commands.save_market("LV", "LV", currency, "lv", {}),
        lambda currency: commands.save_price_list("a", currency),
    ],
)
def test_of_two_currencies_said_at_once_the_first_is_fixed(save):
    refusals: list[CurrencyFixed] = []
    said = threading.Event()

    def say_another() -> None:
        try:
            said.wait()
            save("PLN")
        except CurrencyFixed as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    other = threading.Thread(target=say_another)
    other.start()
    with transaction.atomic():
        save("EUR")
        said.set()
        with connection.cursor() as cursor:
            waiting = False
            while not waiting and other.is_alive():
                cursor.execute(
                    "select exists (select from pg_locks where not granted"
                    " and pg_backend_pid() = any(pg_blocking_pids(pid)))"
                )
                waiting = cursor.fetchone()[0]
    other.join()
    assert [refusal.details["currency"] for refusal in refusals] == ["EUR"]
