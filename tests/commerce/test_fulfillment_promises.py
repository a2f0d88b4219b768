"""What promises go by, and whether they were kept."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from samband.commerce.fulfillment import arranging, commands, conditions, queries
from samband.commerce.fulfillment.refusals import InvalidLane, InvalidPace
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from tests.commerce.shelves import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    conditions.forget()
    yield
    conditions.forget()


def requested(kind: str = "pickup", units: int = 1, until: timedelta = timedelta(hours=4), **given: Any) -> UUID:
    fulfillment_id = new_id()
    at = now()
    commands.request(
        fulfillment_id,
        new_id(),
        None,
        kind,
        given.pop("location", "RVK"),
        (Line("SOFA", units),),
        given.pop("promise_from", at),
        at + until,
        new_id() if kind == "ship" else None,
        **given,
    )
    return fulfillment_id


def picked(fulfillment_id: UUID) -> UUID:
    commands.start_picking(fulfillment_id)
    for line in queries.fulfillment(fulfillment_id).lines:
        commands.pick(fulfillment_id, line.sku, line.quantity)
    return fulfillment_id


def done(fulfillment_id: UUID, later: timedelta) -> None:
    kind = queries.fulfillment(fulfillment_id).kind
    picked(fulfillment_id)
    with held_at(now() + later):
        if kind == "pickup":
            commands.make_ready(fulfillment_id, now() + timedelta(days=3))
        elif kind == "serve":
            commands.ready_to_serve(fulfillment_id)
        else:
            commands.ship(fulfillment_id, "Post")
            commands.deliver(fulfillment_id)


# What they go by


def test_the_hours_that_wait_at_a_place_are_its_open_units_by_its_pace():
    requested(units=90)
    picked(requested(units=40))
    requested(kind="carry", units=500)
    requested(units=30, location="AKU")
    arranging.set_pace("AKU", 15)
    assert conditions.conditions().hours == {"RVK": 1.5, "AKU": 2.0}
    assert conditions.conditions().backlog("LON") == timedelta()


def test_how_things_stand_is_asked_once_a_minute(django_assert_num_queries):
    conditions.conditions()
    with django_assert_num_queries(0):
        conditions.conditions()
    arranging.set_pace("RVK", 7)
    with django_assert_num_queries(1):
        conditions.conditions()


def test_a_lane_written_down_goes_before_the_usual_one_and_may_be_closed():
    usual = conditions.conditions().lanes
    arranging.save_lane("IS", "IS", carrier="Post", cut_off=time(11, 30), least_days=2, most_days=3)
    arranging.save_lane("IS", "IS", "express", carrier="Bud", cut_off=time(10), least_days=1, most_days=1)
    arranging.save_lane("IS", "GR", cut_off=time(10), least_days=1, most_days=1, active=False)
    lanes = conditions.conditions().lanes
    assert (lanes["IS", "IS", "standard"].cut_off, lanes["IS", "IS", "standard"].most_days) == (time(11, 30), 3)
    assert lanes["IS", "IS", "express"].carrier == "Bud"
    assert ("IS", "GR", "standard") not in lanes
    assert lanes["IS", "GB", "standard"] == usual["IS", "GB", "standard"]


def test_what_lies_somewhere_is_noted_in_place_of_what_lay_before():
    arranging.note_lying({"SOFA": {"RVK": 40, "AKU": 20}, "LAMP": {"RVK": 0}})
    assert conditions.conditions().slow == {"SOFA": {"RVK": 40, "AKU": 20}}
    arranging.note_lying({"CUP": {"LON": 40}})
    assert conditions.conditions().slow == {"CUP": {"LON": 40}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "NO"},
        {"destination": ""},
        {"service": "Next Day!"},
        {"carrier": "x" * 101},
        {"cut_off": "10:00"},
        {"least_days": 0},
        {"least_days": 3},
        {"most_days": 61},
    ],
)
def test_a_lane_that_cannot_be_is_refused(wrong):
    lane = {"origin": "IS", "destination": "IS", "cut_off": time(10), "least_days": 1, "most_days": 2, **wrong}
    with refused(InvalidLane):
        arranging.save_lane(**lane)


def test_a_pace_is_one_unit_an_hour_at_least():
    for pace in (0, -1, True, 1.5):
        with refused(InvalidPace):
            arranging.set_pace("RVK", pace)  # type: ignore[arg-type]


# Kept and broken


def today() -> tuple[datetime, datetime]:
    return now() - timedelta(days=1), now() + timedelta(days=2)


def test_kept_broken_and_late_promises_are_counted():
    for kind in ("pickup", "ship", "serve"):
        done(requested(kind), timedelta(hours=1))
    done(requested("ship"), timedelta(hours=5))
    done(requested("pickup", location="AKU"), timedelta(hours=9))
    requested("ship", until=timedelta(minutes=1))
    requested("pickup")
    requested("carry")
    commands.cancel(requested("pickup"), "customer")
    with held_at(now() + timedelta(hours=1)):
        count = queries.kept_promises(*today())
        assert (count.kept, count.broken, count.open_late, count.still_open) == (3, 2, 1, 1)
        assert count.kept_basis_points == 5000
        assert {kind: (one.kept, one.broken, one.open_late) for kind, one in count.by_kind.items()} == {
            "pickup": (1, 1, 0),
            "serve": (1, 0, 0),
            "ship": (1, 1, 1),
        }
        assert queries.kept_promises(*today(), location="AKU").broken == 1
        assert queries.kept_promises(*today(), location="LON").kept_basis_points is None


def test_a_pickup_that_was_ready_in_time_kept_its_promise_though_nobody_came():
    one = requested()
    done(one, timedelta(hours=1))
    with held_at(now() + timedelta(days=5)):
        commands.expire(one)
    assert queries.kept_promises(*today()).kept == 1


def test_a_parcel_that_comes_before_its_slot_begins_breaks_its_promise():
    for kept, early in ((0, timedelta(hours=2)), (1, timedelta(hours=3, minutes=30))):
        one = requested("ship", promise_from=now() + timedelta(hours=3), slot_id=new_id())
        done(one, early)
        count = queries.kept_promises(*today())
        assert (count.kept, count.broken) == (kept, 1)
