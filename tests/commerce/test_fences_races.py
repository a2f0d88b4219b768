"""When channels, devices and stocktakers meet at one shelf: one waits and then decides on what is true by then."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from uuid import UUID

import pytest

from samband.commerce.inventory import commands, fences, queries
from samband.commerce.inventory.refusals import (
    BelowHeld,
    FenceExists,
    FenceOver,
    HoldClosed,
    HoldExists,
    NotEnoughStock,
    NotHeld,
    SoldOut,
)
from samband.events.inventory import FenceEnded, StockAdjusted, StockHandedOn
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal
from tests.commerce.shelves import (
    allocated,
    allotted,
    at,
    balanced,
    fenced,
    free,
    held,
    level,
    racing,
    shelve,
    store,
    while_undecided,
)

pytestmark = pytest.mark.django_db(transaction=True)

STORES = ("AKU", "RVK")
SKUS = ("LAMP", "SOFA")
CHANNELS = ("shop", "pos", "kiosk")


@pytest.fixture(autouse=True)
def _shelves(transactional_db):
    for code in STORES:
        store(code)
        shelve(code, SOFA=5, LAMP=5)


def two_days_later(deed: Callable[[], object]) -> object:
    with held_at(now() + timedelta(days=2)):
        return deed()


# Fences


def test_who_fences_after_a_buyer_fences_only_what_is_left():
    late = while_undecided(lambda: held(*at("RVK", SOFA=3)), lambda: fenced("pos", "RVK", SOFA=3))
    assert isinstance(late, NotEnoughStock)
    assert late.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 3, "available": 2}]
    assert balanced()


def test_a_buyer_who_waited_for_a_fence_finds_it_standing():
    shut_out = while_undecided(lambda: fenced("pos", "RVK", SOFA=3), lambda: held(*at("RVK", SOFA=3), channel="shop"))
    assert isinstance(shut_out, SoldOut)
    assert shut_out.details["short"][0]["available"] == 2
    let_in = while_undecided(lambda: fenced("pos", "RVK", LAMP=3), lambda: held(*at("RVK", LAMP=5), channel="pos"))
    assert isinstance(let_in, UUID)
    assert level("RVK", "LAMP") == (5, 5)
    assert balanced()


def test_a_buyer_who_waited_takes_what_was_in_a_fence_that_ended_meanwhile():
    for channel in ("pos", "shop"):
        fence_id = fenced("pos", "RVK", SOFA=5)
        hold_id = while_undecided(
            partial(commands.unfence, fence_id), lambda channel=channel: held(*at("RVK", SOFA=5), channel=channel)
        )
        assert isinstance(hold_id, UUID)
        commands.release(hold_id, "cancelled")
        assert free("SOFA") == 5
    assert balanced()


def test_who_ends_a_fence_after_a_buyer_frees_only_what_the_buyer_left():
    fence_id = fenced("pos", "RVK", SOFA=3)
    ended = while_undecided(lambda: held(*at("RVK", SOFA=2), channel="pos"), partial(commands.unfence, fence_id))
    assert isinstance(ended, FenceEnded)
    assert (ended.quantity, free("SOFA")) == (1, 3)
    assert balanced()


def test_what_is_released_while_its_fence_ends_is_free_for_everybody():
    fence_id = fenced("pos", "RVK", SOFA=3)
    hold_id = held(*at("RVK", SOFA=2), channel="pos")
    while_undecided(partial(commands.unfence, fence_id), lambda: commands.release(hold_id, "cancelled"))
    assert (free("SOFA"), free("SOFA", "pos")) == (5, 5)
    assert balanced()


def test_a_fence_ends_with_what_came_back_into_it_a_moment_before():
    fence_id = fenced("pos", "RVK", SOFA=3)
    hold_id = held(*at("RVK", SOFA=2), channel="pos")
    ended = while_undecided(lambda: commands.release(hold_id, "cancelled"), partial(commands.unfence, fence_id))
    assert isinstance(ended, FenceEnded)
    assert ended.quantity == 3
    assert balanced()


def test_a_channel_is_fenced_once_and_a_fence_ends_once():
    answers = racing(*[partial(fenced, "pos", "RVK", SOFA=2) for _ in range(4)])
    (fence_id,) = [answer for answer in answers if isinstance(answer, UUID)]
    assert sum(isinstance(answer, FenceExists) for answer in answers) == 3
    ended = racing(*[partial(commands.unfence, fence_id) for _ in range(4)])
    assert sum(isinstance(answer, FenceEnded) for answer in ended) == 1
    assert sum(isinstance(answer, FenceOver) for answer in ended) == 3
    assert free("SOFA") == 5
    assert balanced()


def test_rules_end_a_fence_once_however_many_look_after_it():
    for sku in SKUS:
        commands.fence(new_id(), "pos", "RVK", sku, 2, until=in_future(hours=1))
    ended = racing(*[partial(two_days_later, fences.give_back_due) for _ in range(4)])
    assert sum(ended) == 2
    assert balanced()


def test_who_counts_after_a_buyer_shrinks_the_fence_that_the_buyer_left():
    fence_id = fenced("pos", "RVK", SOFA=3)
    counted = while_undecided(
        lambda: held(*at("RVK", SOFA=2), channel="pos"),
        lambda: commands.count("RVK", at("RVK", SOFA=2), "stocktaking"),
    )
    assert isinstance(counted, StockAdjusted)
    assert (queries.fence(fence_id).left, level("RVK", "SOFA")) == (0, (2, 2))
    below = while_undecided(
        lambda: held(*at("RVK", LAMP=3), channel="pos"),
        lambda: commands.count("RVK", at("RVK", LAMP=2), "stocktaking"),
    )
    assert isinstance(below, BelowHeld)
    assert balanced()


# Allotments


def test_what_a_device_sold_is_handed_on_once_however_often_it_tells():
    allotment, order = allotted(*at("RVK", SOFA=3)), new_id()
    answers = racing(*[partial(commands.hand_on, allotment, order, at("RVK", SOFA=1)) for _ in range(4)])
    assert sum(isinstance(answer, StockHandedOn) for answer in answers) == 1
    assert sum(isinstance(answer, HoldExists) for answer in answers) == 3
    with_key = racing(*[partial(commands.hand_on, allotment, o, at("RVK", SOFA=1), key="s1") for o in [new_id()] * 4])
    assert with_key == [with_key[0]] * 4
    assert queries.allotment(allotment).lines[0].left == 1
    assert balanced()


def test_a_device_hands_on_no_more_than_it_has():
    allotment = allotted(*at("RVK", SOFA=3))
    answers = racing(*[partial(commands.hand_on, allotment, new_id(), at("RVK", SOFA=1)) for _ in range(6)])
    assert sum(isinstance(answer, StockHandedOn) for answer in answers) == 3
    assert sum(isinstance(answer, NotHeld) for answer in answers) == 3
    assert level("RVK", "SOFA") == (5, 3)
    assert balanced()


def test_between_handing_on_and_lapsing_exactly_one_wins_and_with_the_shelf_the_sale_always_does():
    for shelf in (False, True) * 6:
        allotment, order = allotted(*at("RVK", SOFA=3)), new_id()
        handed, _ = racing(
            partial(commands.hand_on, allotment, order, at("RVK", SOFA=3), shelf=shelf),
            partial(two_days_later, commands.lapse_holds),
        )
        if shelf:
            assert isinstance(handed, StockHandedOn)
            assert sum(each.quantity for each in (*handed.positions, *handed.from_shelf)) == 3
        else:
            assert isinstance(handed, StockHandedOn | HoldClosed)
        if isinstance(handed, StockHandedOn):
            assert level("RVK", "SOFA") == (5, 3)
            commands.release(order, "cancelled")
        two_days_later(commands.lapse_holds)
        assert level("RVK", "SOFA") == (5, 0)
    assert balanced()


def test_what_a_device_gives_back_it_does_not_hand_on_as_well():
    allotment = allotted(*at("RVK", SOFA=3))
    second = while_undecided(
        lambda: commands.give_back(allotment, at("RVK", SOFA=2)),
        lambda: commands.hand_on(allotment, new_id(), at("RVK", SOFA=2)),
    )
    assert isinstance(second, NotHeld)
    assert second.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 2, "held": 1}]
    assert balanced()


def test_devices_and_buyers_share_the_last_units_and_no_more():
    first, second = allotted(*at("RVK", SOFA=1)), allotted(*at("RVK", SOFA=1))
    deeds = [partial(commands.top_up, device, at("RVK", SOFA=1)) for device in (first, second)] * 3
    deeds += [partial(allocated, *at("RVK", SOFA=1), channel=channel) for channel in CHANNELS]
    answers = racing(*deeds)
    assert sum(isinstance(answer, SoldOut) for answer in answers) == len(deeds) - 3
    assert level("RVK", "SOFA") == (5, 5)
    assert balanced()


def test_a_device_gets_as_far_as_stock_goes_reckoned_after_the_wait():
    topped_up = allotted(*at("RVK", SOFA=1))
    told = while_undecided(
        lambda: held(*at("RVK", SOFA=2)), partial(commands.top_up, topped_up, at("RVK", SOFA=4), partly=True)
    )
    assert (told.positions, told.short) == (at("RVK", SOFA=2), at("RVK", SOFA=2))
    told = while_undecided(
        lambda: held(*at("RVK", LAMP=2)),
        lambda: commands.allot(new_id(), at("RVK", LAMP=9), in_future(hours=8), partly=True),
    )
    assert (told.positions, told.short) == (at("RVK", LAMP=3), at("RVK", LAMP=6))
    assert balanced()


# Everybody at once


def test_a_busy_day_of_all_channels_deadlocks_nobody_and_promises_nothing_twice():
    """Buyers of every channel, devices, fences made and ended, vans and stocktaking over the same few levels."""

    def work(seed: int) -> int:
        random, done = Random(seed), 0
        own, devices, fenced_here = [new_id()], [new_id()], [new_id()]
        for _ in range(50):
            spots = random.sample([(code, sku) for code in STORES for sku in SKUS], random.randint(1, 4))
            wanted = tuple(Position(code, sku, random.randint(1, 2)) for code, sku in spots)
            here, there = random.sample(STORES, 2)
            goods = tuple(Line(sku, 1) for sku in random.sample(SKUS, random.randint(1, 2)))
            channel = random.choice(CHANNELS)
            hold_id, device, fence_id = random.choice(own), random.choice(devices), random.choice(fenced_here)
            deed = random.choice(
                [
                    lambda w=wanted, c=channel: own.append(held(*w, minutes=random.choice((0.0001, 15)), channel=c)),
                    lambda w=wanted, c=channel: own.append(allocated(*w, channel=c)),
                    partial(commands.release, hold_id, "cancelled"),
                    partial(commands.issue, hold_id, wanted[:1]),
                    lambda w=wanted, c=channel: devices.append(allotted(*w, channel=c)),
                    partial(commands.top_up, device, wanted, partly=True),
                    partial(commands.give_back, device, wanted[:1]),
                    partial(commands.give_back, device),
                    lambda d=device, w=wanted: own.append(commands.hand_on(d, new_id(), w, shelf=True).hold_id),
                    lambda w=wanted, c=channel: fenced_here.append(fenced(c, w[0].location, **{w[0].sku: 1})),
                    partial(commands.unfence, fence_id),
                    partial(commands.transfer, here, there, goods, "van"),
                    partial(commands.receive, here, goods, "note"),
                    partial(commands.count, here, tuple(Position(here, line.sku, 4) for line in goods), "count"),
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
