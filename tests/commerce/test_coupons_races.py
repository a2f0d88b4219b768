"""However many carts want the same coupon at once, it is spent as often as it may be, and never again."""

import random
import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from samband.commerce.pricing import commands, queries
from samband.commerce.pricing.books import findings
from samband.commerce.pricing.promotions import Percent, Promotion
from samband.commerce.pricing.queries import Use
from samband.commerce.pricing.refusals import CouponUsedUp, LimitBelowUses
from samband.kernel.ids import new_id

pytestmark = pytest.mark.django_db(transaction=True)

SHOPPERS = 12


@pytest.fixture(autouse=True)
def shop(transactional_db):
    queries.forget()
    for code in ("a", "b", "c"):
        commands.save_promotion(Promotion(code=code, deal=Percent(1000), by_coupon=True))
    yield
    queries.forget()


def race(*deeds: Callable[[], object]) -> list[object]:
    """Do all of it at once; what each gave or raised."""
    ready = threading.Barrier(len(deeds))
    outcomes: list[object] = [None] * len(deeds)

    def run(nth: int, deed: Callable[[], object]) -> None:
        try:
            ready.wait()
            outcomes[nth] = deed()
        except Exception as error:
            outcomes[nth] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(nth, deed)) for nth, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def buy(*uses: Use, customer_id=None, order_id=None) -> Callable[[], object]:
    def deed() -> object:
        order = order_id or new_id()
        with transaction.atomic():
            commands.reserve_uses(order, uses, customer_id)
        return order

    return deed


@pytest.mark.parametrize("limit", [1, 5])
def test_a_coupon_is_spent_as_often_as_it_may_be(limit):
    commands.issue_coupons("a", codes=["LAST"], limit_total=limit)
    outcomes = race(*(buy(Use("a", "LAST")) for _ in range(SHOPPERS)))
    assert sum(isinstance(one, CouponUsedUp) for one in outcomes) == SHOPPERS - limit
    assert queries.coupon("LAST").uses == limit
    assert list(findings()) == []


def test_a_promotion_with_a_limit_is_used_as_often_as_it_may_be():
    commands.save_promotion(Promotion(code="few", deal=Percent(1000), limit_total=4))
    outcomes = race(*(buy(Use("few")) for _ in range(SHOPPERS)))
    assert sum(isinstance(one, CouponUsedUp) for one in outcomes) == SHOPPERS - 4
    assert list(findings()) == []


def test_one_customer_on_many_devices_uses_it_once():
    commands.issue_coupons("a", codes=["EACH"], limit_total=None, limit_per_customer=1)
    anna = new_id()
    outcomes = race(*(buy(Use("a", "EACH"), customer_id=anna) for _ in range(SHOPPERS)))
    assert sum(isinstance(one, CouponUsedUp) for one in outcomes) == SHOPPERS - 1
    assert list(findings()) == []


def test_one_order_asked_for_many_times_at_once_uses_it_once():
    commands.issue_coupons("a", codes=["LAST"], limit_total=5)
    order_id = new_id()
    outcomes = race(*(buy(Use("a", "LAST"), order_id=order_id) for _ in range(SHOPPERS)))
    assert outcomes == [order_id] * SHOPPERS
    assert queries.coupon("LAST").uses == 1


def test_carts_with_several_coupons_in_any_order_wait_and_never_deadlock():
    for code in ("a", "b", "c"):
        commands.issue_coupons(code, codes=[f"CODE-{code}"], limit_total=SHOPPERS)
    chance = random.Random(7)
    deeds = []
    for _ in range(SHOPPERS):
        uses = [Use(code, f"CODE-{code.upper()}") for code in ("a", "b", "c")]
        chance.shuffle(uses)
        deeds.append(buy(*uses, customer_id=new_id()))
    outcomes = race(*deeds)
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert list(findings()) == []


def test_spending_and_giving_back_at_once_keeps_the_count():
    commands.issue_coupons("a", codes=["BACK"], limit_total=3)
    commands.save_promotion(Promotion(code="few", deal=Percent(1000), limit_total=3))
    uses = (Use("a", "BACK"), Use("few"))
    orders = [buy(*uses)() for _ in range(3)]
    outcomes = race(
        *(lambda order=order: commands.free_uses(order) for order in [*orders, *orders]),
        *(buy(*uses) for _ in range(6)),
    )
    spent = [one for one in outcomes[6:] if not isinstance(one, Exception)]
    assert all(isinstance(one, CouponUsedUp) for one in outcomes[6:] if isinstance(one, Exception))
    assert sum(outcomes[:6]) == 6  # two uses of each of three orders, once
    assert queries.coupon("BACK").uses == len(spent) <= 3
    assert list(findings()) == []


def test_a_limit_said_while_it_is_being_used_counts_everybody():
    commands.save_promotion(Promotion(code="few", deal=Percent(1000)))

    def limit() -> None:
        commands.save_promotion(Promotion(code="few", deal=Percent(1000), limit_total=SHOPPERS, limit_per_customer=1))

    buyers = [buy(Use("few"), customer_id=new_id()) for _ in range(SHOPPERS - 1)]
    outcomes = race(*buyers[:6], limit, *buyers[6:])
    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert queries.promotion("few").uses == SHOPPERS - 1
    assert list(findings()) == []


def test_a_limit_below_what_is_used_is_refused_however_they_meet():
    commands.save_promotion(Promotion(code="few", deal=Percent(1000)))

    def limit() -> None:
        commands.save_promotion(Promotion(code="few", deal=Percent(1000), limit_total=2))

    outcomes = race(*(buy(Use("few")) for _ in range(6)), limit)
    refused = [one for one in outcomes if isinstance(one, CouponUsedUp | LimitBelowUses)]
    assert refused
    assert not [one for one in outcomes if isinstance(one, Exception) and one not in refused]
    assert list(findings()) == []
