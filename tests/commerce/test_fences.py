"""Goods kept for one channel: only it may take them, and they come back when they should."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.inventory import books, commands, fences, queries
from samband.commerce.inventory.giving_back import Facts, GiveBack, before_closing, due
from samband.commerce.inventory.refusals import (
    BelowHeld,
    FenceExists,
    FenceOver,
    LessFenced,
    NotEnoughStock,
    SoldOut,
    UnknownFence,
    UnknownLocation,
)
from samband.events.inventory import FenceEnded, FenceReduced, StockAdjusted, StockFenced
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.refusal import Invalid
from samband.timeline import queries as timeline
from tests.commerce.shelves import (
    WEEK,
    allocated,
    allotted,
    at,
    balanced,
    fenced,
    free,
    held,
    level,
    refused,
    shelve,
    store,
)

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


# Making and ending


def test_only_what_nobody_has_a_claim_on_is_fenced():
    store()
    shelve("RVK", SOFA=9)
    held(*at("RVK", SOFA=2))
    allotted(*at("RVK", SOFA=1))
    fenced("kiosk", "RVK", SOFA=1)
    commands.set_safety("RVK", "SOFA", 2)
    with refused(NotEnoughStock) as refusal:
        fenced("pos", "RVK", SOFA=4)
    assert refusal.value.details["short"] == [{"location": "RVK", "sku": "SOFA", "wanted": 4, "available": 3}]
    fenced("pos", "RVK", SOFA=3)
    assert (free("SOFA"), free("SOFA", "pos"), free("SOFA", "kiosk")) == (0, 3, 1)
    assert balanced()


def test_a_channel_has_one_fence_for_goods_at_a_location():
    store("RVK")
    store("AKU")
    shelve("RVK", SOFA=5, LAMP=5)
    shelve("AKU", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=1)
    with refused(FenceExists) as refusal:
        fenced("pos", "RVK", SOFA=1)
    assert refusal.value.details == {"fence_id": str(fence_id)}
    with refused(FenceExists):
        commands.fence(fence_id, "pos", "RVK", "LAMP", 1)
    for channel, location, sku in (("kiosk", "RVK", "SOFA"), ("pos", "AKU", "SOFA"), ("pos", "RVK", "LAMP")):
        fenced(channel, location, **{sku: 1})
    assert [(each.sku, each.location, each.channel) for each in queries.fences().rows] == [
        ("LAMP", "RVK", "pos"),
        ("SOFA", "AKU", "pos"),
        ("SOFA", "RVK", "kiosk"),
        ("SOFA", "RVK", "pos"),
    ]
    assert [each.channel for each in queries.fences(location="RVK", sku="SO").rows] == ["kiosk", "pos"]
    assert [each.location for each in queries.fences(channel="kiosk").rows] == ["RVK"]
    commands.unfence(fence_id)
    fenced("pos", "RVK", SOFA=1)
    assert balanced()


def test_a_fence_that_ends_gives_what_is_left_to_everybody():
    store()
    shelve("RVK", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=3)
    held(*at("RVK", SOFA=1), channel="pos")
    told = commands.unfence(fence_id)
    assert isinstance(told, FenceEnded)
    assert (told.quantity, told.reason, free("SOFA")) == (2, "unfenced", 4)
    ended = queries.fence(fence_id)
    assert (ended.left, ended.ended_for) == (0, "unfenced")
    assert ended.ended_at is not None
    with refused(FenceOver):
        commands.unfence(fence_id)
    with refused(UnknownFence):
        commands.unfence(new_id())
    with refused(UnknownFence):
        queries.fence(new_id())
    assert balanced()


def test_a_part_of_a_fence_is_given_back_and_the_rest_stands():
    store()
    shelve("RVK", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=3)
    told = commands.unfence(fence_id, 2)
    assert isinstance(told, FenceReduced)
    assert (queries.fence(fence_id).left, free("SOFA")) == (1, 4)
    for quantity in (0, -1, 2):
        with refused(LessFenced):
            commands.unfence(fence_id, quantity)
    commands.unfence(fence_id, 1)
    assert queries.fence(fence_id).ended_at is None, "a fence stands until it ends, for goods may come back into it"
    assert balanced()


def test_asked_twice_with_one_key_is_fenced_once():
    store()
    shelve("RVK", SOFA=5)
    ask = partial(commands.fence, new_id(), "pos", "RVK", "SOFA", 2, give_back=GiveBack(idle_days=3), key="f1")
    assert ask() == ask()
    assert isinstance(ask(), StockFenced)
    assert free("SOFA") == 3


def test_a_fence_is_read_with_care():
    store()
    shelve("RVK", SOFA=5)
    ask = partial(commands.fence, new_id())
    for channel, location, sku, quantity in (
        ("", "RVK", "SOFA", 1),
        ("P O S", "RVK", "SOFA", 1),
        ("pos", "R V K", "SOFA", 1),
        ("pos", "RVK", "", 1),
        ("pos", "RVK", "SOFA", 0),
        ("pos", "RVK", "SOFA", -1),
    ):
        with refused(Invalid):
            ask(channel, location, sku, quantity)
    with refused(UnknownLocation):
        ask("pos", "MOON", "SOFA", 1)
    for rules in (
        {"until": now()},
        {"give_back": GiveBack(hours_before_closing=25)},
        {"give_back": GiveBack(hours_before_closing=-1)},
        {"give_back": GiveBack(idle_days=0)},
        {"give_back": GiveBack(free_below=0)},
    ):
        with refused(Invalid):
            ask("pos", "RVK", "SOFA", 1, **rules)
    assert free("SOFA") == 5


# When goods are gone, fences stand in the way or give way


def test_fenced_goods_do_not_move_and_the_refusal_says_that_they_are_fenced():
    store("RVK")
    store("AKU")
    shelve("RVK", SOFA=5)
    fenced("pos", "RVK", SOFA=3)
    with refused(NotEnoughStock) as refusal:
        commands.transfer("RVK", "AKU", (Line("SOFA", 3),), "van")
    assert refusal.value.details["short"] == [
        {"location": "RVK", "sku": "SOFA", "wanted": 3, "available": 2, "fenced": 3}
    ]
    commands.transfer("RVK", "AKU", (Line("SOFA", 2),), "van")
    assert (level("RVK", "SOFA"), free("SOFA", "pos")) == ((3, 0), 3)
    assert balanced()


def test_what_is_gone_is_gone_and_the_youngest_fence_gives_way_first():
    store()
    shelve("RVK", SOFA=9)
    oldest, middle, youngest = (fenced(channel, "RVK", SOFA=2) for channel in ("pos", "kiosk", "shop"))
    held(*at("RVK", SOFA=1), channel="pos")
    told = commands.count("RVK", at("RVK", SOFA=3), "stocktaking")
    assert isinstance(told, StockAdjusted)
    assert [queries.fence(each).left for each in (oldest, middle, youngest)] == [1, 1, 0]
    assert level("RVK", "SOFA") == (3, 1)
    reduced = timeline.of_subject(f"fence:{youngest}")[0]
    assert (reduced.name, reduced.payload["quantity"], reduced.payload["reason"]) == (
        FenceReduced.name,
        2,
        "stock_gone",
    )
    commands.adjust("RVK", at("RVK", SOFA=-2), "damaged", "report")
    assert [queries.fence(each).left for each in (oldest, middle, youngest)] == [0, 0, 0]
    with refused(BelowHeld):
        commands.count("RVK", at("RVK", SOFA=0), "stocktaking")
    assert balanced()


def test_safety_stock_is_set_above_a_fence_too():
    store()
    shelve("RVK", SOFA=5)
    fenced("pos", "RVK", SOFA=3)
    commands.set_safety("RVK", "SOFA", 4)
    assert (free("SOFA"), free("SOFA", "pos")) == (0, 1)
    with refused(SoldOut):
        held(*at("RVK", SOFA=2), channel="pos")
    held(*at("RVK", SOFA=1), channel="pos")
    assert balanced()


# Rules that give back

MONDAY_NOON = datetime(2026, 3, 23, 12, tzinfo=UTC)


def after(hours: float) -> int:
    with held_at(MONDAY_NOON + timedelta(hours=hours)):
        return fences.give_back_due()


def ruled(channel: str = "pos", quantity: int = 2, **rules) -> object:
    fence_id, until = new_id(), rules.pop("until", None)
    with held_at(MONDAY_NOON):
        commands.fence(fence_id, channel, "RVK", "SOFA", quantity, until=until, give_back=GiveBack(**rules))
    return fence_id


@pytest.fixture
def shelf():
    store(opening=WEEK)
    shelve("RVK", SOFA=9)


def test_a_fence_without_rules_stands_until_somebody_ends_it(shelf):
    fence_id = ruled()
    assert after(24 * 400) == 0
    assert queries.fence(fence_id).left == 2


def test_a_fence_ends_at_its_moment(shelf):
    fence_id = ruled(until=MONDAY_NOON + timedelta(hours=3))
    assert (after(2.9), after(3), after(3)) == (0, 1, 0)
    assert (queries.fence(fence_id).ended_for, free("SOFA")) == ("until", 9)
    assert balanced()


def test_a_fence_ends_some_hours_before_the_store_closes(shelf):
    fence_id = ruled(hours_before_closing=2)
    assert (after(3.9), after(4)) == (0, 1)
    assert queries.fence(fence_id).ended_for == "closing"


def test_a_fence_ends_when_its_channel_takes_nothing_for_some_days(shelf):
    fence_id = ruled(idle_days=3)
    with held_at(MONDAY_NOON + timedelta(days=2)):
        held(*at("RVK", SOFA=1), channel="pos")
    assert (after(24 * 4.9), after(24 * 5)) == (0, 1)
    assert queries.fence(fence_id).ended_for == "idle"


def test_what_others_take_does_not_keep_a_fence_alive(shelf):
    ruled(idle_days=3)
    with held_at(MONDAY_NOON + timedelta(days=2)):
        held(*at("RVK", SOFA=1), channel="shop")
    assert after(24 * 3) == 1


def test_fences_end_one_by_one_until_everybody_has_enough(shelf):
    store("AKU")
    shelve("AKU", SOFA=1)
    first, second = ruled("pos", 3, free_below=4), ruled("kiosk", 3, free_below=4)
    assert after(1) == 0
    allocated(*at("RVK", SOFA=2))
    assert after(1) == 1
    assert (queries.fence(second).ended_for, queries.fence(first).ended_at) == ("needed_elsewhere", None)
    assert (free("SOFA"), free("SOFA", location="AKU")) == (4, 1)
    allocated(*at("RVK", SOFA=2))
    assert after(1) == 1
    assert balanced()


def hours(opening=WEEK, zone="UTC", opened=MONDAY_NOON) -> Facts:
    return Facts(opened, None, 100, opening, zone)


def test_before_closing_means_the_next_closing_that_is_far_enough_away():
    two = timedelta(hours=2)
    assert before_closing(hours(), two) == MONDAY_NOON.replace(hour=16)
    late = MONDAY_NOON.replace(hour=17)
    assert before_closing(hours(opened=late), two) == MONDAY_NOON.replace(day=24, hour=16)
    saturday_evening = MONDAY_NOON.replace(day=28, hour=20)
    assert before_closing(hours(opened=saturday_evening), two) == MONDAY_NOON.replace(day=30, hour=16)
    assert before_closing(hours(opening={}), two) is None
    assert before_closing(hours(opening={"mon": ("18:00", "24:00")}), two) == MONDAY_NOON.replace(hour=22)


def test_closing_is_told_by_the_clocks_of_the_location_also_when_they_change():
    warsaw = hours({"sun": ("10:00", "18:00")}, "Europe/Warsaw", datetime(2026, 3, 28, 20, tzinfo=UTC))
    assert before_closing(warsaw, timedelta(hours=2)) == datetime(2026, 3, 29, 14, tzinfo=UTC)


@given(
    st.integers(0, 24 * 60), st.floats(0, 24), st.dictionaries(st.sampled_from(list(WEEK)), st.just(("08:00", "17:30")))
)
def test_a_fence_never_gives_back_for_a_closing_before_it_was_opened(minutes, ahead, opening):
    facts = hours(opening, "Europe/Riga", MONDAY_NOON + timedelta(minutes=minutes))
    moment = before_closing(facts, timedelta(hours=ahead))
    assert (moment is None) == (not opening)
    if moment:
        assert facts.opened_at < moment <= facts.opened_at + timedelta(days=9)
        rules = GiveBack(hours_before_closing=ahead)
        assert due(None, rules, facts, moment) == "closing"
        assert due(None, rules, facts, moment - timedelta(seconds=1)) == ""


# What the database refuses by itself, and what the books find


@pytest.mark.parametrize(
    "statement",
    [
        "update inventory_level set fenced = 3",
        "update inventory_level set held = 5",
        "update inventory_level set fences = jsonb_set(fences, '{pos,left}', '3')",
        "update inventory_level set fences = null",
        "update inventory_level set fenced = -1, fences = jsonb_set(fences, '{pos,left}', '-1')",
        "update inventory_fence set quantity = 9",
        "update inventory_fence set channel = 'shop'",
        "update inventory_fence set ended_at = now()",
        "delete from inventory_fence",
        "insert into inventory_fence (id, channel, location, sku, quantity, opened_at, ended_for)"
        " values (gen_random_uuid(), 'pos', 'RVK', 'SOFA', 1, now(), '')",
        "insert into inventory_fence (id, channel, location, sku, quantity, opened_at, ended_for)"
        " values (gen_random_uuid(), 'shop', 'RVK', 'UNHEARD-OF', 1, now(), '')",
        "update inventory_holdline set drawn = 3",
        "update inventory_holdline set fence = null",
        'update inventory_holdline set quantity = 4, "left" = 4',
        "update inventory_hold set kind = 'allotment', sells_until = now()",
        "update inventory_hold set channel = 'shop'",
    ],
)
def test_the_database_refuses_on_its_own(statement):
    store()
    shelve("RVK", SOFA=5)
    fenced("pos", "RVK", SOFA=3)
    held(*at("RVK", SOFA=2), channel="pos")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("set constraints all immediate")
    assert balanced()


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (
            "update inventory_level set fenced = 0, fences = null",
            "Fence {fence} is open, but its level does not know it.",
        ),
        (
            "update inventory_fence set ended_at = now(), ended_for = 'until'",
            "Fence {fence} is in a level, but no open fence there.",
        ),
        (
            "update inventory_holdline set fence = gen_random_uuid()",
            "Hold {hold} has 2 of SOFA at RVK out of a fence that does not exist.",
        ),
        (
            "alter table inventory_level drop constraint level_fences; update inventory_level set fenced = 2",
            "Level SOFA at RVK has 2 fenced, but 1 are left in its fences.",
        ),
    ],
)
def test_the_books_find_what_somebody_did_behind_our_back(damage, finding):
    store()
    shelve("RVK", SOFA=5)
    fence_id = fenced("pos", "RVK", SOFA=3)
    hold_id = held(*at("RVK", SOFA=2), channel="pos")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for each in ("alter table inventory_holdline disable trigger user", *damage.split("; ")):
            cursor.execute(each)
    assert list(books.findings()) == [finding.format(fence=fence_id, hold=hold_id)]
