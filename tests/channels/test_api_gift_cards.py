"""Gift cards: issued once, spent once, looked up without telling a code; and what goes back over all tenders."""

import pytest

from samband.commerce.payments import books
from samband.kernel.clock import in_future
from samband.kernel.ids import new_id
from samband.staff.rules import SCOPES
from samband.timeline.delivering import deliver
from tests.channels.api_shopping import bought, card, checked_out, gift_card, isk, opened
from tests.worlds import CUP, LAMP


def test_a_gift_card_is_issued_once_and_its_code_told_once(api, api_with):
    wish = {"amount": isk(5_000), "reason": "goodwill", "expires_at": in_future(days=365).isoformat()}
    first = api.post("/gift-cards", wish, key="k")
    again = api.post("/gift-cards", wish, key="k")
    assert (first.status, again.status, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.body["code"].endswith(first.body["gift_card"]["last4"])
    assert (again.body["code"], again.body["gift_card"]) == ("", first.body["gift_card"])
    for other in ({"amount": isk(5_001)}, {"reason": "lost"}, {"expires_at": None}):
        answer = api.post("/gift-cards", {**wish, **other}, key="k")
        assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    elsewhere = api_with("payments:write").post("/gift-cards", wish, key="k")
    assert elsewhere.body["gift_card"]["id"] != first.body["gift_card"]["id"]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"amount": isk(0), "reason": "goodwill"}, "invalid"),
        ({"amount": isk(1), "reason": "goodwill", "expires_at": "2020-01-01T00:00:00Z"}, "invalid"),
        ({"amount": isk(1), "reason": "because"}, "invalid_body"),
        ({"amount": {"amount": 1, "currency": "SEK"}, "reason": "goodwill"}, "invalid_body"),
        ({"amount": isk(10**10), "reason": "goodwill"}, "invalid"),
    ],
)
def test_a_gift_card_that_cannot_be_is_not_issued(api, wish, code):
    assert api.post("/gift-cards", wish, key="k").code == code


def test_a_card_is_found_by_its_code_however_it_is_typed(api):
    given = gift_card(api, 5_000)
    typed = given["code"].lower().replace("-", " ")
    assert api.post("/gift-cards/look-up", {"code": typed}).body == given["gift_card"]


def test_whoever_guesses_codes_is_held_up_and_nobody_else(api):
    given = gift_card(api, 5_000)
    for _ in range(10):
        assert api.post("/gift-cards/look-up", {"code": "AAAA", "asker": "x"}).code == "unknown_gift_card"
    held_up = api.post("/gift-cards/look-up", {"code": given["code"], "asker": "x"})
    assert (held_up.status, held_up.code) == (429, "too_many_gift_card_codes")
    assert "Retry-After" in held_up.headers
    assert api.post("/gift-cards/look-up", {"code": given["code"], "asker": "y"}).status == 200


def test_a_code_is_in_no_answer_but_the_first(api):
    given = gift_card(api, 5_000)
    path = f"/gift-cards/{given['gift_card']['id']}"
    assert (
        checked_out(api, opened(api, {CUP: 1}), tenders=[{"method": "gift_card", "token": given["code"]}]).status == 201
    )
    read = api.get(path)
    assert given["code"] not in str(read.body)
    assert [(one["kind"], one["amount"]["amount"]) for one in read.body["entries"]] == [
        ("redeem", -1_490),
        ("issue", 5_000),
    ]


def test_a_card_is_put_right_once_for_one_key(api):
    path = f"/gift-cards/{gift_card(api, 5_000)['gift_card']['id']}"
    less = {"amount": isk(-1_000), "reason": "mistake"}
    first = api.post(f"{path}/adjustments", less, key="k")
    again = api.post(f"{path}/adjustments", less, key="k")
    assert (first.body["balance"], again.body["balance"]) == (isk(4_000), isk(4_000))
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    other = api.post(f"{path}/adjustments", {**less, "amount": isk(-2_000)}, key="k")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    for wish, code in (
        ({"amount": isk(-4_001), "reason": "mistake"}, "gift_card_short"),
        ({"amount": isk(0), "reason": "mistake"}, "invalid"),
        ({"amount": {"amount": 1, "currency": "EUR"}, "reason": "mistake"}, "payment_other_currency"),
    ):
        assert api.post(f"{path}/adjustments", wish, key=f"new-{code}").code == code
    assert api.post(f"/gift-cards/{new_id()}/adjustments", less, key="n").code == "unknown_gift_card"


def test_a_cancelled_card_pays_nothing_any_more(api):
    given = gift_card(api, 5_000)
    path = f"/gift-cards/{given['gift_card']['id']}"
    for _ in range(2):
        answer = api.post(f"{path}/cancellation", {"reason": "lost"})
        assert (answer.body["state"], answer.body["balance"]) == ("cancelled", isk(0))
    assert api.post(f"{path}/adjustments", {"amount": isk(1), "reason": "other"}, key="k").code == "gift_card_closed"
    paid = checked_out(api, opened(api, {CUP: 1}), tenders=[{"method": "gift_card", "token": given["code"]}])
    assert (paid.code, paid.body["reason"]) == ("payment_declined", "gift_card_closed")


def test_goods_may_be_gift_cards(api):
    worth = {"worth": isk(10_000), "lasts_days": 1460}
    assert api.put(f"/gift-card-goods/{LAMP}", worth).status == 200
    assert api.get("/gift-card-goods").body["items"] == [{"sku": LAMP, **worth}]
    assert api.put(f"/gift-card-goods/{LAMP}", {"worth": isk(0)}).code == "invalid"


def test_gift_cards_are_for_those_who_may_move_money(api_with):
    narrow = api_with(*(set(SCOPES) - {"payments:write"}))
    assert narrow.post("/gift-cards/look-up", {"code": "AAAA"}).code == "scope_missing"


# --- what goes back


def test_a_refund_goes_back_over_everything_that_was_paid_with(api):
    given = gift_card(api, 2_000)
    tenders = [{"method": "gift_card", "token": given["code"], "amount": isk(1_490)}, card()]
    outcome = checked_out(api, opened(api, {CUP: 2}), tenders=tenders).body
    path = f"/orders/{outcome['number']}/refunds"
    wish = {"amount": isk(1_000), "reason": "damaged"}
    first = api.post(path, wish, key="k")
    again = api.post(path, wish, key="k")
    assert (first.status, again.status, again.body, again.headers["Idempotency-Replayed"]) == (
        201,
        201,
        first.body,
        "true",
    )
    assert (first.body["back"], first.body["open"]) == (isk(1_000), isk(0))
    assert sorted(part["amount"]["amount"] for part in first.body["parts"]) == [500, 500]
    assert api.get(f"/gift-cards/{given['gift_card']['id']}").body["gift_card"]["balance"] == isk(1_010)
    assert api.post(path, {**wish, "amount": isk(999)}, key="k").code == "idempotency_key_reused"
    for amount, code in (
        (isk(1_981), "more_than_captured"),
        (isk(0), "invalid"),
        ({"amount": 1, "currency": "EUR"}, "payment_other_currency"),
    ):
        assert api.post(path, {**wish, "amount": amount}, key=f"new-{code}").code == code
    assert api.post(f"/orders/{new_id()}/refunds", wish, key="n").code == "order_not_found"
    assert list(books.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_a_transfer_is_noted_once_and_what_is_too_much_is_handed_out(api):
    cart = opened(api, {CUP: 2}, market="LV")
    answer = checked_out(api, cart, tenders=[{"method": "transfer"}], parts=[{"kind": "pickup", "location": "RIX"}])
    assert (answer.status, answer.body["state"]) == (202, "action_required")
    (waiting,) = api.get("/bank-transfers").body["items"]
    euro = {"amount": waiting["amount"]["amount"] + 50, "currency": "EUR"}
    came = {"reference": waiting["reference"], "amount": euro, "entry_id": "bank-1"}
    noted = api.post("/bank-transfers", came)
    assert (noted.status, noted.body["transfer"]["state"], noted.body["excess"]["amount"]) == (201, "received", 50)
    assert api.post("/bank-transfers", came).body["again"] is True
    for change, code in (
        ({"amount": {"amount": 1, "currency": "EUR"}}, "transfer_noted_otherwise"),
        ({"amount": isk(1), "entry_id": "bank-2"}, "payment_other_currency"),
        ({"reference": "RF00NOTHING", "entry_id": "bank-3"}, "unknown_transfer"),
    ):
        assert api.post("/bank-transfers", {**came, **change}).code == code
    deliver()
    assert api.post(f"/orders/{answer.body['number']}/settlement").body["state"] == "placed"
    (owed,) = api.get(f"/payouts?order={answer.body['number']}").body["items"]
    assert (owed["amount"], owed["order_id"]) == ({"amount": 50, "currency": "EUR"}, answer.body["order_id"])
    assert api.post("/payouts/paid", {"key": owed["key"]}).status == 204
    assert api.post("/payouts/paid", {"key": owed["key"]}).status == 204
    assert api.get("/payouts").body["items"] == []
    assert api.post("/payouts/paid", {"key": "nothing"}).code == "unknown_payout"


def test_a_refund_that_somebody_has_to_hand_out_is_open(api):
    cart = opened(api, {CUP: 2}, market="LV")
    answer = checked_out(api, cart, tenders=[{"method": "transfer"}], parts=[{"kind": "pickup", "location": "RIX"}])
    (waiting,) = api.get("/bank-transfers").body["items"]
    api.post("/bank-transfers", {"reference": waiting["reference"], "amount": waiting["amount"], "entry_id": "b"})
    api.post(f"/orders/{answer.body['number']}/settlement")
    wish = {"amount": {"amount": 100, "currency": "EUR"}, "reason": "price"}
    refunded = api.post(f"/orders/{answer.body['number']}/refunds", wish, key="k")
    assert (refunded.status, refunded.body["open"]["amount"]) == (202, 100)
    (owed,) = api.get("/payouts").body["items"]
    api.post("/payouts/paid", {"key": owed["key"]})
    assert api.post(f"/orders/{answer.body['number']}/refunds", wish, key="k").status == 201


def test_nothing_is_refunded_of_what_was_not_taken(api):
    outcome = checked_out(api, opened(api, {CUP: 1}), patient=True).body
    wish = {"amount": isk(1), "reason": "goodwill"}
    assert api.post(f"/orders/{outcome['number']}/refunds", wish, key="k").code == "more_than_captured"
    assert bought(api, {LAMP: 1}, "other")["state"] == "placed"
