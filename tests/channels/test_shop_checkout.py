"""The checkout in the shop: what was agreed is what is ordered, and what goes wrong changes nothing."""

import pytest

from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.orders import queries as orders
from samband.commerce.payments.providers import sandbox
from samband.commerce.pricing import commands as pricing
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CAKE, CUP, LAMP, LAST_TEN, LONDON, REYKJAVIK, RIGA, SOFA


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def number_of(shop: Shopper) -> str:
    return shop.went_to.split("/order/")[1].split("/")[0]


def held(sku: str, location: str = REYKJAVIK) -> int:
    return next(place.held for place in stock.available([sku])[sku] if place.location == location)


def nothing_happened(shop: Shopper) -> None:
    assert orders.recent() == ()
    assert held(CUP) == 0
    assert shop.look("cart/").says("2 × Cup")


def test_without_anything_in_the_cart_there_is_nothing_to_check_out(shop):
    assert shop.look("checkout/").went_to == "/en-is/cart/"
    assert shop.send("checkout/", {"email": "x"}).went_to == "/en-is/cart/"


def test_a_guest_orders_pays_and_sees_the_order(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish())
    assert shop.status == 303
    shop.follow()
    assert shop.says("Thank you. It is yours.")
    assert shop.says("We have written to anna@example.com.")
    assert shop.says("To pick up: Samband RVK")
    assert shop.says("2 × Cup")
    assert shop.says("ISK2,980")
    assert shop.says("Paid with Visa ···· 4242")
    assert held(CUP) == 2
    assert shop.look("cart/").says("There is nothing in your cart yet.")


def test_what_is_sent_costs_what_was_shown_and_goes_to_the_address(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**SHIP))
    assert shop.status == 303
    order = orders.by_number(number_of(shop))
    assert (order.total.amount, order.shipping.amount, order.groups[0].kind) == (4_470, 1_490, "ship")
    shop.follow()
    assert shop.says("Brought to you")
    assert shop.says("Laugavegur 12 101 Reykjavík")


def test_everything_that_is_wrong_is_said_at_once_beside_its_field_and_what_was_typed_stays(shop):
    shop.put(CUP, 2)
    asked = shop.wish(
        method="ship", email="nobody", name="", phone="12", line1="", postcode="1", city="Vík",
        card_number="4242 4242 4242 4241", card_cvc="999",
    )  # fmt: skip
    shop.send("checkout/", asked)
    assert shop.status == 422
    for field in ("email", "name", "phone", "line1", "postcode", "card_number"):
        assert f'id="e-{field}"' in shop.source, field
        assert f'href="#f-{field}"' in shop.source, field
    assert 'id="e-city"' not in shop.source
    assert (shop.field("email"), shop.field("city"), shop.field("postcode")) == ("nobody", "Vík", "1")
    assert shop.field("card_number") == ""
    assert shop.field("card_cvc") == ""
    assert "999" not in shop.source
    assert shop.field("key") != asked["key"]
    nothing_happened(shop)


@pytest.mark.parametrize("name", ["x" * 121, "x" * 5000, "Anna\u200bJónsdóttir"])
def test_a_name_that_no_label_holds_is_not_told_to_be_missing(shop, name):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(name=name))
    assert shop.status == 422
    assert shop.says("This is not a name we can write on a parcel.")
    assert not shop.says("Please give your name.")
    shop.send("checkout/", shop.wish(name=""))
    assert shop.says("Please give your name.")
    nothing_happened(shop)


def test_a_name_on_the_door_that_is_too_long_is_told_beside_that_field(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**SHIP, ship_name="x" * 121))
    assert 'id="e-ship_name"' in shop.source
    assert shop.says("This is not a name we can write on a parcel.")


@pytest.mark.parametrize(
    "change",
    [
        {"method": ""}, {"method": "drone"}, {"location": ""}, {"location": "NOWHERE"}, {"location": LONDON * 100},
        {"email": "a\x00@b.is"}, {"name": "x" * 5000}, {"card_expiry": "01/20"}, {"card_expiry": "13/39"},
        {"card_number": "5500005555555559"}, {"card_cvc": "1"}, {"key": ""}, {"key": "k" * 300}, {"version": "abc"},
        {"version": ""}, {"agreed_pickup": "-1"}, {"agreed_pickup": "1.5"},
    ],
)  # fmt: skip
def test_what_cannot_be_understood_changes_nothing(shop, change):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**change))
    assert shop.status == 422, shop.status
    assert 'role="alert"' in shop.source
    nothing_happened(shop)


@pytest.mark.parametrize("change", [{"agreed_pickup": "1"}, {"agreed_pickup": ""}, {"version": "999"}])
def test_a_total_or_a_cart_that_is_not_what_was_shown_is_not_ordered(shop, change):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**change))
    assert shop.status == 409
    assert shop.field("email") == "anna@example.com"
    nothing_happened(shop)


def test_a_price_that_changed_while_typing_is_told_and_agreed_to_anew(shop):
    shop.put(CUP, 2)
    asked = shop.wish()
    pricing.set_prices("isk-regular", {CUP: 1_590})
    shop.send("checkout/", asked)
    assert shop.status == 409
    assert shop.says("Prices or stock have changed since you looked.")
    assert shop.says("The price went up from ISK1,490 to ISK1,590.")
    assert shop.field("agreed_pickup") == "3180"
    again = asked | {"key": shop.field("key"), "agreed_pickup": shop.field("agreed_pickup")}
    assert shop.send("checkout/", again).status == 303
    assert orders.by_number(number_of(shop)).total.amount == 3_180


def test_goods_that_went_while_typing_lead_back_to_the_cart_with_the_line_that_fell_short(shop):
    shop.put(LAST_TEN, 10)
    asked = shop.wish(**SHIP)
    inventory.set_safety(LONDON, LAST_TEN, 1)
    shop.send("checkout/", asked)
    assert shop.status == 409
    assert shop.says("You want 10, but only 9 are left.")
    assert orders.recent() == ()


def test_a_store_that_has_not_everything_says_what_is_missing(shop):
    shop.put(SOFA, 2).look("checkout/")
    assert shop.says("Not there now: Sofa, Grey")
    shop.send("checkout/", shop.wish(location=RIGA))
    assert shop.status == 409
    assert shop.says("The goods cannot be had this way any more.")
    assert orders.recent() == ()


def test_fresh_food_is_offered_for_pickup_only(shop):
    shop.put(CAKE).look("checkout/")
    assert 'value="ship"' not in shop.source
    assert shop.says("All of it together cannot be sent now")
    assert shop.send("checkout/", shop.wish(agreed_ship="890", **SHIP)).status == 409
    assert shop.send("checkout/", shop.wish()).status == 303


def test_sent_twice_it_is_ordered_once(shop):
    shop.put(CUP, 2)
    asked = shop.wish()
    first = shop.send("checkout/", asked).went_to
    assert shop.send("checkout/", asked).went_to == first
    assert len(orders.recent()) == 1
    assert held(CUP) == 2


def test_a_form_that_was_sent_before_cannot_be_sent_with_something_else(shop):
    shop.put(CUP, 2)
    asked = shop.wish()
    shop.send("checkout/", asked)
    shop.send("checkout/", asked | {"name": "Somebody Else"})
    assert shop.status == 422
    assert shop.says("This form was sent before with other content.")
    assert len(orders.recent()) == 1


@pytest.mark.parametrize(
    ("card", "why"),
    [
        ("4000000000000002", "Your bank declined the card."),
        ("4000000000009995", "There is not enough money on the card."),
    ],
)
def test_a_declined_card_says_why_and_leaves_the_cart_and_what_was_typed(shop, card, why):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(card_number=card, **SHIP))
    assert shop.status == 402
    assert shop.says(why)
    assert shop.field("line1") == "Laugavegur 12"
    assert shop.field("card_number") == ""
    assert held(CUP) == 0
    assert shop.look("cart/").says("2 × Cup")
    assert shop.send("checkout/", shop.wish()).status == 303


def test_the_second_factor_is_asked_for_at_the_bank_and_the_way_back_leads_to_the_order(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(card_number="4000000000003220"))
    assert shop.went_to.startswith("/hooks/bank/")
    bank = shop.went_to
    waiting = orders.recent()[0].number
    assert shop.look(f"order/{waiting}/").says("The bank waits for you to confirm the payment.")
    shop.client.post(bank, {"decision": "approve", "code": sandbox.SECOND_FACTOR})
    shop.look("checkout/back/")
    assert number_of(shop) == waiting
    assert shop.follow().says("Thank you. It is yours.")


def test_who_turns_it_down_at_the_bank_is_back_at_the_checkout_with_everything_typed(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(card_number="4000000000003220", **SHIP))
    shop.client.post(shop.went_to, {"decision": "reject"})
    assert shop.look("checkout/back/").went_to == "/en-is/checkout/?tried"
    shop.follow()
    assert shop.status == 200
    assert shop.says("You turned the payment down at your bank.")
    assert (shop.field("email"), shop.field("city")) == ("anna@example.com", "Reykjavík")
    assert held(CUP) == 0


def test_a_bank_that_does_not_answer_leaves_an_order_that_waits_and_asks_again(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(card_number="4000000000000119"))
    shop.follow()
    assert shop.status == 200
    assert shop.says("Your bank is thinking it over")
    assert 'hx-trigger="every 2s"' in shop.source
    shop.look(f"order/{orders.recent()[0].number}/", headers={"HX-Request": "true"})
    assert shop.says("No answer yet.")
    assert "<html" not in shop.source


def test_coming_back_from_no_bank_leads_to_the_cart(shop):
    assert shop.look("checkout/back/").went_to == "/en-is/cart/"
    assert shop.look("checkout/?tried").went_to == "/en-is/cart/"


def test_a_form_without_our_token_is_refused_with_a_page_of_ours(world):
    stranger = Shopper(enforce_csrf_checks=True)
    stranger.send("checkout/", {"method": "ship"})
    assert stranger.status == 403
    assert stranger.says("This page was open for too long")
    stranger.send("cart/add/", {"sku": CUP, "quantity": 1})
    assert stranger.status == 403


def test_a_customer_finds_their_address_filled_in_and_keeps_a_new_one_when_asked(shop):
    shop.sign_in().put(CUP, 2)
    shop.send("checkout/", shop.wish(keep="1", **SHIP))
    assert shop.status == 303
    assert orders.by_number(number_of(shop)).customer_id is not None
    shop.put(LAMP).look("checkout/")
    assert (shop.field("line1"), shop.field("postcode"), shop.field("email")) == (
        "Laugavegur 12", "101", "anna@example.com",
    )  # fmt: skip


def test_the_checkout_explains_the_total_of_either_way(shop):
    shop.put(CUP, 2).look("checkout/")
    sent, picked_up = shop.page.split("How this price is made")[1:]
    assert sent.startswith(" Cup ISK1,490 each Regular price 24% VAT included Delivery Sent as a parcel.")
    assert picked_up.startswith(
        " Cup ISK1,490 each Regular price 24% VAT included Pickup at a store Picking up is free."
    )
