"""What became of an order: read, called off, its money and its goods moved, each thing once."""

from datetime import timedelta
from typing import get_args
from uuid import uuid4

import pytest

from samband.channels.api.openapi import document
from samband.channels.api.shapes.orders import RefundReason
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payments
from samband.commerce.payments.rules import REFUND_REASONS
from samband.kernel.clock import in_future, now
from samband.kernel.ids import new_id
from samband.timeline.delivering import deliver
from tests.worlds import CUP, LAMP, REYKJAVIK, card

ANNA = {"email": "anna@example.com", "name": "Anna Jónsdóttir"}
HOME = {"name": "Anna Jónsdóttir", "line1": "Laugavegur 12", "city": "Reykjavík", "country": "IS", "postcode": "101"}
NOBODYS = "01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"


def order(api, method: str = "pickup", lines=None, **more) -> dict:
    """An order that stands."""
    wish = [{"sku": sku, "quantity": quantity} for sku, quantity in (lines or {CUP: 2, LAMP: 1}).items()]
    customer = {name: value for name, value in more.items() if name == "customer_id"}
    cart = api.post("/carts", {"market": "IS", "lines": wish, "method": method, **customer}).body
    where = {"location": REYKJAVIK} if method == "pickup" else {"address": HOME}
    asked = {"method": method, "seen_total": cart["seen_total"], "token": card(), "contact": ANNA, **where, **more}
    placed = api.post(f"/carts/{cart['id']}/checkout", asked, key=str(uuid4()))
    return api.get(f"/orders/{placed.body['number']}").body


def only_fulfillment(api, placed: dict) -> dict:
    (found,) = api.get(f"/orders/{placed['number']}/fulfillments").body["items"]
    return found


def pick(api, fulfillment: dict) -> None:
    api.post(f"/fulfillments/{fulfillment['id']}/picking", key="pick")
    for line in fulfillment["lines"]:
        api.put(f"/fulfillments/{fulfillment['id']}/lines/{line['sku']}", {"picked": line["quantity"]})


def only_payment(api, placed: dict) -> dict:
    (found,) = api.get(f"/orders/{placed['number']}/payments").body["items"]
    return found


def test_an_order_is_found_however_its_number_is_typed(api):
    placed = order(api)
    bare = placed["number"].replace("-", "").lower()
    assert api.get(f"/orders/{bare}").body == placed
    assert api.get(f"/orders/{placed['id']}").body == placed
    for nobodys in ("AAAAA-AAAAA", NOBODYS, "x" * 36, "é"):
        assert (api.get(f"/orders/{nobodys}").status, api.get(f"/orders/{nobodys}").code) == (404, "order_not_found")


def test_orders_are_listed_page_by_page_newest_first(api):
    numbers = [order(api, lines={CUP: 1})["number"] for _ in range(3)]
    first = api.get("/orders?state=placed&limit=2")
    rest = api.get(first.headers["Link"].split(">")[0].removeprefix("</api/v1"))
    assert [one["number"] for one in first.body["items"] + rest.body["items"]] == numbers[::-1]
    assert [one["number"] for one in api.get(f"/orders?text={numbers[0][:7]}").body["items"]] == [numbers[0]]


def test_a_cancelled_order_gives_goods_and_money_back_once(api):
    placed = order(api)
    path = f"/orders/{placed['number']}/cancellation"
    first = api.post(path, {"reason": "customer"}, key="off")
    again = api.post(path, {"reason": "customer"}, key="off")
    assert (first.status, again.body, again.headers["Idempotency-Replayed"]) == (200, first.body, "true")
    payment = only_payment(api, placed)
    assert (payment["state"], payment["refunded"]) == ("refunded", placed["total"])
    assert api.get(f"/stock/availability?sku={LAMP}").body["items"][0]["available"] == 55
    assert api.post(path, {"reason": "customer"}, key="off again").status == 422
    assert api.post(path, {"reason": "customer"}, key="off-again").code == "order_over"
    story = api.get(f"/orders/{placed['number']}/story").body
    assert [step["code"] for step in story["steps"]] == ["placed", "cancelled"]
    assert not story["cancellable"]


def test_goods_that_have_left_are_not_called_off(api):
    placed = order(api, method="ship", lines={CUP: 1})
    parcel = only_fulfillment(api, placed)
    pick(api, parcel)
    api.post(f"/fulfillments/{parcel['id']}/shipment", {"carrier": "Post"}, key="ship")
    answer = api.post(f"/orders/{placed['number']}/cancellation", {"reason": "retailer"}, key="late")
    assert (answer.status, answer.code) == (409, "fulfillment_not_permitted")
    assert api.get(f"/orders/{placed['number']}").body["state"] == "placed"


@pytest.mark.parametrize(("reason", "code"), [("pickup_expired", "invalid_body"), (None, "invalid_body")])
def test_an_order_is_called_off_by_customer_or_retailer(api, reason, code):
    placed = order(api)
    assert api.post(f"/orders/{placed['number']}/cancellation", {"reason": reason}, key="off").code == code
    other = f"/orders/{placed['number']}/cancellation?customer_id={NOBODYS}"
    assert api.post(other, {"reason": "customer"}, key="off").code == "order_not_found"


# --- money


def isk(amount: int) -> dict:
    return {"amount": {"amount": amount, "currency": "ISK"}}


def test_money_goes_back_in_parts_and_never_more_than_came(api):
    placed = order(api)
    payment = only_payment(api, placed)
    path = f"/payments/{payment['id']}/refunds"
    first = api.post(path, {**isk(1_000), "reason": "damaged"}, key="r1")
    assert (first.status, first.body["payment"]["state"], first.body["payment"]["refunded"]["amount"]) == (
        201,
        "partly_refunded",
        1_000,
    )
    again = api.post(path, {**isk(1_000), "reason": "damaged"}, key="r1")
    assert (again.headers["Idempotency-Replayed"], again.body) == ("true", first.body)
    assert "Idempotency-Replayed" not in first.headers
    assert api.post(path, isk(2_000), key="r1").code == "idempotency_key_reused"
    assert api.post(path, isk(placed["total"]["amount"]), key="r2").code == "more_than_captured"
    assert api.post(path, {"amount": {"amount": 1, "currency": "EUR"}}, key="r3").code == "payment_other_currency"
    assert api.post(path, isk(0), key="r4").code == "invalid"
    assert api.post(path, isk(1)).code == "idempotency_key_missing"
    assert [move["kind"] for move in first.body["movements"]] == ["authorise", "capture", "refund"]
    assert api.get(f"/payments/{payment['id']}").body == first.body


def test_money_goes_back_for_a_listed_reason_only(api):
    path = f"/payments/{only_payment(api, order(api))['id']}/refunds"
    for reason in ("stray", "order_cancelled", "for Anna Jónsdóttir", ""):
        assert api.post(path, {**isk(100), "reason": reason}, key="r").code == "invalid_body"
    assert get_args(get_args(RefundReason)[0]) == REFUND_REASONS
    listed = document()["components"]["schemas"]["RefundWish"]["properties"]["reason"]
    assert sorted(listed["enum"]) == sorted(REFUND_REASONS)
    for reason in REFUND_REASONS:
        assert api.post(path, {**isk(100), "reason": reason}, key=f"for-{reason}").status == 201


def test_what_was_set_aside_is_taken_or_let_go(api):
    intent = new_id()
    payments.start(intent, new_id(), 5_000, "ISK", "card", "sandbox", "manual")
    asking.ask_to_authorise(intent, card())
    path = f"/payments/{intent}"
    taken = api.post(f"{path}/captures", isk(2_000), key="c1")
    assert (taken.status, taken.body["payment"]["open"]["amount"]) == (201, 3_000)
    assert api.post(f"{path}/captures", isk(2_000), key="c1").headers["Idempotency-Replayed"] == "true"
    assert api.post(f"{path}/captures", isk(4_000), key="c2").code == "more_than_authorised"
    let_go = api.post(f"{path}/voids", {}, key="v1")
    assert (let_go.status, let_go.body["payment"]["voided"]["amount"]) == (201, 3_000)
    assert api.post(f"{path}/voids", {}, key="v1").headers["Idempotency-Replayed"] == "true"
    assert api.post(f"{path}/voids", {}, key="v2").code == "payment_not_open"
    assert api.post(f"/payments/{NOBODYS}/captures", isk(1), key="c").code == "payment_not_found"
    assert api.get(f"/payments/{NOBODYS}").code == "payment_not_found"


# --- goods


def test_a_pickup_is_picked_made_ready_and_handed_over_once(api):
    placed = order(api)
    pickup = only_fulfillment(api, placed)
    path = f"/fulfillments/{pickup['id']}"
    listed = api.get(f"/locations/{REYKJAVIK}/pick-list").body
    assert {row["sku"]: row["quantity"] for row in listed["goods"]} == {CUP: 2, LAMP: 1}
    assert api.post(f"{path}/ready", {"wait_until": in_future(days=7).isoformat()}, key="r").status == 409
    assert api.put(f"{path}/lines/{CUP}", {"picked": 1}).code == "fulfillment_not_permitted"
    pick(api, pickup)
    assert api.post(f"{path}/picking", key="pick").headers["Idempotency-Replayed"] == "true"
    assert api.put(f"{path}/lines/{CUP}", {"picked": 3}).code == "picked_too_many"
    assert api.put(f"{path}/lines/SOFA", {"picked": 1}).code == "not_ordered"
    ready = api.post(f"{path}/ready", {"wait_until": in_future(days=7).isoformat()}, key="ready")
    assert (ready.status, ready.body["state"]) == (200, "ready")
    assert "pickup_code" not in ready.body
    assert [one["id"] for one in api.get(f"/locations/{REYKJAVIK}/pickups").body["items"]] == [pickup["id"]]
    code = fulfillments.fulfillment(ready.body["id"]).pickup_code
    handed = api.post(f"{path}/hand-over", {"code": code}, key="hand")
    again = api.post(f"{path}/hand-over", {"code": code}, key="hand")
    assert (handed.body["state"], again.headers["Idempotency-Replayed"]) == ("handed_over", "true")
    assert api.get(f"/stock/ledger/{CUP}").body["items"][0]["quantity"] == -2
    assert api.get(path).body["state"] == "handed_over"
    assert api.post(f"{path}/hand-over", {"code": code}, key="hand-2").code == "fulfillment_not_permitted"


def test_goods_of_an_order_whose_money_went_back_stay_with_us(api):
    placed = order(api)
    payment, pickup = only_payment(api, placed), only_fulfillment(api, placed)
    pick(api, pickup)
    api.post(f"/payments/{payment['id']}/refunds", {"amount": placed["total"], "reason": "goodwill"}, key="all")
    wish = {"wait_until": in_future(days=7).isoformat()}
    answer = api.post(f"/fulfillments/{pickup['id']}/ready", wish, key="ready")
    assert (answer.status, answer.code) == (409, "nothing_is_paid")
    assert only_fulfillment(api, placed)["state"] == "picking"


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59:59Z", in_future(days=91).isoformat()], ids=["the end of time", "91 days"]
)
def test_goods_do_not_wait_for_ever(api, until):
    placed = order(api)
    pickup = only_fulfillment(api, placed)
    pick(api, pickup)
    answer = api.post(f"/fulfillments/{pickup['id']}/ready", {"wait_until": until}, key="ready")
    assert (answer.status, answer.code, answer.body["days"]) == (422, "waits_too_long", 90)
    assert only_fulfillment(api, placed)["state"] == "picking"


def test_not_everything_in_the_basket_is_not_ready(api):
    pickup = only_fulfillment(api, order(api))
    path = f"/fulfillments/{pickup['id']}"
    api.post(f"{path}/picking", key="pick")
    answer = api.post(f"{path}/ready", {"wait_until": in_future(days=7).isoformat()}, key="ready")
    assert (answer.code, {one["sku"] for one in answer.body["short"]}) == ("not_all_picked", {CUP, LAMP})
    pick(api, pickup)
    past = (now() - timedelta(days=1)).isoformat()
    assert api.post(f"{path}/ready", {"wait_until": past}, key="ready-2").code == "invalid"
    assert api.post(f"{path}/shipment", {"carrier": "Post"}, key="s").code == "fulfillment_not_permitted"


@pytest.mark.django_db(transaction=True)
def test_codes_are_not_to_be_tried_out(api):
    pickup = only_fulfillment(api, order(api))
    path = f"/fulfillments/{pickup['id']}"
    pick(api, pickup)
    api.post(f"{path}/ready", {"wait_until": in_future(days=7).isoformat()}, key="ready")
    for left in (4, 3, 2, 1, 0):
        answer = api.post(f"{path}/hand-over", {"code": "AAAAAA"}, key=f"try-{left}")
        assert (answer.code, answer.body["tries_left"]) == ("wrong_pickup_code", left)
    locked = api.post(f"{path}/hand-over", {"code": "AAAAAA"}, key="one-more")
    assert (locked.status, locked.code) == (429, "pickup_code_locked")
    assert 0 < int(locked.headers["Retry-After"]) <= 601


@pytest.mark.django_db(transaction=True)
def test_a_parcel_is_shipped_and_delivered_once(api):
    placed = order(api, method="ship", lines={CUP: 1})
    parcel = only_fulfillment(api, placed)
    path = f"/fulfillments/{parcel['id']}"
    pick(api, parcel)
    wish = {"carrier": "Post", "tracking": "RR1"}
    sent = api.post(f"{path}/shipment", wish, key="ship")
    again = api.post(f"{path}/shipment", wish, key="ship")
    assert (sent.body["state"], again.headers["Idempotency-Replayed"]) == ("shipped", "true")
    assert api.post(f"{path}/delivery", key="there").body["state"] == "delivered"
    deliver()
    assert api.get(f"/orders/{placed['number']}").body["state"] == "completed"
    story = api.get(f"/orders/{placed['number']}/story").body
    assert [step["code"] for step in story["steps"]] == ["placed", "picking", "shipped", "delivered"]
    assert story["steps"][2]["details"]["tracking"] == "RR1"


def test_there_is_no_such_fulfillment_or_location(api):
    assert api.get(f"/fulfillments/{NOBODYS}").code == "unknown_fulfillment"
    assert api.post(f"/fulfillments/{NOBODYS}/picking", key="k").code == "unknown_fulfillment"
    assert api.get("/locations/XXX/pick-list").code == "unknown_location"
    assert api.get("/locations/XXX/pickups").code == "unknown_location"
    assert api.get("/orders/AAAAA-AAAAA/fulfillments").code == "order_not_found"


def test_every_step_of_goods_needs_a_key(api):
    for step in ("picking", "ready", "hand-over", "shipment", "delivery"):
        assert api.post(f"/fulfillments/{NOBODYS}/{step}", {}).code == "idempotency_key_missing"
