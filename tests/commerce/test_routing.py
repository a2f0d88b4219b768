"""Goods are sent from as few places as can be, never more than is there, and always the same way."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.fulfillment.routing import MOST_SITES_EXACT, Destination, Site, route
from samband.kernel.geography import Place
from samband.kernel.goods import Line, Position

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


@settings(max_examples=300, deadline=None)
@given(worlds(most_sites=MOST_SITES_EXACT))
def test_there_are_as_few_parcels_as_can_be_and_one_if_one_place_has_it_all(world):
    wants, goods, sites, destination = world
    wanted: Counter[str] = Counter()
    for line in wants:
        wanted[line.sku] += line.quantity
    shipping = [site for site in sites if site.ships]
    if not enough(goods, wanted, tuple(shipping)):
        return
    parcels = len({position.location for position in route(wants, goods, sites, destination)})
    fewest = next(
        size
        for size in range(1, len(shipping) + 1)
        if any(enough(goods, wanted, chosen) for chosen in combinations(shipping, size))
    )
    assert parcels == fewest


@settings(max_examples=200, deadline=None)
@given(worlds(most_sites=14))
def test_among_many_places_one_that_has_it_all_is_still_found(world):
    wants, goods, sites, destination = world
    wanted: Counter[str] = Counter()
    for line in wants:
        wanted[line.sku] += line.quantity
    alone = [site for site in sites if site.ships and enough(goods, wanted, (site,))]
    if alone:
        assert len({position.location for position in route(wants, goods, sites, destination)}) == 1
