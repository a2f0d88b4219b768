"""Goods that a till device may sell by itself: set aside for it, handed on to what it sold, and freed at the end."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.commerce.inventory import commands, queries
from samband.commerce.inventory.allotments import GRACE
from samband.commerce.inventory.refusals import (
    BelowHeld,
    HoldClosed,
    HoldExists,
    IsAllotment,
    NotAllotment,
    NotEnoughStock,
    NotHeld,
    SoldOut,
    UnknownHold,
)
from samband.events.inventory import AllotmentGivenBack
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline
from tests.commerce.shelves import allotted, at, balanced, fenced, free, held, level, refused, shelve, store

pytestmark = pytest.mark.django_db


def left(allotment_id) -> dict[str, tuple[int, int]]:
    return {line.sku: (line.quantity, line.left) for line in queries.allotment(allotment_id).lines}


def test_what_a_device_may_sell_nobody_else_may():
    store()
    shelve("RVK", SOFA=5)
    allotment = allotted(*at("RVK", SOFA=3), device="Till 2")
    assert free("SOFA") == free("SOFA", "pos") == 2
    assert level("RVK", "SOFA") == (5, 3)
    (seen,) = queries.allotments("RVK")
    assert (seen.id, seen.device, seen.channel) == (allotment, "Till 2", "pos")
    assert queries.allotments("AKU") == ()
    assert balanced()


def test_what_a_device_sold_is_handed_on_and_no_level_changes():
    store()
    shelve("RVK", SOFA=5)
    allotment, order = allotted(*at("RVK", SOFA=3)), new_id()
    commands.hand_on(allotment, order, at("RVK", SOFA=2))
    assert level("RVK", "SOFA") == (5, 3)
    assert left(allotment) == {"SOFA": (3, 1)}
    assert queries.hold(order).state == "kept"
    commands.issue(order, at("RVK", SOFA=2))
    assert level("RVK", "SOFA") == (3, 1)
    assert balanced()


def test_more_than_a_device_has_is_not_handed_on():
    store()
    shelve("RVK", SOFA=5, LAMP=1)
    allotment, order = allotted(*at("RVK", SOFA=1)), new_id()
    with refused(NotHeld) as refusal:
        commands.hand_on(allotment, order, at("RVK", SOFA=2, LAMP=1))
    assert refusal.value.details["short"] == [
        {"location": "RVK", "sku": "LAMP", "wanted": 1, "held": 0},
        {"location": "RVK", "sku": "SOFA", "wanted": 2, "held": 1},
    ]
    told = commands.hand_on(allotment, order, at("RVK", SOFA=2, LAMP=1), shelf=True)
    assert told.positions == at("RVK", SOFA=1)
    assert told.from_shelf == at("RVK", LAMP=1, SOFA=1)
    assert (level("RVK", "SOFA"), level("RVK", "LAMP")) == ((5, 2), (1, 1))
    assert [(line.sku, line.left) for line in queries.hold(order).lines] == [("LAMP", 1), ("SOFA", 2)]
    with refused(SoldOut) as refusal:
        commands.hand_on(allotment, new_id(), at("RVK", SOFA=4), shelf=True)
    assert refusal.value.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 4, "available": 3}]
    with refused(HoldExists):
        commands.hand_on(allotment, order, at("RVK", SOFA=1), shelf=True)
    assert balanced()


def test_what_a_device_hands_on_was_fenced_for_its_channel_and_goes_back_there():
    store()
    shelve("RVK", SOFA=5)
    fence_id, order = fenced("pos", "RVK", SOFA=2), new_id()
    allotment = allotted(*at("RVK", SOFA=3))
    assert (queries.fence(fence_id).left, free("SOFA")) == (0, 2)
    commands.hand_on(allotment, order, at("RVK", SOFA=2))
    commands.give_back(allotment)
    assert (queries.fence(fence_id).left, free("SOFA")) == (0, 3), "the device had one free unit left"
    commands.release(order, "cancelled")
    assert (queries.fence(fence_id).left, free("SOFA")) == (2, 3)
    assert balanced()


def test_a_sale_told_after_the_allotment_is_over_comes_off_the_shelf():
    store()
    shelve("RVK", SOFA=5)
    allotment, order = allotted(*at("RVK", SOFA=3)), new_id()
    commands.give_back(allotment)
    with refused(HoldClosed):
        commands.hand_on(allotment, order, at("RVK", SOFA=1))
    with refused(UnknownHold):
        commands.hand_on(new_id(), order, at("RVK", SOFA=1))
    assert commands.hand_on(allotment, order, at("RVK", SOFA=1), shelf=True).from_shelf == at("RVK", SOFA=1)
    assert commands.hand_on(new_id(), new_id(), at("RVK", SOFA=1), shelf=True).positions == ()
    assert level("RVK", "SOFA") == (5, 2)
    with refused(SoldOut):
        commands.hand_on(allotment, new_id(), at("AKU", STOOL=1), shelf=True)
    assert balanced()


def test_a_device_is_topped_up_and_sells_longer():
    store()
    shelve("RVK", SOFA=5, LAMP=1)
    allotment = allotted(*at("RVK", SOFA=1), hours=1)
    until = in_future(hours=9)
    told = commands.top_up(allotment, at("RVK", SOFA=2, LAMP=1), until)
    assert (told.positions, told.short, told.sells_until) == (at("RVK", LAMP=1, SOFA=2), (), until)
    assert left(allotment) == {"SOFA": (3, 3), "LAMP": (1, 1)}
    seen = queries.allotment(allotment)
    assert (seen.sells_until, seen.lapses_at) == (until, until + GRACE)
    assert commands.top_up(allotment, (), in_future(hours=1)).sells_until == until, "a promise is not shortened"
    with refused(SoldOut) as refusal:
        commands.top_up(allotment, at("RVK", SOFA=3))
    assert refusal.value.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 3, "available": 2}]
    told = commands.top_up(allotment, at("RVK", SOFA=3, LAMP=1, STOOL=1), partly=True)
    assert (told.positions, told.short) == (at("RVK", SOFA=2), at("RVK", LAMP=1, SOFA=1, STOOL=1))
    assert level("RVK", "SOFA") == (5, 5)
    assert balanced()


def test_goods_alone_do_not_make_a_device_sell_longer():
    store()
    shelve("RVK", SOFA=5)
    allotment = allotted(*at("RVK", SOFA=1), hours=1)
    before = queries.allotment(allotment)
    with held_at(in_future(hours=2)):
        told = commands.top_up(allotment, at("RVK", SOFA=1))
    after = queries.allotment(allotment)
    assert told.sells_until == after.sells_until == before.sells_until
    assert after.lapses_at == before.lapses_at


def test_units_of_a_fence_that_ended_are_free_ones_once_a_device_is_topped_up_from_the_next():
    store()
    shelve("RVK", SOFA=5)
    first = fenced("pos", "RVK", SOFA=2)
    allotment = allotted(*at("RVK", SOFA=2))
    commands.unfence(first)
    second = fenced("pos", "RVK", SOFA=1)
    commands.top_up(allotment, at("RVK", SOFA=1))
    assert (queries.fence(second).left, free("SOFA")) == (0, 2)
    commands.give_back(allotment)
    assert (queries.fence(second).left, free("SOFA")) == (1, 4)
    assert balanced()


def test_what_is_sold_of_an_allotment_and_of_the_shelf_goes_back_to_the_fence_that_stands():
    store()
    shelve("RVK", SOFA=5)
    first = fenced("pos", "RVK", SOFA=1)
    allotment, order = allotted(*at("RVK", SOFA=1)), new_id()
    commands.unfence(first)
    second = fenced("pos", "RVK", SOFA=2)
    commands.hand_on(allotment, order, at("RVK", SOFA=4), shelf=True)
    assert (queries.fence(second).left, free("SOFA")) == (0, 1)
    commands.release(order, "cancelled")
    assert (queries.fence(second).left, free("SOFA")) == (2, 3)
    assert balanced()


def test_a_device_gets_as_far_as_stock_goes():
    store()
    shelve("RVK", SOFA=2)
    allotment = new_id()
    told = commands.allot(allotment, at("RVK", SOFA=5, LAMP=1), in_future(hours=8), device="Till 2", partly=True)
    assert (told.positions, told.short) == (at("RVK", SOFA=2), at("RVK", LAMP=1, SOFA=3))
    with refused(SoldOut):
        commands.allot(new_id(), at("RVK", SOFA=1), in_future(hours=8), partly=True)
    commands.give_back(allotment)
    with refused(HoldExists):
        commands.allot(allotment, at("RVK", SOFA=1), in_future(hours=8))
    assert balanced()


def test_a_device_gives_back_a_part_and_stays_or_all_and_is_done():
    store()
    shelve("RVK", SOFA=5)
    allotment = allotted(*at("RVK", SOFA=3))
    assert not commands.give_back(allotment, at("RVK", SOFA=3)).closed
    assert (level("RVK", "SOFA"), queries.allotment(allotment).state) == ((5, 0), "live")
    assert balanced()
    commands.top_up(allotment, at("RVK", SOFA=1))
    with refused(NotHeld):
        commands.give_back(allotment, at("RVK", SOFA=2))
    assert commands.give_back(allotment, at("RVK", SOFA=2, CUP=1), partly=True).positions == at("RVK", SOFA=1)
    assert commands.give_back(allotment, at("RVK", SOFA=2), partly=True).positions == ()
    assert commands.give_back(allotment).closed
    assert queries.allotment(allotment).state == "closed"
    assert queries.allotments() == ()
    for late in (partial(commands.give_back, allotment), partial(commands.top_up, allotment, at("RVK", SOFA=1))):
        with refused(HoldClosed):
            late()
    assert balanced()


def test_an_allotment_lapses_a_day_after_the_device_was_to_stop_selling():
    store()
    shelve("RVK", SOFA=5)
    allotment, order = allotted(*at("RVK", SOFA=3), hours=8), new_id()
    with held_at(in_future(hours=8) + GRACE - timedelta(minutes=1)):
        assert commands.lapse_holds() == 0
        commands.hand_on(allotment, order, at("RVK", SOFA=1))
    with held_at(in_future(hours=8) + GRACE):
        assert commands.lapse_holds() == 1
    assert level("RVK", "SOFA") == (5, 1)
    last = timeline.of_subject(f"allotment:{allotment}")[0]
    assert last.name == AllotmentGivenBack.name
    assert (last.payload["reason"], last.payload["closed"]) == ("lapsed", True)
    assert [each["quantity"] for each in last.payload["positions"]] == [2]
    assert balanced()


def test_an_empty_allotment_lapses_too():
    store()
    shelve("RVK", SOFA=1)
    allotment = allotted(*at("RVK", SOFA=1))
    commands.hand_on(allotment, new_id(), at("RVK", SOFA=1))
    with held_at(in_future(days=3)):
        assert commands.lapse_holds() == 1
    assert queries.allotment(allotment).state == "closed"
    assert balanced()


def test_orders_and_devices_are_not_mistaken_for_each_other():
    store()
    shelve("RVK", SOFA=5)
    allotment, hold_id = allotted(*at("RVK", SOFA=1)), held(*at("RVK", SOFA=1))
    for deed in (
        partial(commands.keep, allotment),
        partial(commands.release, allotment, "cancelled"),
        partial(commands.issue, allotment, at("RVK", SOFA=1)),
    ):
        with refused(IsAllotment):
            deed()
    for deed in (
        partial(commands.give_back, hold_id),
        partial(commands.top_up, hold_id, at("RVK", SOFA=1)),
        partial(commands.hand_on, hold_id, new_id(), at("RVK", SOFA=1)),
        partial(commands.hand_on, hold_id, new_id(), at("RVK", SOFA=1), shelf=True),
    ):
        with refused(NotAllotment):
            deed()
    with refused(UnknownHold):
        queries.allotment(hold_id)
    with refused(HoldExists):
        commands.allot(hold_id, at("RVK", SOFA=1), in_future(hours=1))
    assert balanced()


def test_what_is_asked_for_a_device_is_read_with_care():
    store()
    shelve("RVK", SOFA=5)
    for positions, until, about in (
        ((), in_future(hours=1), {}),
        (at("RVK", SOFA=0), in_future(hours=1), {}),
        (at("RVK", SOFA=1), now(), {}),
        (at("RVK", SOFA=1), in_future(hours=1), {"channel": ""}),
        (at("RVK", SOFA=1), in_future(hours=1), {"channel": "P OS"}),
        (at("RVK", SOFA=1), in_future(hours=1), {"device": "x" * 201}),
    ):
        with refused(Invalid):
            commands.allot(new_id(), positions, until, **about)
    allotment = allotted(*at("RVK", SOFA=1))
    with refused(Invalid):
        commands.top_up(allotment, (), now() - timedelta(hours=1))
    with refused(Invalid):
        commands.hand_on(allotment, new_id(), ())
    assert level("RVK", "SOFA") == (5, 1)


def test_what_a_device_has_is_not_counted_away_and_the_refusal_says_who_has_it():
    store("RVK")
    store("AKU")
    shelve("RVK", SOFA=5)
    allotted(*at("RVK", SOFA=3))
    held(*at("RVK", SOFA=1))
    with refused(BelowHeld) as refusal:
        commands.count("RVK", at("RVK", SOFA=3), "stocktaking")
    assert refusal.value.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 3, "held": 4, "allotted": 3}]
    with refused(NotEnoughStock) as refusal:
        commands.transfer("RVK", "AKU", (Line("SOFA", 2),), "van")
    assert refusal.value.details["short"] == [
        {"location": "RVK", "sku": "SOFA", "wanted": 2, "available": 1, "allotted": 3}
    ]
    assert balanced()


def test_the_statements_of_setting_aside_are_counted():
    store()
    shelve("RVK", SOFA=9)
    fenced("pos", "RVK", SOFA=3)
    hold_id = new_id()

    def statements(deed) -> int:
        with CaptureQueriesContext(connection) as told:
            deed()
        return len([each for each in told if "SAVEPOINT" not in each["sql"]])

    assert statements(lambda: commands.hold(hold_id, at("RVK", SOFA=2), in_future(minutes=5), "pos")) == 2
    assert statements(lambda: commands.keep(hold_id)) == 2
    assert statements(lambda: commands.release(hold_id, "cancelled", at("RVK", SOFA=1))) == 3
    assert statements(lambda: commands.issue(hold_id, at("RVK", SOFA=1))) == 3
