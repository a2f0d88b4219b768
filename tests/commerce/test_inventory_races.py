"""When two ask at once, one waits and then decides on what is true by then; in any order goods and books agree."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID

import pytest

from samband.commerce.inventory import commands, queries
from samband.commerce.inventory.refusals import HoldClosed, HoldExists, HoldLapsed, NotHeld, SoldOut
from samband.events.inventory import HoldKept, HoldReleased
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal
from samband.timeline import queries as timeline
from tests.commerce.shelves import allocated, at, balanced, held, level, racing, shelve, store, while_undecided

pytestmark = pytest.mark.django_db(transaction=True)

STORES = ("AKU", "RVK")
SKUS = ("CHAIR", "LAMP", "SOFA")


@pytest.fixture(autouse=True)
def _shelves(transactional_db):
    for code in STORES:
        store(code)
        shelve(code, SOFA=5, LAMP=5)


def an_hour_later(deed: Callable[[], object]) -> object:
    with held_at(now() + timedelta(hours=1)):
        return deed()


def told(hold_id: UUID) -> list[str]:
    return [each.name.rsplit(".")[-1] for each in reversed(timeline.of_subject(f"hold:{hold_id}"))]


# One waits for the other


def test_a_buyer_who_waited_sees_what_the_first_one_left():
    second = while_undecided(
        lambda: held(*at("RVK", SOFA=3)),
        lambda: held(*at("RVK", SOFA=3, LAMP=1)),
    )
    assert isinstance(second, SoldOut)
    assert second.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 3, "available": 2}]
    assert (level("RVK", "SOFA"), level("RVK", "LAMP")) == ((5, 3), (5, 0))
    assert balanced()


def test_a_buyer_who_waited_gets_what_is_still_there():
    second = while_undecided(lambda: held(*at("RVK", SOFA=3)), lambda: held(*at("RVK", SOFA=2)))
    assert isinstance(second, UUID)
    assert level("RVK", "SOFA") == (5, 5)
    assert balanced()


def test_a_buyer_who_waited_gets_what_the_first_one_gave_back():
    second = while_undecided(lambda: held(*at("RVK", SOFA=5)), lambda: held(*at("RVK", SOFA=5)), take_back=True)
    assert isinstance(second, UUID)
    assert level("RVK", "SOFA") == (5, 5)
    assert balanced()


def test_a_buyer_who_waited_gets_what_was_released_or_received_meanwhile():
    sold_out = held(*at("RVK", SOFA=5))
    assert isinstance(
        while_undecided(lambda: commands.release(sold_out, "cancelled"), lambda: held(*at("RVK", SOFA=5))), UUID
    )
    assert isinstance(while_undecided(lambda: shelve("RVK", SOFA=2), lambda: held(*at("RVK", SOFA=2))), UUID)
    assert level("RVK", "SOFA") == (7, 7)
    assert balanced()


def test_who_moves_or_counts_after_a_buyer_reckons_with_the_buyer():
    moved = while_undecided(
        lambda: held(*at("RVK", SOFA=3)),
        lambda: commands.transfer("RVK", "AKU", (Line("SOFA", 3),), "van"),
    )
    counted = while_undecided(
        lambda: held(*at("RVK", LAMP=3)),
        lambda: commands.count("RVK", at("RVK", LAMP=2), "stocktaking"),
    )
    assert isinstance(moved, Refusal)
    assert moved.code == "not_enough_stock"
    assert isinstance(counted, Refusal)
    assert counted.code == "below_held"
    assert balanced()


def test_one_hold_id_used_twice_at_once_holds_once():
    hold_id, lapses_at = new_id(), in_future(minutes=15)
    ask = partial(commands.hold, hold_id, at("RVK", SOFA=2), lapses_at)
    assert isinstance(while_undecided(ask, ask), HoldExists)
    assert level("RVK", "SOFA") == (5, 2)


def test_first_goods_of_a_kind_come_in_twice_at_once():
    answers = racing(*[partial(shelve, "RVK", CHAIR=2, STOOL=1) for _ in range(6)])
    assert answers == [None] * 6
    assert (level("RVK", "CHAIR"), level("RVK", "STOOL")) == ((12, 0), (6, 0))
    assert balanced()


# Keeping against lapsing


def test_a_hold_that_is_just_being_kept_does_not_lapse():
    hold_id = held(*at("RVK", SOFA=2))
    assert while_undecided(lambda: commands.keep(hold_id), lambda: an_hour_later(commands.lapse_holds)) == 0
    assert an_hour_later(commands.lapse_holds) == 0
    assert told(hold_id) == ["StockHeld", "HoldKept"]
    assert level("RVK", "SOFA") == (5, 2)


def test_a_hold_that_is_just_lapsing_is_not_kept():
    hold_id = held(*at("RVK", SOFA=2))
    kept = while_undecided(lambda: an_hour_later(commands.lapse_holds), lambda: commands.keep(hold_id))
    assert isinstance(kept, HoldClosed | HoldLapsed)
    assert told(hold_id) == ["StockHeld", "HoldReleased"]
    assert level("RVK", "SOFA") == (5, 0)


def test_between_keeping_and_lapsing_exactly_one_wins():
    for _ in range(15):
        hold_id = held(*at("RVK", SOFA=2))
        kept, *swept = racing(
            lambda hold_id=hold_id: commands.keep(hold_id),
            lambda: an_hour_later(commands.lapse_holds),
            lambda: an_hour_later(commands.lapse_holds),
        )
        assert sum(swept) + (kept == HoldKept(hold_id=hold_id)) == 1
        assert level("RVK", "SOFA") == (5, 0 if sum(swept) else 2)
        assert told(hold_id) == ["StockHeld", "HoldReleased" if sum(swept) else "HoldKept"]
        if not sum(swept):
            commands.release(hold_id, "cancelled")
    assert balanced()


def test_many_sweepers_free_each_hold_once():
    hold_ids = [held(Position(STORES[each % 2], SKUS[1 + each % 2], 1)) for each in range(10)]
    swept = racing(*[lambda: an_hour_later(partial(commands.lapse_holds, most=3)) for _ in range(4)])
    assert sum(swept) == 10
    assert all(told(hold_id) == ["StockHeld", "HoldReleased"] for hold_id in hold_ids)
    assert balanced()


# The same thing twice


def test_goods_that_are_issued_twice_with_one_key_leave_once():
    hold_id = allocated(*at("RVK", SOFA=4))
    answers = racing(*[partial(commands.issue, hold_id, at("RVK", SOFA=1), key="parcel 1") for _ in range(6)])
    assert answers == [answers[0]] * 6
    assert level("RVK", "SOFA") == (4, 3)
    assert [move.kind for move in queries.ledger("SOFA", "RVK")] == ["issue", "receive"]
    assert balanced()


def test_the_last_held_unit_leaves_once_whoever_asks():
    hold_id = allocated(*at("RVK", SOFA=3))
    answers = racing(*[partial(commands.issue, hold_id, at("RVK", SOFA=2), key=f"parcel {n}") for n in range(5)])
    assert sorted(type(answer).__name__ for answer in answers) == ["NotHeld"] * 4 + ["StockIssued"]
    second = while_undecided(
        lambda: commands.issue(hold_id, at("RVK", SOFA=1)), lambda: commands.issue(hold_id, at("RVK", SOFA=1))
    )
    assert isinstance(second, HoldClosed)
    assert level("RVK", "SOFA") == (2, 0)
    assert balanced()


def test_a_part_released_twice_at_once_is_reckoned_with_what_is_left():
    hold_id = allocated(*at("RVK", SOFA=5))
    part = at("RVK", SOFA=3)
    second = while_undecided(
        lambda: commands.release(hold_id, "cancelled", part), lambda: commands.release(hold_id, "cancelled", part)
    )
    assert isinstance(second, NotHeld)
    assert second.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 3, "held": 2}]
    assert level("RVK", "SOFA") == (5, 2)


def test_a_hold_released_twice_is_released_once():
    for _ in range(10):
        hold_id = held(*at("RVK", SOFA=2, LAMP=1), *at("AKU", LAMP=2))
        answers = racing(*[partial(commands.release, hold_id, "cancelled") for _ in range(3)])
        assert sum(isinstance(answer, HoldReleased) for answer in answers) == 1
        assert sum(isinstance(answer, HoldClosed) for answer in answers) == 2
    assert level("RVK", "SOFA") == level("AKU", "LAMP") == (5, 0)
    assert balanced()


def test_between_issuing_and_releasing_exactly_one_wins():
    for _ in range(10):
        shelve("RVK", SOFA=2)
        hold_id = allocated(*at("RVK", SOFA=2))
        before, _held = level("RVK", "SOFA")
        issued, released = racing(
            partial(commands.issue, hold_id, at("RVK", SOFA=2)), partial(commands.release, hold_id, "cancelled")
        )
        assert isinstance(issued, HoldClosed) != isinstance(released, HoldClosed)
        assert level("RVK", "SOFA") == (before - (0 if isinstance(issued, HoldClosed) else 2), 0)
    assert balanced()


# Everybody at once


def test_a_busy_hour_deadlocks_nobody_and_every_unit_is_accounted_for():
    """Buyers, sweepers, vans, deliveries and stocktaking over the same few levels, each in an order of its own."""

    def work(seed: int) -> int:
        random, done, own = Random(seed), 0, []
        for _ in range(40):
            spots = random.sample([(code, sku) for code in STORES for sku in SKUS], random.randint(1, 5))
            wanted = tuple(Position(code, sku, random.randint(1, 2)) for code, sku in spots)
            here, there = random.sample(STORES, 2)
            goods = tuple(Line(sku, 1) for sku in random.sample(SKUS, random.randint(1, 3)))
            hold_id = random.choice(own) if own else new_id()
            deed = random.choice(
                [
                    lambda wanted=wanted: own.append(held(*wanted, minutes=random.choice((0.0001, 15)))),
                    lambda wanted=wanted: own.append(allocated(*wanted)),
                    partial(commands.release, hold_id, "cancelled"),
                    partial(commands.issue, hold_id, wanted[:1]),
                    partial(commands.transfer, here, there, goods, "van"),
                    partial(commands.receive, here, goods, "note"),
                    partial(commands.count, here, tuple(Position(here, line.sku, 6) for line in goods), "count"),
                    partial(commands.lapse_holds, most=2),
                ]
            )
            try:
                deed()
                done += 1
            except Refusal:
                continue
        return done

    done = racing(*[partial(work, seed) for seed in range(8)])
    assert all(done)
    assert balanced()
