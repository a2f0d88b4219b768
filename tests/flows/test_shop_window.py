"""One product, everything a buyer needs: the same answer on every channel."""

from datetime import UTC, datetime

import pytest

from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.refusals import UnknownMarket
from samband.flows.basket import basket
from samband.flows.shop_window import shop_window
from samband.kernel.clock import held_at, in_future
from samband.kernel.money import Money
from tests import worlds
from tests.worlds import CUP, LONDON, REYKJAVIK, RIGA, SOFA, SOFA_BLUE

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def world(db):
    yield worlds.small_world()
    worlds.fresh_processes()


def test_every_variant_is_an_offer_with_its_price_and_where_it_stands(world):
    window = shop_window("sofa-hallormur", "shop", "IS")
    grey, blue = window.offers
    assert (grey.variant.sku, grey.tag and grey.tag.unit, grey.available) == (SOFA, Money(129_900, "ISK"), 24)
    assert (blue.variant.sku, blue.tag and blue.tag.unit, blue.available) == (SOFA_BLUE, Money(134_900, "ISK"), 12)
    assert [(store.site.code, store.available) for store in grey.stores] == [(REYKJAVIK, 3), (RIGA, 1)]
    assert [(store.site.code, store.available) for store in blue.stores] == [(REYKJAVIK, 2), (RIGA, 0)]


def test_the_stores_of_the_buyers_country_come_first(world):
    assert [store.site.code for store in shop_window("cup", "shop", "LV").offers[0].stores] == [RIGA, REYKJAVIK]


def test_pickup_is_promised_where_it_stands_and_nowhere_else(world):
    with held_at(TUESDAY):
        blue = shop_window("sofa-hallormur", "shop", "IS").offers[1]
    assert blue.stores[0].promise
    assert blue.stores[0].promise.latest == datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    assert blue.stores[1].promise is None


def test_delivery_tells_day_and_cost_and_from_when_it_is_free(world):
    with held_at(TUESDAY):
        cup = shop_window("cup", "shop", "IS").offers[0]
    assert cup.sending
    assert (cup.sending.cost, cup.sending.free_from) == (Money(1_490, "ISK"), Money(15_000, "ISK"))
    assert cup.sending.promise.latest.date() == datetime(2026, 3, 5, tzinfo=UTC).date()
    sofa = shop_window("sofa-hallormur", "shop", "IS").offers[0]
    assert sofa.sending
    assert (sofa.sending.cost, sofa.sending.free_from) == (Money(8_940, "ISK"), None)


def test_it_promises_what_the_cart_promises_and_costs_what_the_cart_costs(world):
    from samband.commerce.cart import commands as carts

    with held_at(TUESDAY):
        cup = shop_window("cup", "shop", "LV").offers[0]
        cart = carts.open_cart("LV")
        carts.add(cart.id, CUP, 1)
        seen = basket(cart.id, "shop", None, "ship")
        assert cup.tag
        assert cup.sending
        assert seen.quote
        assert seen.quote.shipping == cup.sending.cost
        assert seen.quote.lines[0].unit == cup.tag.unit
        assert seen.shipping().promise == cup.sending.promise
        pickups = {way.location.code: way.promise for way in seen.pickups() if way.location}
        assert pickups == {store.site.code: store.promise for store in cup.stores}


def test_fresh_food_does_not_travel(world):
    window = shop_window("cake", "shop", "IS")
    assert not window.travels
    assert window.offers[0].sending is None
    assert window.offers[0].stores[0].promise


def test_what_stands_nowhere_is_neither_sent_nor_picked_up(world):
    for location in (REYKJAVIK, RIGA, LONDON):
        on_hand = next(place.on_hand for place in stock.available([CUP])[CUP] if place.location == location)
        inventory.set_safety(location, CUP, on_hand)
    cup = shop_window("cup", "shop", "IS").offers[0]
    assert cup.available == 0
    assert cup.sending is None
    assert all(store.promise is None for store in cup.stores)


def test_the_offer_shown_is_the_one_asked_for_else_one_that_can_be_had(world):
    window = shop_window("sofa-hallormur", "shop", "IS")
    assert window.offer(SOFA_BLUE).variant.sku == SOFA_BLUE
    assert window.offer(CUP).variant.sku == window.offer(None).variant.sku == SOFA
    for location in (REYKJAVIK, RIGA, LONDON):
        on_hand = next(place.on_hand for place in stock.available([SOFA])[SOFA] if place.location == location)
        inventory.set_safety(location, SOFA, on_hand)
    assert shop_window("sofa-hallormur", "shop", "IS").offer(None).variant.sku == SOFA_BLUE


def test_a_price_of_a_group_is_for_the_group(world):
    pricing.save_price_list("club", "ISK", customer_group="club")
    pricing.set_prices("club", {CUP: 1_000})
    prices = [shop_window("cup", "shop", "IS", group).offers[0].tag for group in (None, "club")]
    assert [tag.unit.amount for tag in prices if tag] == [1_490, 1_000]


def test_not_for_sale_here_is_an_offer_without_a_price(world):
    pricing.save_market("PL", "PL", "PLN", "pl", {"en": "Poland"}, 9)
    pricing.save_vat_rate("PL", "standard", 2_300)
    worlds.fresh_processes()
    cup = shop_window("cup", "shop", "PL").offers[0]
    assert cup.tag is None
    assert cup.sending is None


def test_what_is_not_shown_or_not_sold_is_refused(world):
    with pytest.raises(NoSuchProduct):
        shop_window("nothing", "shop", "IS")
    with pytest.raises(NoSuchProduct):
        shop_window("cup", "fair", "IS")
    with pytest.raises(NoSuchProduct):
        shop_window("cup", "shop", "IS", at=datetime(2025, 1, 1, tzinfo=UTC))
    with pytest.raises(UnknownMarket):
        shop_window("cup", "shop", "XX", at=in_future(days=1))
