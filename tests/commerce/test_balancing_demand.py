"""What the room tells of demand: reckoned from what really left, and from what really lies there."""

from datetime import timedelta
from math import inf

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.commerce.inventory import commands, demand, queries
from samband.commerce.inventory.balancing import reorder_point
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from tests.commerce.shelves import allocated, allotted, at, fenced, held, shelve, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stores():
    store("RVK", latitude=64.15, longitude=-21.94)
    store("AKU", latitude=65.68, longitude=-18.09)
    store("WAW", country="PL", market="PL", latitude=52.23, longitude=21.01)
    queries.forget_locations()
    yield
    queries.forget_locations()


def sold(location: str, days_ago: float = 3, **units: int) -> None:
    """Goods came in and left again, so many days ago."""
    with held_at(now() - timedelta(days=days_ago)):
        shelve(location, **units)
        commands.issue(allocated(*at(location, **units)), at(location, **units))


def test_pace_is_what_left_in_the_last_four_weeks():
    sold("RVK", SOFA=14, LAMP=28)
    sold("RVK", days_ago=29, SOFA=100)
    sold("AKU", SOFA=7)
    shelve("RVK", CHAIR=5)
    assert demand.paces("RVK") == {"LAMP": 1.0, "SOFA": 0.5}
    assert demand.paces("RVK", most=1) == {"LAMP": 1.0}
    assert demand.paces("WAW") == {}


def test_what_runs_low_is_told_with_what_to_order():
    sold("RVK", SOFA=14, LAMP=28, STOOL=28)
    shelve("RVK", SOFA=2, LAMP=40, STOOL=3)
    low = demand.low_stock()
    assert [(each.sku, each.to_sell, each.days) for each in low] == [("STOOL", 3, 3.0), ("SOFA", 2, 4.0)]
    stool = low[0]
    assert (stool.pace, stool.reorder_point, stool.order) == (1.0, reorder_point(1.0), reorder_point(1.0) + 21 - 3)
    assert demand.low_stock("AKU") == ()
    assert [each.sku for each in demand.low_stock("RVK", most=1)] == ["STOOL"]


def test_what_is_set_aside_or_kept_safe_is_not_to_sell_but_what_is_fenced_is():
    sold("RVK", SOFA=28)
    shelve("RVK", SOFA=30)
    fenced("pos", "RVK", SOFA=10)
    assert demand.low_stock() == ()
    held(*at("RVK", SOFA=9))
    allotted(*at("RVK", SOFA=5))
    commands.set_safety("RVK", "SOFA", 6)
    (low,) = demand.low_stock()
    assert (low.to_sell, low.days) == (10, 10.0)


def test_goods_that_lie_here_and_are_sold_out_there_are_told_and_a_transfer_is_proposed():
    sold("RVK", SOFA=28, LAMP=28)
    shelve("RVK", LAMP=90)
    shelve("AKU", SOFA=15, LAMP=9)
    shelve("WAW", SOFA=50)
    (told,) = demand.uneven()
    assert told.sku == "SOFA"
    assert [(each.location, each.days) for each in told.short] == [("RVK", 0.0)]
    assert [(each.location, each.to_sell, each.days) for each in told.lying] == [("WAW", 50, inf), ("AKU", 15, inf)]
    proposed = [(each.sku, each.transfer) for each in demand.proposals()]
    assert [(sku, one.location, one.to_location, one.quantity, one.abroad) for sku, one in proposed] == [
        ("SOFA", "AKU", "RVK", 15, False),
        ("SOFA", "WAW", "RVK", 6, True),
    ]
    assert {one.days_there_after for _, one in proposed} == {21.0}


def test_what_is_proposed_can_be_done_and_is_then_not_proposed_again():
    sold("RVK", SOFA=28)
    shelve("AKU", SOFA=30)
    fenced("pos", "AKU", SOFA=12)
    held(*at("AKU", SOFA=2))
    commands.set_safety("AKU", "SOFA", 1)
    (proposed,) = demand.proposals()
    assert proposed.transfer.quantity == 15, "neither held, nor fenced, nor kept safe"
    one = proposed.transfer
    commands.transfer(one.location, one.to_location, (Line(proposed.sku, one.quantity),), "proposal", key=str(new_id()))
    assert demand.proposals() == ()


def test_demand_is_asked_in_one_statement_however_many_goods_there_are():
    goods = {f"SKU{number}": 28 for number in range(40)}
    sold("RVK", **goods)
    shelve("AKU", **goods)
    queries.locations()
    for ask in (demand.low_stock, demand.uneven, demand.proposals):
        queries.locations()
        with CaptureQueriesContext(connection) as told:
            assert len(ask()) == 40
        # Locations are not remembered inside the transaction that this test is.
        assert len(told) <= 2
