"""Offers and coupons in the shop: announced where goods are looked at, told to the last króna where they are paid."""

import re

import pytest

from samband.commerce.catalog.search import catch_up
from samband.commerce.orders import queries as orders
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promoting import end_coupons, issue_coupons, save_promotion
from samband.commerce.pricing.promotions import (
    Amount,
    Bundle,
    BuyGet,
    FreeSample,
    FreeShipping,
    Goods,
    Needs,
    Part,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from samband.kernel.clock import in_future
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CUP, LAMP, REYKJAVIK

CUPS, LAMPS = Goods(skus=frozenset({CUP})), Goods(skus=frozenset({LAMP}))


@pytest.fixture
def shop(world, settings, tmp_path) -> Shopper:
    settings.SEARCH_ROOT = tmp_path / "search"
    catch_up()
    return Shopper().again()


def offer(code: str, deal, name: str = "", **more) -> None:
    save_promotion(Promotion(code=code, deal=deal, names={"en": name} if name else {}, **more))


def coupon(code: str, deal, name: str = "", **more) -> None:
    """A coupon as good as there are many."""
    offer(f"by-{code.lower()}", deal, name, by_coupon=True, **more)
    issue_coupons(f"by-{code.lower()}", codes=[code], limit_total=None)


def number_of(shop: Shopper) -> str:
    return shop.went_to.split("/order/")[1].split("/")[0]


# --- where goods are looked at


def test_what_is_off_one_piece_is_off_its_price_on_product_and_list_with_the_regular_price_beside_it(shop):
    offer("lamps", Percent(2_000, LAMPS), "Lamp week")
    shop.again().look("p/lamp/")
    assert shop.says("ISK11,920 instead of ISK14,900")
    assert shop.says("Lamp week · including ISK2,307 VAT (24%)")
    shop.look("c/home/")
    assert shop.says("−20 %")
    assert shop.says("ISK11,920 instead of ISK14,900")
    shop.put(LAMP).look("cart/")
    assert shop.says("ISK2,980 less: Lamp week")
    assert not shop.says("Something has changed")


def test_the_lowest_price_of_the_last_thirty_days_stands_beside_a_reduction(shop):
    offer("lamps", Percent(2_000, LAMPS), "Lamp week")
    shop.again().look("p/lamp/")
    assert shop.says("Lowest price of the last 30 days: ISK14,900")
    assert shop.look("c/home/").says("30-day lowest: ISK14,900")
    assert not shop.look("p/cup/").says("Lowest price")


@pytest.mark.parametrize(
    ("deal", "more", "told"),
    [
        (BuyGet(2, 1, CUPS), {}, "Cups: 3 for the price of 2"),
        (BuyGet(1, 1, CUPS, basis_points=5_000), {}, "Cups: buy 1 and 1 more costs 50% less"),
        (BuyGet(4, 1, CUPS, got=LAMPS), {}, "Cups: buy 4 and something else is free"),
        (BuyGet(4, 1, CUPS, got=LAMPS, basis_points=2_500), {}, "Cups: buy 4 and something else costs 25% less"),
        (
            Tiered((Tier(quantity=6, basis_points=1_000), Tier(quantity=12, basis_points=1_500)), CUPS), {},
            "Cups: from 6 pieces 10% less · from 12 pieces 15% less",
        ),
        (Tiered((Tier(worth={"ISK": 9_000}, amounts={"ISK": 500}),), CUPS), {}, "from ISK9,000 ISK500 less"),
        (
            Bundle((Part(frozenset({CUP}), 2), Part(frozenset({LAMP}))), {"ISK": 15_000}), {},
            "Cups: together with the rest of the set for ISK15,000",
        ),
        (Amount({"ISK": 700}, CUPS), {"needs": Needs(quantity=4, goods=CUPS)}, "Cups: ISK700 less, from 4 pieces"),
        (Percent(500), {"needs": Needs(worth={"ISK": 30_000})}, "Cups: 5% less, from a worth of ISK30,000"),
        (FreeShipping(), {"needs": Needs(worth={"ISK": 5_000})}, "Cups: delivery is free, from a worth of ISK5,000"),
        (FreeShipping(5_000), {}, "Cups: delivery costs 50% less"),
        (FreeSample("LAMP"), {"needs": Needs(quantity=6, goods=CUPS)}, "Cups: a gift comes along, from 6 pieces"),
    ],
)  # fmt: skip
def test_what_more_of_it_would_bring_is_a_line_of_text(shop, deal, more, told):
    offer("cups", deal, "Cups", **more)
    assert shop.again().look("p/cup/").says(told), shop.page
    assert shop.look("c/home/").says(told)


def test_an_offer_says_until_when_and_one_that_does_not_hold_here_says_nothing(shop):
    offer("cups", BuyGet(2, 1, CUPS), valid_until=in_future(days=3))
    offer("far", BuyGet(3, 1, CUPS), "Far away", markets=frozenset({"LV"}))
    offer("other-money", Bundle((Part(frozenset({CUP}), 2),), {"EUR": 1_000}), "Euro")
    offer("table", BuyGet(5, 1, CUPS), "At the table", places=(f"{REYKJAVIK}/table-7",))
    coupon("SECRET", Percent(9_000), "Secret")
    shop.again().look("p/cup/")
    assert re.search(r"3 for the price of 2, until \w+ \d+ \w+", shop.page)
    for other in ("Far away", "Euro", "At the table", "Secret"):
        assert not shop.says(other)


def test_goods_that_an_offer_does_not_concern_say_nothing_of_it(shop):
    offer("cups", BuyGet(2, 1, CUPS), "Cups")
    assert not shop.again().look("p/lamp/").says("for the price of")


# --- coupons


def test_a_coupon_that_counts_is_told_with_what_it_takes_off(shop):
    coupon("SUMMER", Percent(1_000), "Summer")
    shop.put(CUP, 2)
    shop.send("cart/coupon/", {"coupon": " summer "})
    assert shop.went_to == "/en-is/cart/#coupons"
    shop.look("cart/")
    assert shop.says("SUMMER Summer: ISK298 less")
    assert shop.says("ISK298 less: Summer")
    assert shop.says("Summer (SUMMER) −ISK298")
    assert shop.says("Goods ISK2,682")
    shop.look("checkout/")
    assert shop.says("Summer (SUMMER) −ISK298")
    assert shop.field("agreed_pickup") == "2682"
    shop.send("checkout/", shop.wish())
    assert orders.by_number(number_of(shop)).total.amount == 2_682
    shop.follow()
    assert shop.says("2 × Cup ISK2,980")
    assert shop.says("Summer (SUMMER) −ISK298")
    assert shop.says("Total ISK2,682")
    assert shop.says("ISK298 less: Summer (code SUMMER)")


def test_a_coupon_is_taken_out_again(shop):
    coupon("SUMMER", Percent(1_000), "Summer")
    shop.put(CUP, 2)
    shop.send("cart/coupon/", {"coupon": "SUMMER"}, headers={"HX-Request": "true"})
    assert "<html" not in shop.source
    assert shop.says("Goods ISK2,682")
    shop.send("cart/coupon/drop/", {"code": "SUMMER"}, headers={"HX-Request": "true"})
    assert shop.says("Goods ISK2,980")
    assert not shop.says("SUMMER")
    assert shop.send("cart/coupon/drop/", {"code": "x" * 500}).status == 303


@pytest.mark.parametrize("code", ["NOBODYS", "", "x" * 500, "a\x00b", "́"])
def test_a_code_that_is_none_is_told_so_and_not_kept(shop, code):
    shop.put(CUP, 2)
    shop.send("cart/coupon/", {"coupon": code})
    assert shop.status == 409
    assert shop.says("We do not know this code.")
    shop.look("cart/")
    assert "coupon-list" not in shop.source


def test_what_a_code_lacks_is_said_plainly(shop):
    coupon("LAMPS", Percent(1_000, LAMPS), "Lamps")
    coupon("OVER", Percent(1_000), "Over")
    end_coupons("by-over", ["OVER"])
    shop.put(CUP, 2)
    shop.send("cart/coupon/", {"coupon": "LAMPS"}).follow()
    assert shop.says("LAMPS This code does not fit what is in the cart, or another offer is better for you.")
    assert shop.send("cart/coupon/", {"coupon": "OVER"}).says("This code has expired.")
    assert not shop.look("cart/").says("OVER")
    shop.put(LAMP).look("cart/")
    assert shop.says("LAMPS Lamps: ISK1,490 less")


def test_a_code_that_was_used_up_meanwhile_orders_nothing(shop):
    offer("once", Percent(5_000), "Once", by_coupon=True)
    issue_coupons("once", codes=["ONCE"], limit_total=1)
    shop.put(CUP, 2).send("cart/coupon/", {"coupon": "ONCE"})
    asked = shop.wish()
    quicker = Shopper().put(CUP, 2)
    quicker.send("cart/coupon/", {"coupon": "ONCE"})
    quicker.send("checkout/", quicker.wish())
    assert quicker.status == 303
    shop.send("checkout/", asked)
    assert shop.status == 409
    assert shop.says("Prices or stock have changed") or shop.says("The code ONCE has been used up meanwhile.")
    assert shop.says("This code has been used up.")
    assert len([one for one in orders.recent() if one.state == "placed"]) == 1
    assert shop.field("agreed_pickup") == "2980"


def test_in_the_checkout_a_code_is_entered_without_losing_what_was_typed(shop):
    coupon("SUMMER", Percent(1_000), "Summer")
    shop.put(CUP, 2)
    asked = shop.wish(**SHIP)
    shop.send("checkout/", asked | {"do": "coupon", "coupon": "summer"})
    assert shop.status == 200
    assert shop.says("Summer (SUMMER) −ISK298")
    assert (shop.field("line1"), shop.field("email")) == ("Laugavegur 12", "anna@example.com")
    again = asked | {name: shop.field(name) for name in ("key", "version", "agreed_ship", "agreed_pickup")}
    shop.send("checkout/", again | {"drop_coupon": "SUMMER"})
    assert not shop.says("SUMMER")
    assert orders.recent() == ()
    shop.send("checkout/", asked | {"coupon": "summer"})
    assert shop.says("Nothing is ordered yet")
    assert orders.recent() == ()
    shop.send("checkout/", asked | {"do": "coupon", "coupon": "winter"}, headers={"HX-Request": "true"})
    assert "<html" not in shop.source
    assert shop.says("We do not know this code.")


def test_who_tries_many_codes_is_held_up(shop):
    shop.put(CUP)
    for _ in range(60):
        shop.send("cart/coupon/", {"coupon": "GUESS"})
    assert shop.send("cart/coupon/", {"coupon": "GUESS"}).status == 429


def test_a_cart_takes_only_so_many_codes(shop):
    shop.put(CUP)
    for number in range(11):
        coupon(f"LAMP-{number}", Percent(100, LAMPS))
        shop.send("cart/coupon/", {"coupon": f"LAMP-{number}"})
    assert shop.status == 409
    assert shop.says("A cart takes at most 10 codes.")


# --- gifts, free delivery, everything free


def test_a_free_gift_is_shown_and_comes_along(shop):
    offer("gift", FreeSample(LAMP), "A lamp for you", needs=Needs(quantity=5, goods=CUPS))
    shop.put(CUP, 5).look("cart/")
    assert shop.says("1 × Lamp free")
    assert shop.look("checkout/").says("1 × Lamp free")
    shop.send("checkout/", shop.wish())
    order = orders.by_number(number_of(shop))
    assert [(line.sku, line.total.amount) for line in order.lines] == [(CUP, 7_450), (LAMP, 0)]
    assert shop.follow().says("1 × Lamp free")
    assert shop.says("comes along for nothing")


def test_free_delivery_is_shown_instead_of_what_it_would_cost(shop):
    offer("free", FreeShipping(), "Free delivery week")
    shop.put(CUP, 2).look("cart/")
    assert shop.says("Delivery, if sent free ISK1,490")
    shop.look("checkout/")
    assert shop.says("Delivery ISK1,490 Free delivery week −ISK1,490")
    assert shop.field("agreed_ship") == "2980"
    shop.send("checkout/", shop.wish(**SHIP))
    assert orders.by_number(number_of(shop)).total.amount == 2_980
    assert shop.follow().says("Delivery ISK1,490 Free delivery week −ISK1,490")


def test_what_costs_nothing_is_ordered_without_paying(shop):
    coupon("ALL", Percent(10_000), "Everything")
    shop.put(CUP, 2).send("cart/coupon/", {"coupon": "ALL"})
    shop.look("checkout/")
    assert shop.says("There is nothing left to pay.")
    asked = {name: value for name, value in shop.wish().items() if not name.startswith("card_")}
    shop.send("checkout/", asked)
    assert shop.status == 303, shop.page
    assert orders.by_number(number_of(shop)).total.amount == 0
    assert shop.follow().says("Thank you. It is yours.")


def test_a_price_that_anybody_gets_here_and_one_that_is_bound_to_a_place(shop):
    pricing.save_price_list("sale", "ISK", names={"en": "Sale"}, priority=5, valid_until=in_future(days=3))
    pricing.set_prices("sale", {LAMP: 9_900})
    offer("here", Percent(5_000, LAMPS), "Only here", places=(REYKJAVIK,))
    shop.again().look("p/lamp/")
    assert shop.says("ISK9,900 instead of ISK14,900")
    assert not shop.says("Only here")
