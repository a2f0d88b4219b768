"""How many statements each page of the shop takes, so that nobody adds one unawares."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.channels.shop import editions, keeping, stocks
from samband.channels.shop.forgetting import forget
from samband.commerce.catalog.search import catch_up
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import commands as pricing_commands
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.promoting import issue_coupons, save_promotion
from samband.commerce.pricing.promotions import Percent, Promotion
from samband.customers.consent import wordings
from samband.kernel.clock import in_future
from tests import worlds
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CUP, SOFA

pytestmark = pytest.mark.django_db(transaction=True)

KNOWN = 0
"""A list that was asked for within the second, or a page that says the same to everybody."""
LISTING = 0
"""What is known of catalog, prices and stock is asked for all pages together."""
STOCK = 1
"""Where goods can be had, a few times a second for all that is looked at, and once for what nobody looked at before."""
FIRST_PAGE = 1
"""Its own look at the stock."""
EDITION = 2
"""Catalog version and price version, a few times a second whatever is looked at."""
PRODUCT = 4
"""Product, prices, stock, what delivery costs."""
CART = 4
"""The cart, its goods, stock, and what they come to on every way."""
CHECKOUT = 4
"""The same."""
COUPONS = 1
"""What the codes in the cart are good for."""
SLOTS = 1
"""When something could be brought to a postcode."""
BADGE = 1
"""How many pieces the cart holds, for whoever carries one."""
ORDERING = 18
"""What checking out takes (tests/flows), and nothing besides."""
ORDER = 5
"""The order, its fulfillments and their goods, its payments, whom it is for."""
SIGNED_IN = 2
"""The session and the customer."""


@pytest.fixture
def shop(transactional_db, settings, tmp_path, monkeypatch) -> Iterator[Shopper]:
    settings.SEARCH_ROOT = tmp_path / "search"
    # What is remembered for seconds is remembered for the whole test.
    for module in (inventory, pricing, wordings):
        monkeypatch.setattr(module, "REMEMBERED_SECONDS", 600.0)
    monkeypatch.setattr("samband.channels.shop.pages.TRUSTED_SECONDS", 600.0)
    monkeypatch.setattr(editions, "LOOK_EVERY_SECONDS", 600.0)
    monkeypatch.setattr(stocks, "LOOK_EVERY_SECONDS", 600.0)
    worlds.small_world()
    pricing_commands.save_price_list("offer", "ISK", priority=9, valid_until=in_future(days=7))
    pricing_commands.set_prices("offer", {worlds.LAMP: 9_900})
    catch_up()
    forget()
    pricing.price_lists()
    yield Shopper()
    forget()
    worlds.fresh_processes()


def statements(shop: Shopper, path: str) -> list[str]:
    """What the page asks of the database the second time."""
    assert shop.look(path).status == 200
    with CaptureQueriesContext(connection) as said:
        shop.look(path)
    return [one["sql"].strip()[:90] for one in said if one["sql"] not in ("BEGIN", "COMMIT")]


@pytest.mark.parametrize("path", ["", "c/home/", "c/home/?f.colour=grey&sort=price", "search/?q=cup"])
def test_a_list_takes_none_as_long_as_what_all_lists_speak_of_was_just_looked_up(shop, monkeypatch, path):
    monkeypatch.setattr(keeping, "TRUSTED_SECONDS", 600.0)
    assert len(statements(shop, path)) == KNOWN
    monkeypatch.setattr(keeping, "TRUSTED_SECONDS", -1.0)
    told = statements(shop, path)
    assert len(told) == (LISTING if path else FIRST_PAGE), told
    monkeypatch.setattr(stocks, "LOOK_EVERY_SECONDS", -1.0)
    told = statements(shop, path)
    assert len(told) == (LISTING + STOCK if path else FIRST_PAGE), told
    monkeypatch.setattr(editions, "LOOK_EVERY_SECONDS", -1.0)
    told = statements(shop, path)
    assert len(told) == (LISTING + STOCK if path else FIRST_PAGE) + EDITION, told


def test_words_that_nobody_searched_for_before_take_none_as_long_as_what_they_find_is_known(shop):
    statements(shop, "search/?q=cup")
    with CaptureQueriesContext(connection) as said:
        shop.look("search/?q=cupp")
    assert [one["sql"] for one in said if one["sql"] not in ("BEGIN", "COMMIT")] == []


def test_a_page_is_trusted_for_a_second_since_the_oldest_look_at_what_it_says(monkeypatch):
    shelf = keeping.Shelf()
    shelf.put(("page",), "truth", "words", since=100.0)
    monkeypatch.setattr(keeping.time, "monotonic", lambda: 100.9)
    assert shelf.true(("page",)) is not None
    assert shelf.find(("page",), "truth", since=100.05) is not None
    monkeypatch.setattr(keeping.time, "monotonic", lambda: 101.06)
    assert shelf.true(("page",)) is None


@pytest.mark.parametrize("path", ["p/lamp/", "p/sofa-hallormur/", f"p/sofa-hallormur/?sku={worlds.SOFA_BLUE}"])
def test_a_product_takes_four_whatever_its_variants(shop, path):
    told = statements(shop, path)
    assert len(told) == PRODUCT, told


@pytest.mark.parametrize("path", ["stores/", "returns/", "about/", "order/", "sign-in/", "cart/"])
def test_who_has_no_cart_costs_the_database_nothing(shop, path):
    assert statements(shop, path) == []
    assert "samband_cart" not in shop.client.cookies


def test_the_privacy_page_asks_for_the_rules_that_hold_now(shop):
    assert len(statements(shop, "privacy/")) == 1


def test_the_cart_takes_four_however_much_is_in_it(shop):
    shop.put(CUP, 2)
    assert len(statements(shop, "cart/")) == CART
    shop.put(SOFA).put(worlds.LAMP)
    told = statements(shop, "cart/")
    assert len(told) == CART, told


def test_coupons_take_one_more_however_many(shop):
    for number in range(3):
        code = f"CODE-{number}"
        save_promotion(Promotion(code=code.lower(), deal=Percent(1_000), by_coupon=True))
        issue_coupons(code.lower(), codes=[code])
    shop.put(CUP, 2)
    for number in range(3):
        shop.send("cart/coupon/", {"coupon": f"CODE-{number}"})
        assert len(statements(shop, "cart/")) == CART + COUPONS
    assert len(statements(shop, "checkout/")) == CHECKOUT + COUPONS


def test_slots_take_one_more_once_the_postcode_is_known(shop):
    shop.put(CUP, 2)
    asked = shop.wish(**SHIP) | {"do": "slots"}
    shop.send("checkout/", asked)
    with CaptureQueriesContext(connection) as said:
        shop.send("checkout/", asked)
    assert shop.status == 200
    assert len([one for one in said if one["sql"] not in ("BEGIN", "COMMIT")]) == CHECKOUT + SLOTS


def test_who_carries_a_cart_pays_for_the_badge(shop, monkeypatch):
    monkeypatch.setattr(keeping, "TRUSTED_SECONDS", 600.0)
    shop.put(CUP, 2)
    assert len(statements(shop, "c/home/")) == BADGE
    monkeypatch.setattr(keeping, "TRUSTED_SECONDS", -1.0)
    assert len(statements(shop, "c/home/")) == LISTING + BADGE
    assert len(statements(shop, "p/cup/")) == PRODUCT + BADGE


def test_the_checkout_takes_four_and_ordering_no_more_than_the_flow_itself(shop):
    shop.put(CUP, 2)
    told = statements(shop, "checkout/")
    assert len(told) == CHECKOUT, told
    asked = shop.wish(**SHIP)
    with CaptureQueriesContext(connection) as said:
        shop.send("checkout/", asked)
    assert shop.status == 303
    told = [one["sql"].strip()[:90] for one in said if one["sql"] not in ("BEGIN", "COMMIT")]
    assert len(told) == ORDERING, told


def test_an_order_takes_five_and_the_badge(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish())
    path = shop.went_to.split("?")[0].removeprefix("/en-is/")
    told = statements(shop, path)
    assert len(told) == ORDER + BADGE, told


def test_being_signed_in_takes_two_more(shop):
    shop.sign_in()
    told = statements(shop, "p/cup/")
    assert len(told) == PRODUCT + SIGNED_IN + BADGE, told
