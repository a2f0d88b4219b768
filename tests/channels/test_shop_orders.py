"""An order's page: for whom it is, what it says, and for how long it can be called off."""

from dataclasses import replace

import pytest

from samband.channels.shop.explaining import order_explained
from samband.channels.shop.wording import Words
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.pricing import commands as pricing
from samband.flows.finish_order import hand_over
from samband.flows.message_facts import link_to
from samband.kernel.clock import in_future
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CUP, REYKJAVIK


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def ordered(shop: Shopper, **more: str) -> OrderView:
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**more))
    assert shop.status == 303
    return orders.by_number(shop.went_to.split("/order/")[1].split("/")[0])


def path_of(order: OrderView) -> str:
    return f"order/{order.number}/"


def ready(order: OrderView) -> str:
    """Pack it; returns the code."""
    one = fulfillments.of_order(order.id)[0]
    fulfillment.start_picking(one.id)
    fulfillment.pick(one.id, CUP, 2)
    fulfillment.make_ready(one.id, in_future(days=7))
    return str(fulfillments.of_order(order.id)[0].pickup_code)


def test_only_its_own_people_see_an_order(shop):
    order = ordered(shop)
    assert shop.look(path_of(order)).status == 200
    stranger = Shopper().look(path_of(order))
    nobody = Shopper().look("order/AAAAA-BBBBB/")
    assert stranger.status == nobody.status == 404
    assert stranger.page == nobody.page
    assert "anna" not in stranger.source


def test_another_customer_is_a_stranger_too(shop):
    order = ordered(shop.sign_in())
    other = Shopper().sign_in("other@example.com")
    assert other.look(path_of(order)).status == 404
    assert other.send(path_of(order) + "cancel/").status == 404
    assert orders.order(order.id).state == "placed"
    elsewhere = Shopper().sign_in()
    assert elsewhere.look(path_of(order)).status == 200


def test_the_link_in_the_mail_opens_it_and_no_other(shop):
    order = ordered(shop)
    link = link_to(order.number, "is", "IS").split("/", 3)[3]
    guest = Shopper("is-is")
    front, _, path = link.partition("/")
    assert front == "is-is"
    assert guest.look(path).went_to == f"/is-is/{path_of(order)}"
    assert guest.follow().status == 200
    other = ordered(Shopper().again())
    token = path.split("?t=")[1]
    assert Shopper().look(f"{path_of(other)}?t={token}").status == 404
    assert Shopper().look(f"{path_of(order)}?t={token[:-3]}abc").status == 404
    assert Shopper().look(f"{path_of(order)}?t=").status == 404


def test_number_and_address_find_it_and_anything_else_finds_nothing(shop):
    order = ordered(shop)
    guest = Shopper().again()
    typed = {"number": order.number.lower().replace("-", " "), "email": "Anna@Example.com"}
    assert guest.send("order/", typed).status == 303
    assert guest.follow().status == 200
    wrong = [
        {"number": order.number, "email": "eve@example.com"},
        {"number": "AAAAA-BBBBB", "email": "anna@example.com"},
        {"number": order.number, "email": ""},
        {"number": "", "email": "anna@example.com"},
    ]
    pages = set()
    for each in wrong:
        stranger = Shopper().send("order/", each)
        assert stranger.status == 404
        pages.add(stranger.page.split("Order number")[0])
    assert len(pages) == 1
    assert Shopper().send("order/", {"number": "a\x00", "email": "b"}).status == 422


def test_guessing_is_stopped(shop):
    order = ordered(shop)
    guesser = Shopper().again()
    answers = [guesser.send("order/", {"number": order.number, "email": f"{n}@example.com"}).status for n in range(8)]
    assert answers == [404] * 6 + [429] * 2
    assert guesser.says("That was tried too often.")
    assert guesser.send("order/", {"number": order.number, "email": "anna@example.com"}).status == 429


def test_the_page_tells_how_far_it_is_and_shows_the_code_when_it_is_ready(shop):
    order = ordered(shop)
    shop.look(path_of(order))
    assert shop.says("Promised to be ready by")
    assert "code-box" not in shop.source
    code = ready(order)
    shop.look(path_of(order))
    assert shop.says("Show this code at the counter")
    assert shop.says(code)
    assert shop.says("It waits for you until")
    assert shop.says("Samband RVK")
    assert shop.says("Monday")
    assert shop.says("08:00–20:00")
    one = fulfillments.of_order(order.id)[0]
    hand_over(one.id, code, key="here")
    shop.look(path_of(order))
    assert not shop.says("Show this code")
    assert shop.says("Picked up: Samband RVK.")
    assert not shop.says("Cancel this order")
    assert shop.send(path_of(order) + "cancel/").status == 409
    assert shop.says("this order cannot be cancelled any more") or shop.says("already completed")


def test_while_the_goods_are_with_us_it_can_be_called_off_and_the_money_goes_back(shop):
    order = ordered(shop)
    assert shop.look(path_of(order)).says("Cancel this order")
    assert shop.send(path_of(order) + "cancel/").status == 303
    shop.follow()
    assert shop.says("This order was cancelled")
    assert shop.says("You cancelled the order.")
    assert next(place.held for place in stock.available([CUP])[CUP] if place.location == REYKJAVIK) == 0
    assert shop.send(path_of(order) + "cancel/").status == 303


def test_a_parcel_says_when_it_comes_and_who_brings_it(shop):
    order = ordered(shop, **SHIP)
    assert shop.look(path_of(order)).says("Promised")
    one = fulfillments.of_order(order.id)[0]
    fulfillment.start_picking(one.id)
    for line in one.lines:
        fulfillment.pick(one.id, line.sku, line.quantity)
    fulfillment.ship(one.id, "Pósturinn", "RR123IS", key="gone")
    assert shop.look(path_of(order)).says("Carrier and number: Pósturinn RR123IS")


def test_the_order_tells_how_its_price_was_made_also_when_prices_have_changed_since(shop):
    order = ordered(shop)
    pricing.save_price_list("dearer", "ISK", names={"en": "Dear days"}, priority=10)
    pricing.set_prices("dearer", {CUP: 9_990})
    assert shop.again().look("p/cup/").says("ISK9,990")
    shop.look(path_of(order))
    assert shop.says("How this price is made Cup ISK1,490 each Regular price 24% VAT included")
    assert shop.says("Pickup at a store Picking up is free.")
    assert not shop.says("Dear days")


def test_an_order_that_was_sent_tells_what_the_parcel_cost_and_why(shop):
    order = ordered(shop, **SHIP)
    shop.look(path_of(order))
    assert shop.says("24% VAT included Delivery Sent as a parcel. VAT on delivery is that of the goods.")
    assert not shop.says("more and delivery is free")


def test_a_past_order_that_came_without_a_quote_explains_nothing(shop):
    order = ordered(shop)
    assert order_explained(replace(order, quote={}), Words("en")) == ()
