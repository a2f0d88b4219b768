"""Goods are sent from where it costs least, never more than is there, and always the same way."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samband.bench.routing import FOREVER, NO_LIMIT, Case, orders, routing, scattered
from samband.commerce.fulfillment import solving, trying
from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.fulfillment.routing import (
    MOST_SITES_EXACT,
    Costs,
    Destination,
    Site,
    as_split,
    route,
)
from samband.commerce.fulfillment.splits import Split, Take
from samband.kernel.geography import Place
from samband.kernel.goods import Line, Position, gathered

REYKJAVIK = Site("RVK", "store", Place(64.15, -21.94), "IS", True)
AKUREYRI = Site("AKU", "store", Place(65.68, -18.09), "IS", True)
RIGA = Site("RIX", "store", Place(56.95, 24.11), "LV", True)
LONDON = Site("LON", "warehouse", Place(51.51, -0.12), "GB", True)
WARSAW = Site("WAW", "store", Place(52.23, 21.01), "PL", True)
SITES = (REYKJAVIK, AKUREYRI, RIGA, LONDON, WARSAW)
TO_ICELAND = Destination("IS", Place(65.68, -18.10))


def stock(**units: dict[str, int]) -> dict[str, dict[str, int]]:
    return units


def test_one_parcel_from_one_place_if_any_has_everything():
    goods = stock(SOFA={"RVK": 1, "AKU": 5, "RIX": 2}, LAMP={"RVK": 9, "LON": 9, "RIX": 1})
    assert route([Line("SOFA", 2), Line("LAMP", 1)], goods, SITES, TO_ICELAND) == (
        Position("RIX", "LAMP", 1),
        Position("RIX", "SOFA", 2),
    )


@pytest.mark.parametrize(
    ("places", "chosen"),
    [
        (("RVK", "AKU", "LON"), "AKU"),
        (("RVK", "LON", "RIX"), "RVK"),
        (("RIX", "LON", "WAW"), "LON"),
        (("RIX", "WAW"), "RIX"),
    ],
    ids=[
        "the nearest in the country",
        "in the country before abroad",
        "a warehouse before a store",
        "the nearest abroad",
    ],
)
def test_among_places_that_would_do_the_order_is_fixed(places, chosen):
    goods = stock(SOFA=dict.fromkeys(places, 3))
    assert route([Line("SOFA", 3)], goods, SITES, TO_ICELAND) == (Position(chosen, "SOFA", 3),)
    assert route([Line("SOFA", 3)], goods, reversed(SITES), TO_ICELAND) == (Position(chosen, "SOFA", 3),)


def test_without_a_place_to_go_to_the_code_decides_the_last():
    goods = stock(SOFA={"RVK": 3, "AKU": 3})
    assert route([Line("SOFA", 3)], goods, SITES, Destination("IS")) == (Position("AKU", "SOFA", 3),)


def test_two_parcels_beat_three_even_if_one_comes_from_abroad():
    goods = stock(SOFA={"RVK": 1, "AKU": 1, "LON": 2}, LAMP={"WAW": 1})
    assert route([Line("SOFA", 2), Line("LAMP", 1)], goods, SITES, TO_ICELAND) == (
        Position("LON", "SOFA", 2),
        Position("WAW", "LAMP", 1),
    )


def test_a_line_is_not_torn_apart_if_a_place_in_the_parcel_has_it_whole():
    goods = stock(SOFA={"RVK": 1, "LON": 2}, LAMP={"RVK": 1})
    assert route([Line("SOFA", 2), Line("LAMP", 1)], goods, SITES, TO_ICELAND) == (
        Position("LON", "SOFA", 2),
        Position("RVK", "LAMP", 1),
    )


def test_a_place_that_does_not_ship_is_left_out():
    closed = Site("RVK", "store", None, "IS", False)
    with pytest.raises(CannotRoute) as refusal:
        route([Line("SOFA", 2)], stock(SOFA={"RVK": 9, "LON": 1}), (closed, LONDON), TO_ICELAND)
    assert refusal.value.details == {"short": [{"sku": "SOFA", "wanted": 2, "available": 1}]}


def test_all_that_is_short_is_named():
    with pytest.raises(CannotRoute) as refusal:
        route(
            [Line("SOFA", 2), Line("LAMP", 1), Line("RUG", 1)],
            stock(RUG={"RVK": 1}, SOFA={"RVK": -3}),
            SITES,
            TO_ICELAND,
        )
    assert [each["sku"] for each in refusal.value.details["short"]] == ["LAMP", "SOFA"]
    assert [each["available"] for each in refusal.value.details["short"]] == [0, 0]


SKUS = ("A", "B", "C")


@st.composite
def worlds(draw: st.DrawFn, most_sites: int = 9) -> tuple:
    codes = [f"S{n}" for n in range(draw(st.integers(1, most_sites)))]
    sites = [
        Site(
            code,
            draw(st.sampled_from(["store", "warehouse"])),
            draw(st.none() | st.builds(Place, st.floats(-60, 70), st.floats(-180, 180))),
            draw(st.sampled_from(["IS", "GB"])),
            draw(st.integers(0, 4)) > 0,
        )
        for code in codes
    ]
    goods = {sku: {code: draw(st.integers(-1, 4)) for code in codes if draw(st.booleans())} for sku in SKUS}
    wants = draw(st.lists(st.builds(Line, st.sampled_from(SKUS), st.integers(1, 5)), min_size=1, max_size=4))
    destination = Destination("IS", draw(st.none() | st.just(Place(64.1, -21.9))))
    return wants, goods, sites, destination


def enough(goods: dict, wanted: Counter, sites: tuple[Site, ...]) -> bool:
    return all(sum(max(goods[sku].get(site.code, 0), 0) for site in sites) >= n for sku, n in wanted.items())


@settings(max_examples=400, deadline=None)
@given(worlds())
def test_a_route_has_what_was_wanted_and_no_more_than_is_there(world):
    wants, goods, sites, destination = world
    wanted: Counter[str] = Counter()
    for line in wants:
        wanted[line.sku] += line.quantity
    shipping = tuple(site for site in sites if site.ships)
    if not enough(goods, wanted, shipping):
        with pytest.raises(CannotRoute):
            route(wants, goods, sites, destination)
        return
    positions = route(wants, goods, sites, destination)
    routed: Counter[str] = Counter()
    for position in positions:
        assert 1 <= position.quantity <= goods[position.sku][position.location]
        assert position.location in {site.code for site in shipping}
        routed[position.sku] += position.quantity
    assert routed == wanted
    assert len({(position.location, position.sku) for position in positions}) == len(positions)
    assert route(wants, goods, list(reversed(sites)), destination) == positions


def possible(world: tuple) -> tuple:
    """The same wish, of each line no more than there is."""
    wants, goods, sites, destination = world
    codes = [site.code for site in sites if site.ships]
    free = {line.sku: sum(max(goods[line.sku].get(code, 0), 0) for code in codes) for line in wants}
    lines = tuple(
        Line(line.sku, min(line.quantity, free[line.sku])) for line in gathered(tuple(wants)) if free[line.sku]
    )
    assume(lines)
    return lines, goods, sites, destination


def every_way(split: Split) -> Iterator[tuple[Take, ...]]:
    """Every way of sharing every line out over the places."""
    shares = []
    for line, wanted in enumerate(split.wanted):
        each = product(*(range(room[line] + 1) for room in split.rooms))
        shares.append([units for units in each if sum(units) == wanted])
    for chosen in product(*shares):
        yield tuple(
            Take(site, line, units) for line, given in enumerate(chosen) for site, units in enumerate(given) if units
        )


costs = st.builds(
    Costs,
    parcel=st.integers(0, 1000),
    abroad=st.integers(0, 800),
    from_store=st.integers(0, 200),
    line=st.integers(0, 300),
    per_kg=st.integers(0, 100),
    per_kg_abroad=st.integers(0, 200),
    slow=st.dictionaries(
        st.sampled_from(SKUS), st.dictionaries(st.sampled_from(["S0", "S1", "S2"]), st.integers(0, 90))
    ),
)


@settings(max_examples=300, deadline=None)
@given(worlds(most_sites=4), costs)
def test_no_other_way_of_sharing_an_order_out_costs_less(world, tariff):
    lines, goods, sites, destination = possible(world)
    split = as_split(lines, goods, sites, destination, tariff)
    least = min(split.cost(way) for way in every_way(split))
    routed = route(lines, goods, sites, destination, tariff)
    assert Case(lines, goods, tuple(sites), tariff, destination).cost(routed) == least


@settings(max_examples=150, deadline=None)
@given(worlds(most_sites=7), costs)
def test_trying_and_solving_agree(world, tariff):
    lines, goods, sites, destination = possible(world)
    split = as_split(lines, goods, sites, destination, tariff)
    solved = solving.solve(split, 0.0, FOREVER, NO_LIMIT)
    assert solved is not None
    least = split.cost(solved)
    assert split.cost(trying.cheapest(split)) == least
    left = split.without_dominated()
    assert left.cost(trying.cheapest(left)) == least
    assert split.cost(solving.nearest(split)) >= least


def test_a_thousand_orders_over_many_places_cost_at_most_one_per_cent_more_than_the_cheapest(monkeypatch):
    monkeypatch.setattr(solving, "LONGEST_SECONDS", FOREVER)  # a busy machine is no worse at routing
    draw = random.Random(2026)
    dearer = 0
    for _ in range(1000):
        case = scattered(draw, 20, MOST_SITES_EXACT + 1, 6)
        least, cost = case.least(), case.cost(case.routed())
        assert least <= cost <= least * 1.01, case
        dearer += cost > least
    assert dearer < 50


def test_of_very_many_places_the_useful_ones_are_put_to_the_solver(monkeypatch):
    monkeypatch.setattr(solving, "MOST_PAIRS", 40)
    draw = random.Random(7)
    for _ in range(30):
        case = scattered(draw, 40, 30, 6)
        routed: Counter[str] = Counter()
        for position in case.routed():
            assert 1 <= position.quantity <= case.stock[position.sku][position.location]
            routed[position.sku] += position.quantity
        assert routed == {line.sku: line.quantity for line in case.wants}


def test_a_solver_that_finds_nothing_leaves_the_nearest_way(monkeypatch):
    case = scattered(random.Random(3), 20, 15, 6)
    monkeypatch.setattr(solving, "solve", lambda *asked: None)
    assert sum(position.quantity for position in case.routed()) == sum(line.quantity for line in case.wants)


# What a parcel costs


def test_a_place_with_its_hands_full_is_spared():
    busy = replace(AKUREYRI, load=9.0)
    goods = stock(SOFA={"AKU": 3, "RVK": 3})
    assert route([Line("SOFA", 1)], goods, (AKUREYRI, REYKJAVIK), TO_ICELAND)[0].location == "AKU"
    assert route([Line("SOFA", 1)], goods, (busy, REYKJAVIK), TO_ICELAND)[0].location == "RVK"


def test_what_does_not_sell_at_a_place_is_taken_from_there():
    goods = stock(SOFA={"AKU": 3, "RVK": 3})
    slow = Costs(grams={"SOFA": 30_000}, slow={"SOFA": {"RVK": 500}})
    assert route([Line("SOFA", 1)], goods, (AKUREYRI, REYKJAVIK), TO_ICELAND, slow)[0].location == "RVK"


def test_heavy_goods_come_from_near_even_in_two_parcels():
    goods = stock(SOFA={"RVK": 1, "AKU": 1, "LON": 2})
    light = route([Line("SOFA", 2)], goods, (REYKJAVIK, AKUREYRI, LONDON), TO_ICELAND, Costs(grams={"SOFA": 100}))
    heavy = route([Line("SOFA", 2)], goods, (REYKJAVIK, AKUREYRI, LONDON), TO_ICELAND, Costs(grams={"SOFA": 60_000}))
    assert {one.location for one in light} == {"LON"}
    assert {one.location for one in heavy} == {"AKU", "RVK"}


def test_the_bench_routes_the_same_orders_each_time():
    assert [case.routed() for case in orders(20, 5)] == [case.routed() for case in orders(20, 5)]


@pytest.mark.django_db
def test_the_bench_tells_its_figure_beside_the_limit_and_how_near_the_exact_answer_it_is():
    report = routing(60, 3)
    assert (report.name, report.unit) == ("routing", "routes/s")
    assert report.ours > 0
    assert 0 < report.ratio < 2
    assert report.p50_ms <= report.p99_ms
    assert 0 <= report.about["above_exact"]["most"] <= 0.01
    assert json.loads(report.as_json())["routes"] == 60
