"""Goods that a till device may sell by itself: set aside for it, handed on to what it sold, and freed at the end."""

import pytest

from samband.commerce.inventory import commands, queries
from samband.commerce.inventory.refusals import (
    HoldExists,
    NotHeld,
    SoldOut,
)
from samband.kernel.ids import new_id
from tests.commerce.shelves import allotted, at, balanced, free, level, refused, shelve, store

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
