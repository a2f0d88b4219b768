"""Every way to pay in the shop's checkout: what it comes to is said before, and what was agreed is what is paid."""

import html
import re
from datetime import time, timedelta

import pytest

from samband.commerce.fulfillment.arranging import save_slot_rule
from samband.commerce.fulfillment.slotting import open_slots
from samband.commerce.inventory import commands as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.payments import gift_cards, transfers
from samband.commerce.payments import queries as payments
from samband.kernel.clock import in_future
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.channels.shopper import SHIP, Shopper
from tests.worlds import CAKE, CUP, LAMP, REYKJAVIK, SOFA


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


def number_of(shop: Shopper) -> str:
    return shop.went_to.split("/order/")[1].split("/")[0]


def card_with(amount: int, currency: str = "ISK", **more) -> str:
    """The code of a gift card that was just issued."""
    return gift_cards.issue_gift_card(new_id(), Money(amount, currency), reason="goodwill", **more).code


def entered(shop: Shopper, code: str, **more) -> dict:
    """The checkout's form once a gift card was entered in it."""
    asked = shop.wish(**more)
    shop.send("checkout/", asked | {"do": "gift", "gift_code": code})
    return asked | fields(shop)


def fields(shop: Shopper) -> dict:
    """What the hidden fields of the page hold; several of one name as a list."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', shop.source):
        name, value = (re.search(rf'\b{part}="([^"]*)"', tag) for part in ("name", "value"))
        found.setdefault(name[1], []).append(html.unescape(value[1]))
    kept = {name: values for name, values in found.items() if name.startswith(("gift", "share", "agreed", "key"))}
    return {name: values if name.startswith(("gift", "share")) else values[0] for name, values in kept.items()}


# --- gift cards


def test_a_gift_card_pays_first_and_the_rest_is_paid_by_card(shop):
    shop.put(CUP, 2)
    asked = entered(shop, code := card_with(1_000))
    assert shop.status == 200
    assert shop.says("There are ISK1,000 on it.")
    assert shop.says("It pays ISK1,000.")
    assert shop.says("Left to pay ISK1,980")
    assert orders.recent() == ()
    shop.send("checkout/", asked)
    assert shop.status == 303, shop.page
    order = orders.by_number(number_of(shop))
    paid = payments.of_order(order.id)
    assert [(one.method, one.amount.amount, one.state) for one in paid] == [
        ("gift_card", 1_000, "captured"), ("card", 1_980, "captured"),
    ]  # fmt: skip
    shop.follow()
    assert shop.says("Gift card ····")
    assert shop.says("Visa ···· 4242")
    assert code not in shop.source


def test_a_gift_card_that_covers_everything_needs_nothing_else(shop):
    shop.put(CUP, 2)
    asked = entered(shop, card_with(5_000))
    assert shop.says("There is nothing left to pay.")
    without_card = {name: value for name, value in asked.items() if not name.startswith("card_")}
    shop.send("checkout/", without_card)
    order = orders.by_number(number_of(shop))
    assert [(one.method, one.amount.amount) for one in payments.of_order(order.id)] == [("gift_card", 2_980)]
    assert shop.put(LAMP).look("checkout/").status == 200


def test_two_gift_cards_pay_one_after_the_other_and_one_is_taken_out_again(shop):
    shop.put(CUP, 2)
    first, second = card_with(1_000), card_with(1_500)
    asked = entered(shop, first)
    shop.send("checkout/", asked | {"do": "gift", "gift_code": second})
    asked |= fields(shop)
    assert asked["share_pickup"] == ["1000", "1500"]
    drop = re.findall(r'name="drop_gift" value="([^"]+)"', shop.source)
    shop.send("checkout/", asked | {"drop_gift": drop[0]})
    assert fields(shop)["share_pickup"] == ["1500"]
    assert orders.recent() == ()


def test_a_gift_card_sent_twice_is_spent_once(shop):
    shop.put(CUP, 2)
    asked = entered(shop, card_with(1_000))
    first = shop.send("checkout/", asked).went_to
    assert shop.send("checkout/", asked).went_to == first
    assert len(orders.recent()) == 1


def test_a_declined_card_gives_the_gift_card_its_money_back(shop):
    shop.put(CUP, 2)
    asked = entered(shop, code := card_with(1_000))
    shop.send("checkout/", asked | {"card_number": "4000000000000002"})
    assert shop.status == 402
    assert shop.says("Your bank declined the card.")
    assert shop.says("There are ISK1,000 on it.")
    again = asked | fields(shop) | {"card_number": "4242 4242 4242 4242"}
    assert shop.send("checkout/", again).status == 303
    assert code not in shop.look("account/").source


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("NOBODYS", "We know no gift card with this code."),
        ("", ""),
        ("x\x00y", "We know no gift card with this code."),
        ("x" * 400, "We know no gift card with this code."),
    ],
)
def test_a_code_that_is_none_is_said_to_be_none(shop, code, told):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**SHIP) | {"do": "gift", "gift_code": code})
    assert shop.says(told or "We know no gift card with this code.")
    assert shop.field("line1") == "Laugavegur 12"
    assert orders.recent() == ()


def test_a_card_in_another_currency_one_that_is_empty_and_the_same_once_more_are_told_apart(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish() | {"do": "gift", "gift_code": card_with(20_00, "EUR")})
    assert shop.says("These amounts are in different currencies.")
    asked = entered(shop, code := card_with(2_980))
    shop.send("checkout/", asked | {"do": "gift", "gift_code": code})
    assert shop.says("You have entered this gift card already.")
    shop.send("checkout/", asked)
    shop.put(CUP)
    shop.send("checkout/", shop.wish() | {"do": "gift", "gift_code": code})
    assert shop.says("There is nothing left on this gift card.")


def test_who_tries_many_codes_is_held_up(shop):
    shop.put(CUP, 2)
    asked = shop.wish()
    for _ in range(10):
        shop.send("checkout/", asked | {"do": "gift", "gift_code": "ABCDEFGHJKLMNPQR"})
    shop.send("checkout/", asked | {"do": "gift", "gift_code": card_with(1_000)})
    assert shop.says("Too many codes were tried that are none.")


def test_a_code_that_waits_in_its_field_is_looked_at_before_anything_is_ordered(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish() | {"gift_code": card_with(1_000)})
    assert shop.says("Nothing is ordered yet")
    assert shop.says("Left to pay ISK1,980")
    assert orders.recent() == ()


def test_a_gift_card_that_was_spent_elsewhere_meanwhile_pays_nothing_here(shop):
    shop.put(CUP, 2)
    asked = entered(shop, code := card_with(1_000))
    other = Shopper().put(CUP)
    other.send("checkout/", entered(other, code))
    assert other.status == 303
    shop.send("checkout/", asked)
    assert shop.status == 402
    assert len([one for one in orders.recent() if one.state == "placed"]) == 1


# --- paying later


def test_every_plan_is_shown_with_its_payments_total_and_yearly_rate_before_anybody_pays(shop):
    shop.put(LAMP).look("checkout/")
    assert shop.says("In 30 days")
    assert shop.says("3 × ISK4,966, the first today")
    assert shop.says("ISK14,900 in all: no interest, no fees (0% APR)")
    assert re.search(r"12 × ISK1,\d{3}, the first on", shop.page)
    assert re.search(r"ISK15,\d{3} in all, ISK\d{3} more than today; 12[.\d]*% a year \(APR\)", shop.page)


def test_paying_later_is_confirmed_with_the_bank_and_then_ordered(shop):
    shop.put(LAMP)
    asked = {name: value for name, value in shop.wish().items() if not name.startswith("card_")}
    shop.send("checkout/", asked | {"pay": "pay_later"})
    assert shop.status == 422
    assert shop.says("Please choose one of the plans.")
    shop.send("checkout/", asked | {"pay": "pay_later", "plan": "in-3"})
    assert shop.status == 303
    if "/hooks/" in shop.went_to:
        shop.client.post(shop.went_to, {"decision": "approve", "code": "1234"})
        shop.look("checkout/back/")
    order = orders.by_number(number_of(shop))
    assert order.state == "placed"
    assert [(one.method, one.plan) for one in payments.of_order(order.id)] == [("pay_later", "in-3")]
    assert shop.follow().says("Paid with Pay later")


def test_what_is_too_little_or_too_much_to_be_paid_later_is_told_why(shop):
    shop.put(CUP).look("checkout/")
    assert re.search("Pay later ?: From ISK3,000.", shop.page)
    shop.send("checkout/", shop.wish() | {"pay": "pay_later", "plan": "in-3"})
    assert shop.status == 422
    assert shop.says("From ISK3,000.")
    shop.send("cart/line/", {"sku": CUP, "quantity": 0})
    assert re.search("Pay later ?: Up to ISK450,000.", shop.put(SOFA, 4).look("checkout/").page)


# --- transfer, on delivery, and what there is besides


def test_a_transfer_is_waited_for_on_the_orders_page_and_once_it_came_the_order_stands(shop, settings):
    settings.PAYEE_NAME, settings.PAYEE_IBAN = "Samband ehf.", "IS140159260076545510730339"
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(pay="transfer"))
    assert shop.went_to.startswith("/en-is/order/")
    number = number_of(shop)
    shop.follow()
    assert shop.says("We wait for your transfer")
    assert shop.says("IS14 0159 2600 7654 5510 7303 39")
    assert shop.says("Amount ISK2,980")
    assert "data:image/svg" not in shop.source  # there is no such code for krónur
    order = orders.by_number(number)
    (intent,) = payments.wanted(order.id)
    transfers.note_transfer(intent.provider_reference, Money(2_980, "ISK"), entry_id="bank-1")
    shop.look(f"order/{number}/")
    assert shop.says("Your order")
    assert shop.says("Paid with Bank transfer")


def test_who_closed_the_page_finds_the_account_again_by_number_and_address(shop, settings):
    settings.PAYEE_IBAN = "IS140159260076545510730339"
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(pay="transfer"))
    asked = {"number": number_of(shop), "email": "anna@example.com"}
    other = Shopper()
    assert other.send("order/", asked | {"email": "eva@example.com"}).status == 404
    other.send("order/", asked).follow()
    assert other.says("We wait for your transfer")
    shop.put(CUP).send("checkout/", shop.wish(card_number="4000000000003220"))
    begun = orders.recent()[0].number
    assert other.send("order/", {"number": begun, "email": "anna@example.com"}).status == 404


def test_a_transfer_in_euro_has_a_code_that_banking_apps_read(shop, settings):
    settings.PAYEE_IBAN = "IS140159260076545510730339"
    shop.front = "en-lv"
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(pay="transfer", location="RIX"))
    shop.follow()
    assert 'src="data:image/svg+xml;base64,' in shop.source
    assert shop.says("Have your banking app read it.")


def test_who_does_not_want_to_wait_goes_back_to_the_checkout_with_the_cart_as_it_was(shop):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(pay="transfer"))
    number = number_of(shop)
    assert shop.send(f"order/{number}/give-up/").went_to == "/en-is/checkout/"
    assert orders.by_number(number).state == "cancelled"
    assert shop.send("checkout/", shop.wish()).status == 303
    stranger = Shopper()
    assert stranger.send(f"order/{number_of(shop)}/give-up/").status == 404


def test_cash_on_delivery_is_for_what_is_brought(shop):
    shop.put(CUP, 2).look("checkout/")
    assert shop.says("Cash on delivery Only for what is brought to you.")
    shop.send("checkout/", shop.wish(pay="on_delivery"))
    assert shop.status == 422
    assert shop.says("Only for what is brought to you.")
    shop.send("checkout/", shop.wish(pay="on_delivery", **SHIP))
    order = orders.by_number(number_of(shop))
    assert order.state == "placed"
    assert shop.follow().says("To be paid with Cash on delivery")


def test_what_is_paid_in_stores_only_is_said_to_be(shop):
    shop.put(CUP, 2).look("checkout/")
    assert re.search("Cash ?: At a till in our stores.", shop.page)
    shop.send("checkout/", shop.wish(pay="cash"))
    assert shop.status == 422
    assert shop.says("At a till in our stores.")
    assert orders.recent() == ()


@pytest.mark.parametrize("change", [{"pay": "bitcoin"}, {"pay": "x" * 300}, {"pay": "card\x00"}])
def test_a_way_to_pay_that_there_is_not_orders_nothing(shop, change):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**change))
    assert shop.status == 422
    assert orders.recent() == ()


def test_cards_that_somebody_else_takes_are_typed_on_their_page(shop, monkeypatch):
    from samband.channels.shop import paying

    monkeypatch.setattr(paying, "OUR_FORM", "none-of-ours")
    shop.put(CUP, 2).look("checkout/")
    assert 'name="card_number"' not in shop.source
    assert shop.says("You type the card in on the next page")


# --- delivery slots


@pytest.fixture
def slots(world) -> None:
    """A van leaves the store in Reykjavík every day, for two orders in each slot, within 101 only."""
    for starts, ends in ((time(0, 0), time(11, 0)), (time(11, 0), time(23, 59))):
        save_slot_rule(
            new_id(), location=REYKJAVIK, country="IS", time_zone="Atlantic/Reykjavik",
            days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), starts=starts, ends=ends, capacity=2,
            notice_minutes=0, opens_days=3, postcodes=("101",),
        )  # fmt: skip
    open_slots()


def offered(shop: Shopper) -> list[str]:
    return re.findall(r'name="slot" value="([^"]+)"', shop.source)


def test_slots_are_offered_once_the_postcode_is_known_and_only_where_the_van_comes(shop, slots):
    shop.put(CUP, 2)
    asked = shop.wish(**SHIP)
    assert offered(shop) == []
    shop.send("checkout/", asked | {"do": "slots"})
    assert len(offered(shop)) >= 3
    assert shop.says("2 places left")
    assert shop.field("line1") == "Laugavegur 12"
    shop.send("checkout/", asked | {"do": "slots"}, headers={"HX-Request": "true"})
    assert "<html" not in shop.source
    assert 'id="slots"' in shop.source
    shop.send("checkout/", asked | {"do": "slots", "postcode": "600"})
    assert offered(shop) == []
    assert orders.recent() == ()


def test_what_comes_in_a_slot_comes_from_its_store_at_its_time(shop, slots):
    shop.put(CUP, 2)
    shop.send("checkout/", (asked := shop.wish(**SHIP)) | {"do": "slots"})
    slot = offered(shop)[-1]
    shop.send("checkout/", asked | {"slot": slot})
    order = orders.by_number(number_of(shop))
    (group,) = order.groups
    assert (str(group.slot_id), group.location) == (slot, REYKJAVIK)
    assert shop.follow().says("Brought to you")


def test_a_full_slot_cannot_be_chosen(shop, slots):
    for _ in range(2):
        shop.put(CUP)
        shop.send("checkout/", (asked := shop.wish(**SHIP)) | {"do": "slots"})
        slot = offered(shop)[0]
        assert shop.send("checkout/", asked | {"slot": slot}).status == 303
    shop.put(CUP)
    shop.send("checkout/", (asked := shop.wish(**SHIP)) | {"do": "slots"})
    assert re.search(rf'value="{slot}" disabled', shop.source)
    shop.send("checkout/", asked | {"slot": slot})
    assert shop.status == 409
    assert shop.says("this delivery time is taken")


def test_a_slot_of_a_van_that_does_not_come_there_is_no_way(shop, slots):
    shop.put(CUP, 2)
    shop.send("checkout/", (asked := shop.wish(**SHIP)) | {"do": "slots"})
    shop.send("checkout/", asked | {"slot": offered(shop)[0], "postcode": "600", "city": "Akureyri"})
    assert shop.status == 409
    assert shop.says("The goods cannot be had this way any more.")


@pytest.mark.parametrize("slot", ["nonsense", "x" * 400, "01a200b6-e11e-73c5-8c96-6b4b68d180cb"])
def test_a_slot_that_there_is_not_orders_nothing(shop, slots, slot):
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**SHIP) | {"slot": slot})
    assert shop.status in (404, 422)
    assert orders.recent() == ()


def test_no_slots_where_the_store_has_not_everything(shop, slots):
    inventory.set_safety(REYKJAVIK, CUP, 39)
    shop.put(CUP, 2)
    shop.send("checkout/", shop.wish(**SHIP) | {"do": "slots"})
    assert offered(shop) == []


def test_what_never_travels_comes_in_no_slot(shop, slots):
    shop.put(CAKE).look("checkout/")
    assert offered(shop) == []


def test_an_expired_gift_card_is_told_to_be(shop, monkeypatch):
    shop.put(CUP)
    code = card_with(1_000, expires_at=in_future(days=1))
    from samband.kernel.clock import held_at, now

    with held_at(now() + timedelta(days=2)):
        shop.send("checkout/", shop.wish(card_expiry="04/39") | {"do": "gift", "gift_code": code})
    assert shop.says("This gift card has expired or was cancelled.")
