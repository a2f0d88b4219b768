"""What is proposed to be moved helps who is sold out first, harms nobody, and is the same whoever is named first."""

from itertools import product
from math import ceil, exp, inf, lgamma, log
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samband.commerce.inventory.balancing import COVER, Cover, Shelf, balance, reorder_point
from samband.kernel.geography import Place

REYKJAVIK, AKUREYRI = Place(64.15, -21.94), Place(65.68, -18.09)
WARSAW, RIGA = Place(52.23, 21.01), Place(56.95, 24.11)

paces = st.one_of(st.just(0.0), st.integers(1, 80).map(lambda sold: sold / 28))


@st.composite
def shelves(draw, most: int = 5) -> list[Shelf]:
    found = []
    for number in range(draw(st.integers(1, most))):
        to_sell = draw(st.integers(0, 60))
        movable = draw(st.integers(0, to_sell))
        country = draw(st.sampled_from(("IS", "PL")))
        place = draw(st.sampled_from((None, REYKJAVIK, WARSAW, RIGA)))
        found.append(Shelf(f"S{number}", to_sell, movable, draw(paces), country, place))
    return found


def after(those: list[Shelf]) -> dict[str, int]:
    units = {shelf.location: shelf.to_sell for shelf in those}
    for each in balance(those):
        units[each.location] -= each.quantity
        units[each.to_location] += each.quantity
    return units


def test_goods_move_from_where_they_lie_to_where_they_are_sold_out():
    busy, quiet = Shelf("RVK", 0, 0, 0.5, "IS", REYKJAVIK), Shelf("AKU", 40, 40, 0.1, "IS", AKUREYRI)
    (told,) = balance([quiet, busy])
    assert (told.location, told.to_location, told.quantity) == ("AKU", "RVK", 11)
    assert (told.days_there, round(told.days_there_after)) == (0, 22)
    assert (round(told.days_here), round(told.days_here_after)) == (400, 290)
    assert told.km == pytest.approx(249, abs=1)
    assert not told.abroad


def test_nothing_moves_where_all_have_enough_or_nobody_can_give():
    assert balance([Shelf("A", 20, 20, 1.0), Shelf("B", 90, 90, 1.0)]) == ()
    assert balance([Shelf("A", 0, 0, 1.0), Shelf("B", 42, 42, 1.0)]) == (), "who sells it keeps six weeks' worth"
    assert balance([Shelf("A", 0, 0, 1.0), Shelf("B", 50, 0, 0.0)]) == (), "what is fenced stays"
    assert balance([Shelf("A", 0, 0, 0.0), Shelf("B", 50, 50, 0.0)]) == (), "what nobody buys needs not be there"
    assert balance([]) == ()


def test_the_nearest_gives_first_and_abroad_last():
    short = Shelf("RVK", 0, 0, 1.0, "IS", REYKJAVIK)
    near, far = Shelf("AKU", 9, 9, 0.0, "IS", AKUREYRI), Shelf("WAW", 99, 99, 0.0, "PL", WARSAW)
    unknown = Shelf("VOR", 5, 5, 0.0, "IS", None)
    told = [(each.location, each.quantity, each.abroad) for each in balance([far, unknown, near, short])]
    assert told == [("AKU", 9, False), ("VOR", 5, False), ("WAW", 7, True)]


def test_too_little_for_all_is_shared_so_that_the_first_to_be_sold_out_is_as_late_as_can_be():
    short = [Shelf("A", 0, 0, 1.0), Shelf("B", 0, 0, 2.0), Shelf("C", 6, 6, 1.0)]
    assert after([*short, Shelf("D", 9, 9, 0.0)]) == {"A": 3, "B": 6, "C": 6, "D": 0}


@given(shelves())
def test_nothing_is_made_up_and_nothing_is_lost(those):
    units = after(those)
    assert sum(units.values()) == sum(shelf.to_sell for shelf in those)
    assert all(each.quantity > 0 for each in balance(those))


@given(shelves())
def test_who_gives_can_spare_it_and_who_gets_lacks_it(those):
    units = after(those)
    for shelf in those:
        change = units[shelf.location] - shelf.to_sell
        if change > 0:
            assert shelf.days < COVER.short_days
            assert units[shelf.location] <= ceil(shelf.pace * COVER.aim_days)
        if change < 0:
            assert -change <= shelf.movable
            assert units[shelf.location] >= shelf.pace * COVER.keep_days


@given(shelves(), st.randoms(use_true_random=False))
def test_the_order_in_which_shelves_are_named_does_not_matter(those, random: Random):
    mixed = list(those)
    random.shuffle(mixed)
    assert balance(mixed) == balance(those)


@given(shelves())
def test_once_all_is_moved_nothing_more_is_proposed(those):
    units = after(those)
    done = [
        Shelf(
            each.location, units[each.location], each.movable + min(units[each.location] - each.to_sell, 0), each.pace
        )
        for each in those
    ]
    assert balance(done) == ()


@given(shelves(most=4))
def test_no_other_sharing_leaves_the_worst_off_better(those):
    cover = Cover(short_days=2.0, aim_days=4.0, keep_days=8.0)
    those = [Shelf(each.location, each.to_sell % 9, each.to_sell % 9, each.pace) for each in those]
    short = [each for each in those if each.lacks(cover)]
    spare = sum(each.spares(cover) for each in those)
    got = dict.fromkeys((each.location for each in short), 0)
    for each in balance(those, cover):
        got[each.to_location] += each.quantity

    def worst(shares) -> float:
        return min(((each.to_sell + share) / each.pace for each, share in zip(short, shares, strict=True)), default=inf)

    ways = product(*[range(each.lacks(cover) + 1) for each in short])
    best = max((worst(shares) for shares in ways if sum(shares) <= spare), default=inf)
    assert worst(got.values()) == pytest.approx(best)


def test_goods_are_ordered_before_the_wait_for_them_outlasts_them():
    assert [reorder_point(sold / 28) for sold in (0, 1, 4, 28)] == [0, 1, 3, 12]
    assert reorder_point(10.0, lead_days=2) == 28
    assert reorder_point(100.0) == ceil(700 + 1.645 * 700**0.5)


def enough(units: int, expected: float) -> float:
    return sum(exp(each * log(expected) - expected - lgamma(each + 1)) for each in range(units + 1))


@given(st.floats(0.01, 57))
def test_nineteen_of_twenty_waits_are_outlasted_and_one_unit_less_would_not_do(pace: float):
    point = reorder_point(pace)
    assert enough(point, pace * 7) >= 0.95 - 1e-9
    assert point == 0 or enough(point - 1, pace * 7) < 0.95 + 1e-9


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_who_sells_more_orders_earlier(slow: float, quick: float):
    slow, quick = sorted((slow, quick))
    assert reorder_point(slow) <= reorder_point(quick)
