"""The cart in the shop: what is put in stays in, and nothing changes behind a shopper's back."""

import html
import re

import pytest

from samband.commerce.catalog import commands as catalog
from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.kernel.clock import in_future
from samband.kernel.goods import Position
from tests.channels.shopper import Shopper
from tests.worlds import CAKE, CUP, LAMP, LAST_TEN, LONDON


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def test_what_is_put_in_is_there_with_its_price_and_the_badge_counts_pieces(shop):
    shop.put(CUP, 3).follow()
    assert shop.says("Cup is in your cart.")
    assert shop.says("ISK4,470")
    assert shop.says("3 pieces in the cart")
    shop.put(CUP, 2).look("cart/")
    assert shop.says("ISK7,450")
    assert shop.field("quantity") == "5"


def test_with_htmx_a_notice_and_the_badge_come_back(shop):
    shop.send("cart/add/", {"sku": CUP, "quantity": 2}, headers={"HX-Request": "true"})
    assert shop.status == 200
    assert "<html" not in shop.source
    assert shop.says("In your cart")
    assert 'hx-swap-oob="true"' in shop.source
    assert shop.says("2 pieces in the cart")


def test_quantities_are_changed_and_lines_taken_out(shop):
    shop.put(CUP, 3).put(LAMP)
    shop.send("cart/line/", {"sku": CUP, "quantity": 1})
    assert shop.follow().says("1 × Cup")
    shop.send("cart/line/", {"sku": CUP, "quantity": 0}, headers={"HX-Request": "true"})
    assert not shop.says("Cup")
    assert shop.says("1 × Lamp")
    assert shop.says("1 piece in the cart")
    shop.send("cart/line/", {"sku": LAMP, "quantity": 0})
    assert shop.follow().says("There is nothing in your cart yet.")


def test_the_cart_explains_what_it_comes_to_and_when_it_would_come(shop):
    shop.put(CUP, 2).look("cart/")
    assert shop.says("Delivery, if sent ISK1,490")
    assert shop.says("Pickup at a store free")
    assert shop.says("Add ISK12,020 more and delivery is free (from ISK15,000).")
    assert shop.says("Brought to you:")
    assert shop.says("Samband RVK:")
    assert shop.put(CUP, 10).look("cart/").says("Delivery, if sent free")


def test_more_than_there_is_is_refused_and_says_how_much_is_left(shop):
    shop.send("cart/add/", {"sku": LAST_TEN, "quantity": 11})
    assert shop.status == 409
    assert shop.says("Only 10 are left.")
    shop.put(LAST_TEN, 9)
    shop.send("cart/add/", {"sku": LAST_TEN, "quantity": 2}, headers={"HX-Request": "true"})
    assert shop.status == 409
    assert shop.says("Only 10 are left, and you have 9 in your cart already.")
    assert shop.look("cart/").field("quantity") == "9"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"sku": "NOBODYS"}, 409), ({"sku": ""}, 422), ({}, 422), ({"sku": "a\x00b"}, 422), ({"sku": "x" * 5000}, 422),
        ({"sku": CUP, "quantity": "0"}, 422), ({"sku": CUP, "quantity": "-3"}, 422), ({"sku": CUP, "seen": "abc"}, 422),
        ({"sku": CUP, "quantity": "9" * 50}, 422), ({"sku": CUP, "quantity": "two"}, 422),
        ({"sku": CUP, "quantity": "٣"}, 422), ({"sku": CUP, "quantity": "1e3"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_put_in_changes_nothing(shop, fields, status):
    shop.send("cart/add/", fields)
    assert shop.status == status
    assert "<h1>" in shop.source
    assert shop.look("cart/").says("There is nothing in your cart yet.")


def test_a_price_that_rose_is_told_once_in_plain_words(shop):
    shop.put(LAMP)
    pricing.set_prices("isk-regular", {LAMP: 15_900})
    shop.look("cart/")
    assert shop.says("Something has changed since you looked")
    assert shop.says("The price went up from ISK14,900 to ISK15,900.")
    assert not shop.look("cart/").says("Something has changed")


def test_a_browser_that_fetches_ahead_has_told_nobody(shop):
    shop.put(LAMP)
    pricing.set_prices("isk-regular", {LAMP: 13_900})
    shop.look("cart/", headers={"Sec-Purpose": "prefetch;prerender"})
    assert shop.look("cart/").says("The price went down from ISK14,900 to ISK13,900.")


def test_what_sold_out_meanwhile_is_told_until_it_is_settled(shop, world):
    shop.put(LAST_TEN, 8).put(CUP)
    inventory.set_safety(LONDON, LAST_TEN, 7)
    shop.look("cart/")
    assert shop.says("You want 8, but only 3 are left.")
    assert shop.says("Please settle what is said above first.")
    assert shop.look("checkout/").went_to == "/en-is/cart/"
    shop.send("cart/settle/").follow()
    assert shop.says("3 × The last ten")
    assert not shop.says("Something has changed")
    catalog.withdraw(world.products["last-ten"], "shop")
    assert shop.look("cart/").says("This is not sold any more.")
    shop.send("cart/settle/").follow()
    assert not shop.says("The last ten")
    assert shop.says("1 × Cup")


def test_in_another_market_the_cart_is_taken_along_only_when_asked(shop):
    shop.put(CUP, 2)
    shop.front = "en-lv"
    shop.look("cart/")
    assert shop.says("This cart was filled in IS, in ISK.")
    assert shop.says("ISK2,980")
    assert shop.look("checkout/").went_to == "/en-lv/cart/"
    shop.send("cart/move/").follow()
    assert shop.says("Your cart now follows the prices of LV, in EUR.")
    assert shop.says("€19.80")
    assert not shop.says("This cart was filled")


def test_putting_something_in_elsewhere_takes_the_cart_along(shop):
    shop.put(CUP)
    shop.front = "en-lv"
    shop.put(CAKE).follow()
    assert shop.says("Your cart now follows the prices of LV, in EUR.")
    assert shop.says("€9.90")
    assert shop.says("€4.90")
    assert shop.says("1 × Cup")
    assert not shop.look("cart/").says("Your cart now follows")


def test_the_notice_tells_that_the_cart_came_along_and_leads_to_where_it_is_told_again(shop):
    by_htmx = {"HX-Request": "true"}
    shop.send("cart/add/", {"sku": CUP}, headers=by_htmx)
    assert not shop.says("Your cart now follows")
    shop.front = "en-lv"
    shop.send("cart/add/", {"sku": CAKE}, headers=by_htmx)
    assert shop.says("Your cart now follows the prices of LV, in EUR.")
    assert 'href="/en-lv/cart/?moved"' in shop.source
    assert shop.look("cart/?moved").says("Your cart now follows the prices of LV, in EUR.")
    assert shop.says("2 pieces in the cart")
    shop.send("cart/add/", {"sku": CAKE}, headers=by_htmx)
    assert not shop.says("Your cart now follows")


def test_nothing_is_said_of_a_cart_that_moved_empty_or_not_at_all(shop):
    shop.put(CUP)
    shop.send("cart/line/", {"sku": CUP, "quantity": 0})
    shop.front = "en-lv"
    assert not shop.put(CAKE).follow().says("Your cart now follows")
    shop.front = "en-is"
    assert not shop.look("cart/?moved").says("Your cart now follows")


def test_a_cookie_that_was_tampered_with_is_no_cart(shop):
    shop.put(CUP)
    other = Shopper()
    for value in ("", "nonsense", shop.client.cookies["samband_cart"].value[:-2] + "xx", "\x00"):
        other.client.cookies["samband_cart"] = value
        assert other.look("cart/").says("There is nothing in your cart yet."), value


def test_a_cart_that_became_somebodys_is_not_shown_to_the_next_at_the_same_browser(shop):
    shop.put(CUP).sign_in()
    carried = shop.client.cookies["samband_cart"].value
    assert shop.look("cart/").says("1 × Cup")
    stranger = Shopper()
    stranger.client.cookies["samband_cart"] = carried
    assert stranger.look("cart/").says("There is nothing in your cart yet.")
    stranger.put(LAMP)
    assert shop.look("cart/").says("1 × Cup")
    assert not shop.says("Lamp")


def test_goods_of_one_store_can_be_had_only_there(shop):
    shop.put(CAKE).look("cart/")
    assert not shop.says("Delivery, if sent")
    assert shop.says("Samband RVK:")


def made(shop: Shopper) -> str:
    """What the page says of how its total is made; the first time it says so."""
    folded = re.search(
        r'<details class="how-made"><summary>How this price is made</summary>(.*?)</details>', shop.source, re.S
    )
    assert folded, "not explained"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", folded[1])).replace("\u00a0", " ").split())


def test_the_cart_tells_of_every_line_and_of_the_delivery_how_the_price_is_made(shop):
    pricing.save_price_list("sale", "ISK", names={"en": "Cup week"}, priority=10, valid_until=in_future(days=7))
    pricing.set_prices("sale", {CUP: 990})
    shop.put(CUP, 2).put(LAMP).again().look("cart/")
    said = made(shop)
    assert said.startswith("Cup ISK990 each Cup week, until ")
    assert "instead of ISK1,490 24% VAT included Lamp " in said
    assert said.endswith("VAT included Delivery Free, because the goods come to ISK15,000 or more.")
    shop.send("cart/line/", {"sku": LAMP, "quantity": 0}).follow()
    assert "Delivery Sent as a parcel. Add " in made(shop)
    assert made(shop).endswith("VAT on delivery is that of the goods.")


def test_what_is_never_sent_is_explained_without_a_parcel(shop):
    shop.put(CAKE).look("cart/")
    assert made(shop).endswith("11% VAT included Delivery Depends on how you want to have it.")


def test_a_cart_of_which_nothing_is_left_is_shown_with_the_reason(shop):
    shop.put(LAST_TEN, 10)
    inventory.adjust(LONDON, (Position(LONDON, LAST_TEN, -10),), "lost", "a shelf fell over")
    shop.again().look("cart/")
    assert shop.status == 200
    assert shop.says("The last ten")
