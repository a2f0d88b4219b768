"""Goods on several ways, paid with several things: all of it or none, whatever is asked twice or by somebody else."""

from urllib.parse import urlsplit

import pytest

from samband.commerce.payments import queries as payments
from samband.customers.accounts import commands as accounts
from samband.flows.pay_link import order_in
from samband.kernel.ids import new_id
from tests.channels.api_shopping import ANNA, HOME, PICKUP, bought, card, checked_out, gift_card, held, isk, opened
from tests.worlds import CAKE, CUP, LAMP, REYKJAVIK, SOFA


def order(api, outcome) -> dict:
    return api.get(f"/orders/{outcome['number']}").body


def paid(api, outcome) -> list[tuple[str, str, int]]:
    items = api.get(f"/orders/{outcome['number']}/payments").body["items"]
    return [(one["method"], one["state"], one["captured"]["amount"]) for one in items]


# --- parts


def test_some_is_sent_and_the_rest_is_carried_away(api):
    cart = opened(api, {CUP: 4, CAKE: 2}, method=None)
    seen = api.get(f"/carts/{cart['id']}?method=carry&way={CUP}:ship").body
    sent = {"kind": "ship", "address": HOME, "lines": [{"sku": CUP, "quantity": 4}]}
    answer = checked_out(api, seen, parts=[sent, {"kind": "carry", "location": REYKJAVIK}], tenders=[card()])
    assert answer.status == 201
    groups = {group["kind"]: group["goods"] for group in order(api, answer.body)["groups"]}
    assert groups == {"ship": [{"sku": CUP, "quantity": 4}], "carry": [{"sku": CAKE, "quantity": 2}]}
    assert order(api, answer.body)["shipping"] == isk(1_490)


def test_somebody_who_is_served_need_not_say_who_they_are(api):
    cart = opened(api, {CAKE: 1}, method="serve")
    served = {"kind": "serve", "location": REYKJAVIK, "place": "table-7"}
    answer = checked_out(api, cart, parts=[served], tenders=[card()], contact=None)
    assert answer.status == 201
    found = order(api, answer.body)
    assert (found["contact_id"], found["sold_at"], found["groups"][0]["place"]) == (None, REYKJAVIK, "table-7")
    (serving,) = api.get(f"/locations/{REYKJAVIK}/servings").body["items"]
    path = f"/fulfillments/{serving['id']}"
    assert api.post(f"{path}/ready-to-serve", key="early").code == "fulfillment_not_permitted"
    api.post(f"{path}/picking", key="pick")
    assert api.post(f"{path}/ready-to-serve", key="empty").code == "not_all_picked"
    api.put(f"{path}/lines/{CAKE}", {"picked": 1})
    assert api.post(f"{path}/ready-to-serve", key="ready").body["state"] == "ready"
    assert api.post(f"{path}/hand-over", {}, key="brought").body["state"] == "handed_over"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"parts": []}, 422, "invalid"),
        ({"method": "pickup"}, 422, "invalid"),
        ({"location": REYKJAVIK}, 422, "invalid"),
        ({"contact": None}, 422, "invalid"),
        ({"tenders": []}, 422, "invalid"),
        ({"token": "tok_1"}, 422, "invalid"),
        ({"parts": [PICKUP, PICKUP]}, 422, "invalid"),
        ({"parts": [{**PICKUP, "lines": [{"sku": CUP, "quantity": 9}]}]}, 422, "invalid"),
        ({"parts": [{**PICKUP, "slot_id": str(new_id())}]}, 422, "invalid"),
        ({"parts": [{"kind": "fly"}]}, 422, "invalid_body"),
        ({"hold_minutes": 20_161}, 422, "invalid_body"),
    ],
)
def test_a_wish_that_contradicts_itself_changes_nothing(api, changes, status, code):
    cart = opened(api, {CUP: 2})
    asked = {"parts": [PICKUP], "tenders": [card()], **changes}
    answer = checked_out(api, cart, "k", **asked)
    assert (answer.status, answer.code) == (status, code)
    assert held(CUP) == 0


def test_a_slot_that_is_not_there_or_does_not_come_is_refused(api):
    cart = opened(api, {CUP: 2}, method="ship")
    sent = {"kind": "ship", "address": HOME, "slot_id": str(new_id())}
    assert checked_out(api, cart, parts=[sent], tenders=[card()]).code == "unknown_slot"


# --- tenders


def test_a_gift_card_and_a_card_pay_one_order(api):
    given = gift_card(api, 2_000)
    cart = opened(api, {CUP: 4})
    tenders = [{"method": "gift_card", "token": given["code"], "amount": isk(2_000)}, card()]
    answer = checked_out(api, cart, tenders=tenders)
    assert (answer.status, answer.body["state"]) == (201, "placed")
    assert paid(api, answer.body) == [("gift_card", "captured", 2_000), ("card", "captured", 3_960)]
    assert api.get(f"/gift-cards/{given['gift_card']['id']}").body["gift_card"]["balance"] == isk(0)
    again = checked_out(api, cart, tenders=tenders)
    assert (again.status, again.body, again.headers["Idempotency-Replayed"]) == (201, answer.body, "true")
    other = checked_out(api, cart, tenders=[card()])
    assert (other.status, other.code) == (422, "idempotency_key_reused")


def test_of_two_tenders_the_one_that_is_declined_takes_the_other_back(api):
    given = gift_card(api, 2_000)
    tenders = [{"method": "gift_card", "token": given["code"], "amount": isk(2_000)}, card("4000000000000002")]
    answer = checked_out(api, opened(api, {CUP: 4}), tenders=tenders)
    assert (answer.status, answer.code) == (402, "payment_declined")
    assert api.get(f"/gift-cards/{given['gift_card']['id']}").body["gift_card"]["balance"] == isk(2_000)
    assert held(CUP) == 0


@pytest.mark.parametrize(
    ("tenders", "status", "code"),
    [
        ([{"method": "card", "amount": isk(1)}], 422, "tenders_differ"),
        ([{"method": "card", "amount": isk(9_999_999)}], 422, "tenders_differ"),
        ([{"method": "card", "amount": {"amount": 5_960, "currency": "EUR"}}], 422, "currency_mismatch"),
        ([{"method": "card"}, {"method": "card"}], 422, "invalid"),
        ([{"method": "cash"}], 409, "method_not_offered"),
        ([{"method": "card_present"}], 409, "method_not_offered"),
        ([{"method": "on_delivery"}], 409, "method_not_offered"),
        ([{"method": "shells"}], 422, "unknown_payment_method"),
        ([{"method": "card", "provider": "nobody"}], 404, "unknown_payment_provider"),
        ([{"method": "pay_later", "plan": "in-a-century"}], 422, "unknown_payment_plan"),
        ([{"method": "card"}] * 21, 422, "invalid_body"),
    ],
)
def test_tenders_that_do_not_add_up_or_cannot_be_had_change_nothing(api, tenders, status, code):
    answer = checked_out(api, opened(api, {CUP: 4}), tenders=tenders)
    assert (answer.status, answer.code) == (status, code)
    assert held(CUP) == 0
    assert api.get("/orders").body["items"] == []


def test_a_gift_card_says_why_it_does_not_pay(api):
    cart = opened(api, {CUP: 4})
    low, euro = gift_card(api, 100, "low"), gift_card(api, 9_000, "euro", "EUR")
    for key, code, reason in (
        ("none", "AAAA-AAAA-AAAA-AAAA", "unknown_gift_card"),
        ("low", low["code"], "gift_card_short"),
        ("euro", euro["code"], "payment_other_currency"),
    ):
        answer = checked_out(api, cart, key, tenders=[{"method": "gift_card", "token": code}])
        assert (answer.code, answer.body["reason"]) == ("payment_declined", reason)
        assert "AAAA" not in str(answer.body)


def test_paying_later_goes_by_a_plan_that_was_shown(api):
    cart = opened(api, {SOFA: 1})
    amount = cart["seen_total"]["amount"]
    offered = api.get(f"/payment-methods?market=IS&amount={amount}&way=pickup").body["items"]
    (later,) = [one for one in offered if one["method"] == "pay_later"]
    plan = next(one for one in later["plans"] if one["id"] == "in-3")
    assert sum(part["amount"]["amount"] for part in plan["parts"]) == plan["total"]["amount"]
    answer = checked_out(api, cart, tenders=[{"method": "pay_later", "plan": "in-3"}])
    assert answer.status == 201
    (payment,) = api.get(f"/orders/{answer.body['number']}/payments").body["items"]
    assert (payment["plan"], payment["tender"]) == ("in-3", 1)


def test_ways_to_pay_are_the_same_everywhere_or_say_why_not(api):
    def offered(query: str) -> dict[str, str]:
        return {one["method"]: one["reason"] for one in api.get(f"/payment-methods?{query}").body["items"]}

    here, till = offered("market=IS&amount=5000&way=carry"), offered("market=IS&amount=5000&way=carry&channel=pos")
    assert (here["cash"], till["cash"]) == ("only_in_a_store", "")
    assert here["gift_card"] == till["gift_card"] == ""
    assert set(here) == set(till)
    assert offered("market=IS&amount=0")["card"] == "nothing_to_pay"
    assert offered("market=LV&amount=5000&way=ship")["on_delivery"] == ""
    assert api.get("/payment-methods?market=XX&amount=5000").code == "unknown_market"
    assert api.get("/payment-methods?market=IS&amount=5000&way=fly").code == "invalid_parameter"


# --- an order that waits


@pytest.fixture
def waiting(api) -> dict:
    answer = checked_out(api, opened(api, {LAMP: 1}), patient=True, hold_minutes=60)
    assert (answer.status, answer.body["state"]) == (202, "awaiting")
    return answer.body


def test_an_order_waits_to_be_paid_by_link_and_its_goods_are_held(api, waiting):
    assert waiting["left"] == isk(14_900)
    assert held(LAMP) == 1
    token = urlsplit(waiting["pay_link"]).path.rsplit("/", 1)[-1]
    assert str(order_in(token)) == waiting["order_id"]
    assert waiting["payable_until"] > order(api, waiting)["created_at"]


def test_it_is_paid_bit_by_bit_until_all_of_it_is_there(api, waiting):
    path = f"/orders/{waiting['number']}/payments"
    first = api.post(path, {"tenders": [card(amount=isk(4_900))]}, key="first")
    assert (first.status, first.body["state"], first.body["left"]) == (202, "awaiting", isk(10_000))
    again = api.post(path, {"tenders": [card(amount=isk(4_900))]}, key="first")
    assert (again.status, again.body["left"], again.headers["Idempotency-Replayed"]) == (202, isk(10_000), "true")
    assert api.post(path, {"tenders": [card(amount=isk(5_000))]}, key="first").code == "idempotency_key_reused"
    no = api.post(path, {"tenders": [card("4000000000000002")]}, key="second")
    assert (no.status, no.body["state"], no.body["reason"]) == (202, "awaiting", "card_declined")
    rest = api.post(path, {"tenders": [card()]}, key="third")
    assert (rest.status, rest.body["state"], rest.body["pay_link"]) == (201, "placed", "")
    assert api.post(path, {"tenders": [card()]}, key="fourth").code == "order_not_a_draft"


@pytest.mark.parametrize(
    ("tender", "code"),
    [
        ({"method": "card", "amount": isk(14_901)}, "tenders_differ"),
        ({"method": "card", "amount": {"amount": 1, "currency": "EUR"}}, "currency_mismatch"),
        ({"method": "cash"}, "method_not_offered"),
    ],
)
def test_nobody_pays_more_than_is_left_or_in_other_money(api, waiting, tender, code):
    answer = api.post(f"/orders/{waiting['number']}/payments", {"tenders": [tender]}, key="k")
    assert answer.code == code
    assert paid(api, waiting) == []


def test_a_payment_is_taken_back_while_the_order_waits(api, waiting):
    given = gift_card(api, 900)
    tender = {"method": "gift_card", "token": given["code"], "amount": isk(900)}
    api.post(f"/orders/{waiting['number']}/payments", {"tenders": [tender]}, key="first")
    (payment,) = payments.of_order(waiting["order_id"])
    dropped = api.post(f"/orders/{waiting['number']}/payments/{payment.id}/drop")
    assert (dropped.status, dropped.body["left"]) == (202, isk(14_900))
    assert api.get(f"/gift-cards/{given['gift_card']['id']}").body["gift_card"]["balance"] == isk(900)
    assert api.post(f"/orders/{waiting['number']}/payments/{payment.id}/drop").body["left"] == isk(14_900)


def test_nobody_takes_back_what_another_order_was_paid_with(api, waiting):
    other = bought(api, {CUP: 1}, "other")
    (payment,) = payments.of_order(other["order_id"])
    assert api.post(f"/orders/{waiting['number']}/payments/{payment.id}/drop").code == "payment_not_found"
    assert api.post(f"/orders/{other['number']}/payments/{payment.id}/drop").code == "order_not_a_draft"
    assert paid(api, other) == [("card", "captured", 1_490)]


def test_nobody_pays_or_takes_back_for_another_customer(api):
    anna = accounts.register("anna@example.com", source="test")
    cart = opened(api, {CUP: 1}, customer_id=str(anna))
    mine = checked_out(api, cart, patient=True, customer_id=str(anna)).body
    path = f"/orders/{mine['number']}/payments"
    assert api.post(f"{path}?customer_id={new_id()}", {"tenders": [card()]}, key="k").code == "order_not_found"
    assert api.post(f"{path}/{new_id()}/drop?customer_id={new_id()}").code == "order_not_found"
    assert api.post(f"{path}?customer_id={anna}", {"tenders": [card()]}, key="k").status == 201


def test_an_order_that_costs_nothing_needs_no_payment(api):
    api.put("/promotions/all", {"deal": {"type": "percent", "basis_points": 10_000}})
    cart = opened(api, {CUP: 1})
    assert cart["seen_total"] == isk(0)
    assert checked_out(api, cart).body["state"] == "placed"


def test_the_contact_is_whom_was_named(api):
    assert bought(api, {CUP: 1}, contact={**ANNA, "name": "Anna"})["state"] == "placed"
