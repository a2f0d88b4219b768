"""Delivery slots: opened by their rules, chosen by postcode, and never promised to more than they have room for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.fulfillment import arranging, books, queries, slotting
from samband.commerce.fulfillment.models import Slot
from samband.commerce.fulfillment.opening import slots_of
from samband.commerce.fulfillment.promise import DAYS, is_holiday
from samband.commerce.fulfillment.refusals import (
    InvalidSlotRule,
    SlotClosed,
    SlotFull,
    UnknownSlot,
    UnknownSlotRule,
)
from samband.events.fulfillment import SlotReserved
from samband.kernel.clock import held_at
from samband.kernel.geography import TIME_ZONES
from samband.kernel.ids import new_id
from samband.kernel.refusal import Refusal
from samband.timeline import queries as timeline
from tests.commerce.shelves import racing, refused

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""In Reykjavík clocks show the same."""


def ruled(**given: Any) -> UUID:
    rule_id = new_id()
    described = {
        "location": "RVK",
        "country": "IS",
        "time_zone": "Atlantic/Reykjavik",
        "days": DAYS[:5],
        "starts": time(17),
        "ends": time(19),
        "capacity": 2,
        "notice_minutes": 120,
        "opens_days": 2,
        **given,
    }
    arranging.save_slot_rule(rule_id, **described)
    return rule_id


@contextmanager
def opened(at: datetime = MONDAY, **given: Any) -> Iterator[list[queries.SlotView]]:
    """A rule stands and its slots are open; the clock stands still inside."""
    ruled(**given)
    with held_at(at):
        slotting.open_slots()
        yield list(queries.slots("IS", "101", at, ["RVK"]))


def balanced(at: datetime = MONDAY) -> bool:
    with held_at(at):
        assert list(books.findings()) == []
    return True


# Opening


def test_a_rule_opens_its_slots_ahead_and_only_once():
    with opened() as found:
        assert [slot.starts_at for slot in found] == [datetime(2026, 3, day, 17, tzinfo=UTC) for day in (2, 3, 4)]
        assert {(slot.left, slot.capacity) for slot in found} == {(2, 2)}
        assert found[0].order_until == datetime(2026, 3, 2, 15, tzinfo=UTC), "the same day, until two hours before"
        assert slotting.open_slots() == 0
    with held_at(MONDAY + timedelta(days=1)):
        assert slotting.open_slots() == 1


def test_what_is_too_late_to_order_is_not_offered():
    with opened(MONDAY + timedelta(hours=7)) as found:
        assert [slot.starts_at.day for slot in found] == [3, 4]


def test_slots_are_for_the_postcodes_that_their_rule_reaches():
    ruled(postcodes=("10", "l v 1"), opens_days=0)
    ruled(location="AKU", opens_days=0)
    with held_at(MONDAY):
        slotting.open_slots()

        def offered(postcode: str, *locations: str, country: str = "IS") -> list[str]:
            return [slot.location for slot in queries.slots(country, postcode, MONDAY, locations or ["RVK", "AKU"])]

        assert offered("101") == ["AKU", "RVK"]
        assert offered(" 1 01 ") == ["AKU", "RVK"]
        assert offered("lv-1", "RVK") == []
        assert offered("LV1010", "RVK") == ["RVK"]
        assert offered("200") == ["AKU"]
        assert offered("101", "AKU") == ["AKU"]
        assert offered("101", country="LV") == []
        assert offered("\x00'; drop", "RVK") == []


countries = st.sampled_from(sorted(TIME_ZONES))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@settings(max_examples=300, deadline=None)
@given(
    countries,
    st.sets(st.sampled_from(DAYS), min_size=1),
    clocks,
    clocks,
    st.integers(0, 3000),
    st.integers(0, 14),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),
)
def test_slots_lie_on_the_days_and_hours_of_their_rule_whatever_the_clocks_do(
    country, days, one, other, notice, ahead, at
):
    starts, ends = sorted((one, other))
    zone = ZoneInfo(TIME_ZONES[country])
    found = list(
        slots_of(
            tuple(days),
            starts,
            ends,
            country=country,
            time_zone=TIME_ZONES[country],
            notice=timedelta(minutes=notice),
            opens_days=ahead,
            at=at,
        )
    )
    assert len({slot.starts_at for slot in found}) == len(found)
    for slot in found:
        begins = slot.starts_at.astimezone(zone)
        assert DAYS[begins.weekday()] in days
        assert not is_holiday(begins.date(), country)
        assert begins.time() == starts or _skipped(begins.date(), starts, zone)
        assert at < slot.order_until == slot.starts_at - timedelta(minutes=notice)
        assert slot.starts_at < slot.ends_at
        assert begins.date() <= at.astimezone(zone).date() + timedelta(days=ahead)


def _skipped(day: date, clock: time, zone: ZoneInfo) -> bool:
    """That time never was: clocks were set forward over it."""
    local = datetime.combine(day, clock, zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"location": ""},
        {"country": "NO"},
        {"time_zone": "Mars/Base"},
        {"days": ()},
        {"days": ("someday",)},
        {"ends": time(17)},
        {"capacity": 0},
        {"capacity": True},
        {"notice_minutes": -1},
        {"opens_days": 91},
        {"postcodes": ("1'0",)},
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong):
    with refused(InvalidSlotRule) as refusal:
        ruled(**wrong)
    assert refusal.value.details["field"] in wrong


def test_a_rule_may_change_and_end():
    rule_id = ruled(capacity=1)
    with held_at(MONDAY):
        slotting.open_slots()
        slot = queries.slots("IS", "101", MONDAY, ["RVK"])[0]
        slotting.reserve_slot(slot.id, new_id())
        same = {
            "location": "RVK", "country": "IS", "time_zone": "Atlantic/Reykjavik", "days": ("mon", "tue", "wed"),
            "starts": time(17), "ends": time(19),
        }  # fmt: skip
        arranging.save_slot_rule(rule_id, **same, capacity=5)
        assert queries.slot(slot.id).left == 4
        for _ in range(2):
            slotting.reserve_slot(slot.id, new_id())
        arranging.save_slot_rule(rule_id, **same, capacity=1)
        assert (queries.slot(slot.id).capacity, queries.slot(slot.id).left) == (3, 0), "nobody is thrown out"
        arranging.end_slot_rule(rule_id)
        assert [one.id for one in queries.slots("IS", "101", MONDAY, ["RVK"])] == [slot.id]
        assert slotting.open_slots() == 0
    with refused(UnknownSlotRule):
        arranging.end_slot_rule(new_id())
    assert balanced()


# Taking and giving back


def test_an_order_takes_one_place_however_often_it_asks():
    with opened() as (slot, *_):
        order_id = new_id()
        for _ in range(2):
            event = slotting.reserve_slot(slot.id, order_id)
        assert event == SlotReserved(order_id=order_id, slot_id=slot.id, starts_at=slot.starts_at, ends_at=slot.ends_at)
        assert queries.slot(slot.id).left == 1
        assert slotting.keep_slot(order_id)
        slotting.reserve_slot(slot.id, order_id)
        assert queries.slot(slot.id).taken == 1
        assert balanced()


def test_a_full_or_closed_slot_takes_nobody_more():
    with opened() as (slot, *_):
        for _ in range(2):
            slotting.reserve_slot(slot.id, new_id())
        with refused(SlotFull):
            slotting.reserve_slot(slot.id, new_id())
        with refused(UnknownSlot):
            slotting.reserve_slot(new_id(), new_id())
        assert queries.slot(slot.id).left == 0
    with held_at(slot.order_until), refused(SlotClosed):
        slotting.reserve_slot(slot.id, new_id())
    assert balanced()


def test_a_place_that_is_freed_is_somebody_elses():
    with opened() as (slot, other, *_):
        order_id = new_id()
        slotting.reserve_slot(slot.id, order_id)
        slotting.reserve_slot(other.id, order_id)
        slotting.keep_slot(order_id)
        assert slotting.free_slot(order_id, other.id)
        assert (queries.slot(slot.id).taken, queries.slot(other.id).taken) == (1, 0)
        assert slotting.free_slot(order_id)
        assert not slotting.free_slot(order_id), "asked twice, freed once"
        assert not slotting.keep_slot(order_id)
        assert queries.slot(slot.id).left == 2
        told = [each.name.rsplit(".")[-1] for each in timeline.of_subject(f"order:{order_id}")]
        assert told.count("SlotFreed") == 2
        assert balanced()


def test_reserving_takes_one_statement_and_one_to_tell_of_it(django_assert_num_queries):
    with opened() as (slot, *_):
        with django_assert_num_queries(2):
            slotting.reserve_slot(slot.id, new_id())
        with django_assert_num_queries(1):
            slotting.keep_slot(new_id())


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_only_as_many_as_there_is_room_for_get_a_place():
    with opened(capacity=5) as (slot, *_):
        pass
    orders = [new_id() for _ in range(16)]

    def reserve(order_id: UUID) -> object:
        with held_at(MONDAY):
            return slotting.reserve_slot(slot.id, order_id)

    answers = racing(*[partial(reserve, order_id) for order_id in orders])
    got = [one for one in answers if isinstance(one, SlotReserved)]
    assert len(got) == 5
    assert {type(one) for one in answers if isinstance(one, Refusal)} == {SlotFull}
    assert queries.slot(slot.id).left == 0
    assert balanced()


@pytest.mark.django_db(transaction=True)
def test_one_order_that_asks_at_once_in_many_places_takes_one_place():
    with opened(capacity=5) as (slot, *_):
        pass
    order_id = new_id()

    def reserve() -> object:
        with held_at(MONDAY):
            return slotting.reserve_slot(slot.id, order_id)

    answers = racing(*[reserve for _ in range(8)])
    assert all(isinstance(one, SlotReserved) for one in answers)
    assert queries.slot(slot.id).taken == 1
    assert balanced()


@pytest.mark.django_db(transaction=True)
def test_taking_and_freeing_at_once_never_loses_a_place():
    with opened(capacity=4) as (slot, *_):
        pass
    orders = [new_id() for _ in range(4)]
    for order_id in orders:
        with held_at(MONDAY):
            slotting.reserve_slot(slot.id, order_id)

    def reserve(order_id: UUID) -> object:
        with held_at(MONDAY):
            return slotting.reserve_slot(slot.id, order_id)

    racing(
        *[partial(slotting.free_slot, order_id) for order_id in orders for _ in range(2)],
        *[partial(reserve, new_id()) for _ in range(4)],
    )
    assert 0 <= queries.slot(slot.id).taken <= 4
    assert balanced()


@pytest.mark.parametrize("change", ["taken = capacity + 1", "taken = -1", "ends_at = starts_at", "capacity = -1"])
def test_the_database_refuses_a_slot_that_cannot_be(change):
    with opened() as (slot, *_), pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update fulfillment_slot set {change} where id = %s", [slot.id])


def test_the_books_tell_of_a_place_that_nobody_kept_or_freed():
    with opened() as (slot, *_):
        order_id = new_id()
        slotting.reserve_slot(slot.id, order_id)
        assert balanced()
    with held_at(MONDAY + timedelta(days=11)):
        (finding,) = books.findings()
        assert str(order_id) in finding
        slotting.free_slot(order_id)
        assert balanced(MONDAY + timedelta(days=11))


def test_the_books_tell_of_a_slot_that_is_miscounted():
    with opened() as (slot, *_):
        Slot.objects.filter(pk=slot.id).update(taken=1)
        (finding,) = books.findings()
        assert str(slot.id) in finding
