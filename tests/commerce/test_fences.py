"""Goods kept for one channel: only it may take them, and they come back when they should."""

from datetime import timedelta

import pytest

from samband.commerce.inventory import commands, queries
from samband.commerce.inventory.refusals import (
    SoldOut,
)
from samband.kernel.clock import held_at, now
from tests.commerce.shelves import allocated, at, balanced, fenced, free, held, level, refused, shelve, store

pytestmark = pytest.mark.django_db


def test_only_its_channel_may_take_what_is_fenced():
    store()
    shelve("RVK", SOFA=5)
    fenced("pos", "RVK", SOFA=2)
    assert (free("SOFA"), free("SOFA", "shop"), free("SOFA", "pos")) == (3, 3, 5)
    with refused(SoldOut) as refusal:
        held(*at("RVK", SOFA=4), channel="shop")
    assert refusal.value.details["short"][0]["available"] == 3
    held(*at("RVK", SOFA=4), channel="pos")
    assert (free("SOFA"), free("SOFA", "pos")) == (1, 1)
    assert balanced()


def test_a_channel_takes_its_fenced_units_first_and_free_ones_after_them():
    store()
    shelve("RVK", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=2)
    held(*at("RVK", SOFA=1), channel="pos")
    assert (free("SOFA"), free("SOFA", "pos")) == (3, 4)
    assert queries.fence(fence_id).left == 1
    held(*at("RVK", SOFA=3), channel="pos")
    assert (free("SOFA"), free("SOFA", "pos")) == (1, 1)
    assert balanced()


def test_a_list_shows_what_the_channel_can_have():
    store()
    shelve("RVK", SOFA=2)
    fenced("pos", "RVK", SOFA=2)
    assert queries.places(["SOFA"]) == queries.places(["SOFA"], "shop") == {}
    assert queries.places(["SOFA"], "pos") == {"SOFA": frozenset({"RVK"})}
    (there,) = queries.available(["SOFA"], "shop")["SOFA"]
    assert (there.on_hand, there.held, there.safety, there.fenced, there.available) == (2, 0, 0, 2, 0)
    (there,) = queries.available(["SOFA"], "pos")["SOFA"]
    assert (there.fenced, there.available) == (0, 2)


def test_what_a_channel_gives_back_goes_back_into_its_fence():
    store()
    shelve("RVK", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=2)
    hold_id = held(*at("RVK", SOFA=3), channel="pos")
    assert queries.fence(fence_id).left == 0
    commands.release(hold_id, "cancelled", at("RVK", SOFA=1))
    assert (free("SOFA"), queries.fence(fence_id).left) == (3, 0), "the free unit is given back first"
    commands.release(hold_id, "cancelled")
    assert (free("SOFA"), queries.fence(fence_id).left) == (3, 2)
    assert balanced()


def test_what_leaves_the_house_is_what_was_fenced():
    store()
    shelve("RVK", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=2)
    hold_id = allocated(*at("RVK", SOFA=3), channel="pos")
    commands.issue(hold_id, at("RVK", SOFA=2))
    commands.release(hold_id, "cancelled")
    assert (free("SOFA"), queries.fence(fence_id).left) == (3, 0)
    assert level("RVK", "SOFA") == (3, 0)
    assert balanced()


def test_what_was_drawn_from_a_fence_that_ended_comes_back_free_though_another_was_made():
    store()
    shelve("RVK", SOFA=5)
    first = fenced("pos", "RVK", SOFA=2)
    hold_id = held(*at("RVK", SOFA=2), channel="pos")
    commands.unfence(first)
    second = fenced("pos", "RVK", SOFA=1)
    commands.release(hold_id, "cancelled")
    assert (free("SOFA"), queries.fence(second).left) == (4, 1)
    assert balanced()


def test_holds_that_lapse_together_go_back_where_each_came_from():
    store()
    shelve("RVK", SOFA=9, LAMP=4)
    pos, kiosk = fenced("pos", "RVK", SOFA=2), fenced("kiosk", "RVK", SOFA=2)
    fenced("pos", "RVK", LAMP=1)
    for channel in ("pos", "kiosk", "shop", ""):
        held(*at("RVK", SOFA=1, LAMP=1), channel=channel)
    held(*at("RVK", SOFA=1), channel="pos")
    assert (free("SOFA"), free("SOFA", "pos"), free("LAMP")) == (5 - 2, 3, 0)
    with held_at(now() + timedelta(hours=1)):
        assert commands.lapse_holds() == 5
    assert (queries.fence(pos).left, queries.fence(kiosk).left, free("SOFA")) == (2, 2, 5)
    assert free("LAMP") == 3
    assert balanced()
