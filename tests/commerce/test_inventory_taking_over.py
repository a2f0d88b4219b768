"""What was set aside for a question becomes an order's, and what it stands for is free again; no unit is lost."""

from datetime import timedelta
from functools import partial

import pytest

from samband.commerce.inventory import commands, queries, taking_over
from samband.commerce.inventory.refusals import HeldAlready, HoldClosed, HoldLapsed, HoldNotKept, NotHeld, UnknownHold
from samband.events.inventory import HoldTakenOver
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal
from tests.commerce.shelves import allocated, at, balanced, fenced, held, level, racing, refused, shelve, store

pytestmark = pytest.mark.django_db


def left(hold_id) -> dict[str, int]:
    return {line.sku: line.left for line in queries.hold(hold_id).lines if line.left}


def test_a_substitute_takes_the_place_of_what_was_held():
    store()
    shelve("RVK", CUP=5, MUG=5)
    order, question = allocated(*at("RVK", CUP=3)), held(*at("RVK", MUG=2))
    taking_over.take_over(order, question, at("RVK", CUP=2))
    assert left(order) == {"CUP": 1, "MUG": 2}
    assert queries.hold(question).state == "closed"
    assert (level("RVK", "CUP"), level("RVK", "MUG")) == ((5, 1), (5, 2))
    commands.issue(order, at("RVK", CUP=1, MUG=2))
    assert queries.hold(order).state == "closed"
    assert (level("RVK", "CUP"), level("RVK", "MUG")) == ((4, 0), (3, 0))
    assert balanced()


def test_no_line_of_an_order_grows():
    store()
    shelve("RVK", CUP=5, MUG=5)
    order, question = allocated(*at("RVK", CUP=1, MUG=1)), held(*at("RVK", MUG=2))
    with refused(HeldAlready) as refusal:
        taking_over.take_over(order, question, at("RVK", CUP=1))
    assert refusal.value.details == {"skus": ["MUG"]}
    assert left(order) == {"CUP": 1, "MUG": 1}
    assert balanced()


def test_what_came_from_a_fence_goes_back_into_it():
    store()
    shelve("RVK", CUP=5, MUG=5)
    fenced("shop", "RVK", MUG=2)
    order, question = allocated(*at("RVK", CUP=1)), new_id()
    commands.hold(question, at("RVK", MUG=1), now() + timedelta(minutes=15), "shop")
    taking_over.take_over(order, question, at("RVK", CUP=1))
    assert queries.hold(order).state == "kept"
    commands.release(order, "cancelled")
    assert level("RVK", "MUG") == (5, 0)
    assert balanced()


def test_only_a_kept_hold_takes_over_and_only_a_live_one_is_taken():
    store()
    shelve("RVK", CUP=5, MUG=5)
    live, order, question = held(*at("RVK", CUP=1)), allocated(*at("RVK", CUP=1)), held(*at("RVK", MUG=1))
    with refused(HoldNotKept):
        taking_over.take_over(live, question)
    with refused(NotHeld):
        taking_over.take_over(order, question, at("RVK", CUP=2))
    with refused(UnknownHold):
        taking_over.take_over(order, new_id())
    with held_at(now() + timedelta(hours=1)), refused(HoldLapsed):
        taking_over.take_over(order, question)
    commands.release(question, "released")
    with refused(HoldClosed):
        taking_over.take_over(order, question)
    assert left(order) == {"CUP": 1}
    assert balanced()


@pytest.mark.django_db(transaction=True)
def test_substitutes_in_both_directions_race_without_a_deadlock():
    store()
    shelve("RVK", CUP=40, MUG=40)
    deeds = []
    for _ in range(4):
        for has, instead in (("CUP", "MUG"), ("MUG", "CUP")):
            order, question = allocated(*at("RVK", **{has: 2})), held(*at("RVK", **{instead: 1}))
            deeds.append(partial(taking_over.take_over, order, question, at("RVK", **{has: 1})))
    answers = racing(*deeds)
    assert all(isinstance(one, HoldTakenOver) for one in answers)
    assert (level("RVK", "CUP"), level("RVK", "MUG")) == ((40, 8), (40, 8))
    assert balanced()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_over_one_gets_it():
    store()
    shelve("RVK", CUP=9, MUG=9)
    question = held(*at("RVK", MUG=1))
    orders = [allocated(*at("RVK", CUP=1)) for _ in range(4)]
    answers = racing(*[partial(taking_over.take_over, order, question, at("RVK", CUP=1)) for order in orders])
    assert sum(isinstance(one, HoldTakenOver) for one in answers) == 1
    assert {type(one) for one in answers if isinstance(one, Refusal)} == {HoldClosed}
    assert balanced()
