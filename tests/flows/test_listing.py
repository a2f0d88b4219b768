"""A list of products: found, priced for the market and the group, and where each can be had now."""

import pytest

from samband.commerce.catalog.refusals import BadAsk
from samband.commerce.catalog.search import Ask, catch_up
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.refusals import UnknownMarket
from samband.flows.listing import ELSEWHERE, IN_STORE, SOLD_OUT, TO_SEND, Listed, listing
from samband.kernel.clock import held_at, in_future, now
from tests import worlds
from tests.worlds import CAKE, CUP, LAST_TEN, LONDON, REYKJAVIK, RIGA


@pytest.fixture
def world(db, settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"
    yield worlds.small_world(), catch_up()
    worlds.fresh_processes()


def ask(market: str = "IS", **more: object) -> Ask:
    return Ask("shop", market, "en", **more)  # type: ignore[arg-type]


def by_slug(listed: Listed) -> dict[str, tuple[int | None, str]]:
    """Price in minor units and how it can be had, by slug."""
    return {
        product.card.slug: (product.tag.unit.amount if product.tag else None, how)
        for product, how in zip(listed.products, listed.stock, strict=True)
    }


def empty(location: str, sku: str) -> None:
    on_hand = next((place.on_hand for place in stock.available([sku])[sku] if place.location == location), 0)
    if on_hand:
        inventory.set_safety(location, sku, on_hand)


def test_each_product_comes_with_its_lowest_price_in_the_market(world):
    listed = by_slug(listing(ask(category="home", sort="price")))
    assert list(listed) == ["cup", "last-ten", "lamp", "sofa-hallormur"]
    assert listed["sofa-hallormur"] == (129_900, IN_STORE)
    sofa = next(one for one in listing(ask(category="sofas")).products)
    assert sofa.several
    assert by_slug(listing(ask("LV", category="sofas")))["sofa-hallormur"][0] == 89_900


def test_a_group_sees_its_own_price_and_nobody_elses(world):
    pricing.save_price_list("club", "ISK", customer_group="club")
    pricing.set_prices("club", {CUP: 1_000})
    assert by_slug(listing(ask(), "club"))["cup"][0] == 1_000
    assert by_slug(listing(ask()))["cup"][0] == 1_490
    assert by_slug(listing(ask(), "staff"))["cup"][0] == 1_490


def test_stock_is_told_as_it_is_for_the_market(world):
    for market, cake, last_ten in (("IS", IN_STORE, TO_SEND), ("LV", IN_STORE, TO_SEND)):
        told = by_slug(listing(ask(market)))
        assert (told["cake"][1], told["last-ten"][1]) == (cake, last_ten)
    empty(LONDON, LAST_TEN)
    assert by_slug(listing(ask()))["last-ten"][1] == SOLD_OUT
    inventory.save_location(
        RIGA, kind="store", name="Samband RIX", market="LV", country="LV", time_zone="Europe/Riga",
        opening=worlds.WEEK, pickup=True, ships=False, position=1,
    )  # fmt: skip
    stock.forget_locations()
    empty(REYKJAVIK, CAKE)
    assert by_slug(listing(ask()))["cake"][1] == ELSEWHERE


def test_a_change_of_price_is_seen_at_once_and_so_is_an_offer_that_begins(world):
    before = listing(ask())
    pricing.set_prices("isk-regular", {CUP: 1_600})
    after = listing(ask())
    assert by_slug(after)["cup"][0] == 1_600
    assert before.edition != after.edition
    pricing.save_price_list("soon", "ISK", priority=5, valid_from=in_future(hours=1))
    pricing.set_prices("soon", {CUP: 900})
    assert by_slug(listing(ask()))["cup"][0] == 1_600
    with held_at(in_future(hours=2)):
        assert by_slug(listing(ask()))["cup"][0] == 900


def test_the_second_time_nothing_but_versions_and_stock_is_asked(world, django_assert_num_queries):
    listing(ask())
    with django_assert_num_queries(4):  # and the locations, which are not remembered inside a test's transaction
        listing(ask())


def test_nothing_found_is_an_empty_list(world, django_assert_num_queries):
    listed = listing(ask(text="qqqqqq"))
    assert (listed.found.total, listed.products, listed.stock) == (0, (), ())


def test_what_cannot_be_asked_is_refused(world):
    with pytest.raises(BadAsk):
        listing(ask(page=0))
    with pytest.raises(BadAsk):
        listing(ask(filters={"nothing": ("x",)}))
    with pytest.raises((UnknownMarket, BadAsk)):
        listing(ask("XX"), at=now())
