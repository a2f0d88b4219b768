"""From a full cart to an order that stands, in two requests; asked twice, done once; refused, nothing has changed."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.payments.providers.sandbox import approve
from samband.commerce.pricing import commands as pricing
from samband.customers.accounts import commands as accounts
from samband.kernel.clock import in_future
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from tests.channels.api_client import Api
from tests.worlds import CUP, LAMP, LAST_TEN, LONDON, REYKJAVIK, SOFA, card

STATEMENTS_OPENING = 4
"""Its goods, their stock, their prices, and the cart with its lines."""
STATEMENTS_PAYING = 22
"""Two transactions and what the bank is asked between them."""

ANNA = {"email": "anna@example.com", "name": "Anna Jónsdóttir"}
HOME = {"name": "Anna Jónsdóttir", "line1": "Laugavegur 12", "city": "Reykjavík", "country": "IS", "postcode": "101"}


def open_cart(api, lines, method="pickup", market="IS", **more) -> dict:
    wish = [{"sku": sku, "quantity": quantity} for sku, quantity in lines.items()]
    return api.post("/carts", {"market": market, "lines": wish, "method": method, **more}).body


def wish(cart, **more) -> dict:
    asked = {
        "method": "pickup",
        "location": REYKJAVIK,
        "contact": ANNA,
        "seen_total": cart["seen_total"],
        "token": card(),
    }
    return {name: value for name, value in {**asked, **more}.items() if value is not None}


def held(sku: str, location: str = REYKJAVIK) -> int:
    return next(place.held for place in stock.available([sku])[sku] if place.location == location)


@pytest.fixture
def cart(api):
    return open_cart(api, {SOFA: 1, CUP: 4})


def test_two_requests_from_nothing_to_an_order_that_is_paid(api):
    cart = open_cart(api, {SOFA: 1, CUP: 4})
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="order-1")
    assert (answer.status, answer.body["state"]) == (201, "placed")
    order = api.get(answer.headers["Location"].removeprefix("/api/v1")).body
    assert (order["number"], order["state"], order["total"]) == (answer.body["number"], "placed", cart["seen_total"])
    assert {line["sku"]: line["quantity"] for line in order["lines"]} == {SOFA: 1, CUP: 4}
    (payment,) = api.get(f"/orders/{order['number']}/payments").body["items"]
    assert (payment["state"], payment["captured"]) == ("captured", cart["seen_total"])
    (fulfillment,) = api.get(f"/orders/{order['id']}/fulfillments").body["items"]
    assert (fulfillment["state"], fulfillment["location"]) == ("requested", REYKJAVIK)
    assert held(SOFA) == 1


def test_shipped_to_an_address_with_shipping_in_the_total(api):
    cart = open_cart(api, {CUP: 4}, method="ship")
    answer = api.post(
        f"/carts/{cart['id']}/checkout", wish(cart, method="ship", location=None, address=HOME), key="ship"
    )
    assert answer.status == 201
    order = api.get(f"/orders/{answer.body['number']}").body
    assert order["shipping"] == {"amount": 1_490, "currency": "ISK"}
    assert order["groups"][0]["kind"] == "ship"


def test_the_same_wish_under_the_same_key_is_one_order(api, cart):
    first = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="once")
    again = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="once")
    assert "Idempotency-Replayed" not in first.headers
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.get("/orders").body["items"]) == 1
    assert held(SOFA) == 1


def test_another_wish_under_the_same_key_is_refused(api, cart):
    api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="once")
    other = api.post(f"/carts/{cart['id']}/checkout", wish(cart, language="is"), key="once")
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_keys_belong_to_the_program_that_sent_them(api, api_with, cart):
    api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="once")
    mine = open_cart(api, {CUP: 1})
    other = api_with("carts:write", "orders:write")
    answer = other.post(f"/carts/{mine['id']}/checkout", wish(mine), key="once")
    assert (answer.status, "Idempotency-Replayed" in answer.headers) == (201, False)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        (None, 400, "idempotency_key_missing"),
        ("x" * 101, 422, "idempotency_key_invalid"),
        ("two words", 422, "idempotency_key_invalid"),
    ],
)
def test_money_moves_only_under_a_key(api, cart, key, status, code):
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key=key)
    assert (answer.status, answer.code) == (status, code)
    assert held(SOFA) == 0


def test_a_card_that_is_declined_leaves_the_cart_to_be_paid_with_another(api, cart):
    declined = wish(cart, token=card("4000000000000002"))
    answer = api.post(f"/carts/{cart['id']}/checkout", declined, key="first")
    assert (answer.status, answer.code, answer.body["reason"]) == (402, "payment_declined", "card_declined")
    again = api.post(f"/carts/{cart['id']}/checkout", declined, key="first")
    assert (again.status, again.body["number"]) == (402, answer.body["number"])
    assert held(SOFA) == 0
    assert api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="second").status == 201


def test_a_second_factor_is_asked_for_and_then_settled(api, cart):
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart, token=card("4000000000003220")), key="bank")
    assert (answer.status, answer.body["state"]) == (202, "action_required")
    still = api.post(f"/orders/{answer.body['number']}/settlement")
    assert (still.status, still.body) == (202, answer.body)
    approve(answer.body["url"].rsplit("/", 1)[-1], "1234")
    settled = api.post(f"/orders/{answer.body['number']}/settlement")
    assert (settled.status, settled.body["state"]) == (200, "placed")
    assert api.post(f"/orders/{answer.body['number']}/settlement").status == 200


def test_a_bank_that_does_not_answer_is_asked_again(api, cart):
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart, token=card("4000000000000119")), key="silent")
    assert (answer.status, answer.body["state"]) == (202, "processing")


def test_another_total_than_was_seen_is_refused_with_the_new_one(api, cart):
    pricing.set_prices("isk-regular", {CUP: 1_590})
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="late")
    assert (answer.status, answer.code) == (409, "basket_changed")
    assert answer.body["total"] == {"amount": cart["seen_total"]["amount"] + 400, "currency": "ISK"}
    assert answer.body["changes"][0]["code"] == "price_up"
    assert held(SOFA) == 0


def test_the_wrong_currency_is_no_total_that_was_seen(api, cart):
    seen = {"amount": cart["seen_total"]["amount"], "currency": "EUR"}
    assert api.post(f"/carts/{cart['id']}/checkout", wish(cart, seen_total=seen), key="eur").code == "basket_changed"


def test_a_store_that_has_too_few_names_them(api):
    cart = open_cart(api, {SOFA: 4})
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="short")
    assert (answer.status, answer.code, answer.body["short"]) == (409, "no_such_way", [{"sku": SOFA}])


def test_what_sold_out_meanwhile_is_told_as_a_change(api):
    cart = open_cart(api, {LAMP: 1})
    for location, units in ((REYKJAVIK, 5), (LONDON, 50)):
        inventory.hold(new_id(), (Position(location, LAMP, units),), in_future(minutes=5))
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="gone")
    assert (answer.status, answer.code) == (409, "basket_changed")
    assert answer.body["changes"] == [{"code": "sold_out", "sku": LAMP, "was": 1, "now": 0}]
    assert answer.body["short"] == [{"sku": LAMP, "wanted": 1, "available": 0}]


def test_a_cart_may_have_to_be_the_one_that_was_seen(api, cart):
    path = f"/carts/{cart['id']}/checkout"
    api.put(f"/carts/{cart['id']}/lines/{CUP}", {"quantity": 5})
    answer = api.post(path, wish(cart, version=cart["version"]), key="edited")
    assert (answer.status, answer.code) == (409, "cart_edited")
    stale = {"If-Match": f'"{cart["version"]}-00"'}
    moved = api.post(path, wish(cart), key="edited-2", **stale)
    assert (moved.status, moved.code) == (412, "precondition_failed")
    now = api.get(f"/carts/{cart['id']}?method=pickup")
    answer = api.post(path, wish(now.body), key="edited-3", **{"If-Match": now.headers["ETag"]})
    assert answer.status == 201


def test_a_cart_is_ordered_once(api, cart):
    api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="one")
    answer = api.post(f"/carts/{cart['id']}/checkout", wish(cart), key="two")
    assert (answer.status, answer.code) == (409, "cart_closed")
    assert api.put(f"/carts/{cart['id']}/lines/{CUP}", {"quantity": 1}).code == "cart_closed"


def test_a_customers_cart_is_checked_out_by_naming_them(api):
    anna = accounts.register("anna@example.com", source="shop", name="Anna")
    bjarni = accounts.register("bjarni@example.com", source="shop", name="Bjarni")
    cart = open_cart(api, {CUP: 1}, customer_id=str(anna))
    path = f"/carts/{cart['id']}/checkout"
    for somebody in (None, str(bjarni)):
        answer = api.post(path, wish(cart, customer_id=somebody), key=f"as-{somebody}")
        assert (answer.status, answer.code) == (409, "not_your_cart")
    answer = api.post(path, wish(cart, customer_id=str(anna), contact=None), key="mine")
    assert answer.status == 201
    number = answer.body["number"]
    assert api.get(f"/orders/{number}?customer_id={anna}").body["customer_id"] == str(anna)
    assert api.get(f"/orders/{number}?customer_id={bjarni}").code == "order_not_found"
    assert [order["number"] for order in api.get(f"/customers/{anna}/orders").body["items"]] == [number]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"contact": None}, 422, "invalid"),
        ({"contact": {"email": "anna", "name": "Anna"}}, 422, "not_an_email"),
        ({"contact": {**ANNA, "phone": "no phone"}}, 422, "not_a_phone"),
        ({"location": "XXX"}, 422, "invalid"),
        ({"location": LONDON}, 409, "no_such_way"),
        ({"method": "ship", "address": {**HOME, "postcode": "1"}}, 422, "address_incomplete"),
        ({"method": "ship", "address": {**HOME, "country": "LV", "postcode": "LV-1011"}}, 409, "no_such_way"),
        ({"method": "ship"}, 422, "invalid"),
        ({"token": "tok_forged.0"}, 402, "payment_declined"),
        ({"provider": "nobody"}, 404, "unknown_payment_provider"),
        ({"pay_by": "shells"}, 422, "unknown_payment_method"),
        ({"return_url": "https://evil.example/"}, 422, "return_address_refused"),
        ({"customer_id": str(uuid4())}, 404, "not_found"),
        ({"seen_total": {"amount": -1, "currency": "ISK"}}, 422, "invalid_body"),
        ({"seen_total": {"amount": True, "currency": "ISK"}}, 422, "invalid_body"),
        ({"seen_total": {"amount": 1, "currency": "SEK"}}, 422, "invalid_body"),
        ({"tip": 1}, 422, "invalid_body"),
    ],
)
def test_a_wish_that_cannot_be_granted_is_refused_and_changes_nothing(api, cart, changes, status, code):
    asked = wish(cart, **changes)
    if asked["method"] == "ship":
        asked["seen_total"] = api.get(f"/carts/{cart['id']}?method=ship").body["seen_total"]
    answer = api.post(f"/carts/{cart['id']}/checkout", asked, key="wish")
    assert (answer.status, answer.code) == (status, code)
    assert held(SOFA) == 0
    assert [order["state"] for order in api.get("/orders").body["items"]] in ([], ["cancelled"])


def test_an_empty_cart_is_no_order(api):
    cart = api.post("/carts", {"market": "IS"}).body
    answer = api.post(
        f"/carts/{cart['id']}/checkout", wish({"seen_total": {"amount": 0, "currency": "ISK"}}), key="empty"
    )
    assert (answer.status, answer.code) == (422, "basket_empty")


def test_test_cards_become_tokens(api):
    answer = api.post("/payments/sandbox/tokens", {"number": "4242 4242 4242 4242", "expiry": "12/99", "cvc": "123"})
    assert answer.status == 201
    cart = open_cart(api, {CUP: 1})
    assert api.post(f"/carts/{cart['id']}/checkout", wish(cart, **answer.body), key="token").status == 201
    wrong = api.post("/payments/sandbox/tokens", {"number": "4242424242424241", "expiry": "12/99", "cvc": "123"})
    assert (wrong.code, wrong.body["field"]) == ("card_invalid", "number")


@pytest.mark.django_db(transaction=True)
def test_two_requests_take_this_many_statements(world):
    """The benchmarked path: pinned, so that nobody adds a statement unawares."""
    api = Api(world.api_key)
    api.get(f"/carts/{open_cart(api, {CUP: 1})['id']}")  # what a process remembers is remembered now
    with CaptureQueriesContext(connection) as opening:
        cart = open_cart(api, {LAST_TEN: 1, CUP: 2}, method="ship")
    asked = wish(cart, method="ship", location=None, address=HOME)
    with CaptureQueriesContext(connection) as paying:
        answer = api.post(f"/carts/{cart['id']}/checkout", asked, key="pinned")
    assert answer.status == 201
    told = [[query["sql"].strip()[:90] for query in each.captured_queries] for each in (opening, paying)]
    assert (len(told[0]), len(told[1])) == (STATEMENTS_OPENING, STATEMENTS_PAYING), told
