"""Stock kept for channels, slots that are opened and filled, orders that are changed: each once, or not at all."""

from datetime import timedelta

import pytest

from samband.commerce.fulfillment import slotting
from samband.commerce.inventory import books
from samband.customers.accounts import commands as accounts
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from tests.channels.api_shopping import HOME, bought, card, checked_out, isk, opened
from tests.worlds import CAKE, CUP, LAMP, LONDON, REYKJAVIK, RIGA, SOFA_BLUE

FENCE = {"channel": "shop", "location": REYKJAVIK, "sku": LAMP, "quantity": 3}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def available(api, channel: str, sku: str = LAMP) -> int:
    (found,) = api.get(f"/stock/availability?sku={sku}&channel={channel}").body["items"]
    return next(place["available"] for place in found["locations"] if place["location"] == REYKJAVIK)


# --- fences


def test_units_are_kept_for_one_channel_and_given_back(api):
    made = api.post("/stock/fences", {**FENCE, "give_back": {"idle_days": 7}}, key="k")
    again = api.post("/stock/fences", {**FENCE, "give_back": {"idle_days": 7}}, key="k")
    assert (made.status, again.body, again.headers["Idempotency-Replayed"]) == (201, made.body, "true")
    assert (available(api, "shop"), available(api, "pos")) == (5, 2)
    assert api.get(f"/stock/availability?sku={LAMP}").body["items"][0]["locations"][1]["fenced"] == 3
    assert api.get("/stock/fences?channel=shop&sku=LA").body["items"] == [made.body]
    assert api.get("/stock/fences?channel=pos").body["items"] == []
    path = f"/stock/fences/{made.body['id']}"
    assert api.post(f"{path}/release", {"quantity": 4}, key="much").body["left"] == 3
    assert api.post(f"{path}/release", {"quantity": 1}, key="one").body["left"] == 2
    assert api.post(f"{path}/release", {"quantity": 1}, key="one").body["left"] == 2
    ended = api.post(f"{path}/release", {}, key="all").body
    assert (ended["left"], ended["ended_for"]) == (0, "unfenced")
    assert api.post(f"{path}/release", {}, key="late").code == "fence_over"
    assert available(api, "pos") == 5
    assert list(books.findings()) == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"quantity": 6}, 409, "not_enough_stock"),
        ({"location": "XXX"}, 404, "unknown_location"),
        ({"sku": "no sku!"}, 422, "invalid"),
        ({"until": "2020-01-01T00:00:00Z"}, 422, "invalid"),
        ({"give_back": {"hours_before_closing": 25}}, 422, "invalid_body"),
        ({"quantity": 0}, 422, "invalid_body"),
    ],
)
def test_a_fence_that_cannot_be_keeps_nothing(api, change, status, code):
    answer = api.post("/stock/fences", {**FENCE, **change}, key="k")
    assert (answer.status, answer.code) == (status, code)
    assert available(api, "pos") == 5


def test_a_fence_stands_once_for_its_goods_and_its_key(api):
    api.post("/stock/fences", FENCE, key="k")
    assert api.post("/stock/fences", {**FENCE, "quantity": 1}, key="k").code == "idempotency_key_reused"
    assert api.post("/stock/fences", {**FENCE, "quantity": 1}, key="l").code == "fence_exists"
    assert api.get(f"/stock/fences/{new_id()}").code == "unknown_fence"


def test_a_cart_of_the_api_sells_nothing_that_is_kept_for_others(api):
    api.post("/stock/fences", {**FENCE, "quantity": 5}, key="k")
    cart = opened(api, {LAMP: 1})
    assert checked_out(api, cart, tenders=[card()]).code == "no_such_way"


def test_what_sells_out_is_told_with_the_transfers_that_would_help(api):
    for nth in range(3):
        bought_out(api, nth)
    low = api.get(f"/stock/low?location={REYKJAVIK}").body["items"]
    assert LAMP in {one["sku"] for one in low}
    assert api.get("/stock/low?location=XXX").code == "unknown_location"
    proposed = [one for one in api.get("/stock/transfer-proposals").body["items"] if one["sku"] == LAMP]
    (transfer,) = proposed
    assert (transfer["location"], transfer["to_location"], transfer["days_here"]) == (LONDON, REYKJAVIK, None)


def bought_out(api, nth: int) -> None:
    """Four lamps are sold at Reykjavík and handed over."""
    if nth == 0:
        api.post(
            "/stock/transfers",
            {"location": LONDON, "to_location": REYKJAVIK, "lines": [{"sku": LAMP, "quantity": 10}]},
            key="more",
        )
    outcome = bought(api, {LAMP: 5}, f"o{nth}", parts=[{"kind": "carry", "location": REYKJAVIK}])
    (one,) = api.get(f"/orders/{outcome['number']}/fulfillments").body["items"]
    assert api.post(f"/fulfillments/{one['id']}/hand-over", {}, key=f"h{nth}").body["state"] == "handed_over"


# --- slots


def ruled(api, **change) -> str:
    rule = str(new_id())
    wish = {"location": REYKJAVIK, "days": DAYS, "starts": "17:00", "ends": "19:00", "capacity": 1, **change}
    assert api.put(f"/slot-rules/{rule}", wish).status == 200
    slotting.open_slots()
    return rule


def slots(api, postcode: str = "101") -> list[dict]:
    return api.get(f"/delivery-slots?country=IS&postcode={postcode}").body["items"]


def test_a_slot_is_chosen_and_then_full(api):
    ruled(api, postcodes=["10"])
    assert slots(api, "600") == []
    (first, *_) = slots(api)
    sent = {"kind": "ship", "address": HOME, "slot_id": first["id"]}
    placed = checked_out(api, opened(api, {CUP: 4}, "ship"), "a", parts=[sent], tenders=[card()])
    assert placed.status == 201
    (group,) = api.get(f"/orders/{placed.body['number']}").body["groups"]
    assert (group["slot_id"], group["promised_until"]) == (first["id"], first["ends_at"])
    assert slots(api)[0]["left"] == 0
    late = checked_out(api, opened(api, {CUP: 4}, "ship"), "b", parts=[sent], tenders=[card()])
    assert (late.status, late.code) == (409, "slot_full")
    far = {**sent, "address": {**HOME, "postcode": "600"}}
    assert checked_out(api, opened(api, {CUP: 4}, "ship"), "c", parts=[far], tenders=[card()]).code == "no_such_way"


def test_rules_of_slots_are_read_changed_and_ended(api):
    rule = ruled(api)
    (told,) = api.get(f"/slot-rules?location={REYKJAVIK}").body["items"]
    assert (told["id"], told["starts"], told["time_zone"]) == (rule, "17:00", "Atlantic/Reykjavik")
    ruled(api, location=RIGA)
    assert len(api.get("/slot-rules").body["items"]) == 2
    assert api.delete(f"/slot-rules/{rule}").status == 204
    assert slots(api) == []
    assert api.delete(f"/slot-rules/{new_id()}").code == "unknown_slot_rule"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"starts": "19:00", "ends": "17:00"}, "invalid_slot_rule", "ends"),
        ({"starts": "25:00"}, "invalid_slot_rule", "starts"),
        ({"country": "XX"}, "invalid_slot_rule", "country"),
        ({"postcodes": ["1-01"]}, "invalid_slot_rule", "postcodes"),
        ({"location": "XXX"}, "unknown_location", None),
        ({"days": []}, "invalid_body", None),
    ],
)
def test_a_rule_that_opens_nothing_is_refused(api, change, code, field):
    wish = {"location": REYKJAVIK, "days": DAYS, "starts": "17:00", "ends": "19:00", "capacity": 1, **change}
    answer = api.put(f"/slot-rules/{new_id()}", wish)
    assert (answer.code, answer.body.get("field")) == (code, field)


def test_promises_are_counted(api):
    outcome = bought(api, {CUP: 1})
    (group,) = api.get(f"/orders/{outcome['number']}").body["groups"]

    def count(query: str) -> dict:
        return api.get(f"/promises?since=2020-01-01T00:00:00Z&until=2999-01-01T00:00:00Z{query}").body

    assert (count("")["still_open"], count(f"&location={LONDON}")["still_open"]) == (1, 0)
    with held_at(now() + timedelta(days=30)):
        assert count("")["by_kind"]["pickup"]["open_late"] == 1
    assert api.get("/promises?since=2020-01-01T00:00:00&until=2999-01-01T00:00:00Z").code == "invalid_parameter"
    assert count("&location=XXX")["code"] == "unknown_location"
    assert group["promised_until"]


# --- changes


def sent(api, lines: dict[str, int], key: str = "order", **more) -> tuple[str, str]:
    """An order that is sent: its number, and its parcel."""
    part = {"kind": "ship", "address": HOME}
    customer = {"customer_id": more["customer_id"]} if more else {}
    outcome = checked_out(api, opened(api, lines, "ship", **customer), key, parts=[part], tenders=[card()], **more).body
    (one,) = api.get(f"/orders/{outcome['number']}/fulfillments").body["items"]
    return outcome["number"], one["id"]


def gone_back(api, number: str) -> dict:
    (payment,) = api.get(f"/orders/{number}/payments").body["items"]
    return payment["refunded"]


def test_a_parcel_goes_elsewhere_until_it_is_picked(api):
    number, parcel = sent(api, {CUP: 4})
    path = f"/orders/{number}/fulfillments/{parcel}/address"
    there = {"address": {**HOME, "line1": "Skólavörðustígur 3"}}
    first = api.post(path, there, key="k")
    again = api.post(path, there, key="k")
    assert (first.status, again.body["address_id"]) == (200, first.body["address_id"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert api.post(path, {"address": HOME}, key="k").code == "idempotency_key_reused"
    abroad = {**HOME, "country": "LV", "postcode": "LV-1010"}
    assert api.post(path, {"address": abroad}, key="l").code == "other_country"
    assert api.post(path, {"address": {**HOME, "postcode": "1"}}, key="m").code == "address_incomplete"
    (may,) = api.get(f"/orders/{number}/changes").body["items"]
    assert (may["fulfillment"]["id"], may["redirects"]) == (parcel, True)
    api.post(f"/fulfillments/{parcel}/picking", key="p")
    assert api.post(path, {"address": HOME}, key="n").code == "fulfillment_not_permitted"
    assert api.get(f"/orders/{number}/changes").body["items"] == []


def test_nobody_changes_the_order_of_another(api):
    anna = accounts.register("anna@example.com", source="test")
    number, parcel = sent(api, {CUP: 4}, customer_id=str(anna))
    other, theirs = sent(api, {CUP: 4}, "other")
    wish = {"sku": CUP, "quantity": 1}
    stranger = f"customer_id={new_id()}"
    assert api.get(f"/orders/{number}/changes?{stranger}").code == "order_not_found"
    assert api.get(f"/orders/{number}/substitutes?{stranger}").code == "order_not_found"
    for path, code in (
        (f"/orders/{number}/fulfillments/{parcel}/reductions?{stranger}", "order_not_found"),
        (f"/orders/{number}/fulfillments/{theirs}/reductions?customer_id={anna}", "unknown_fulfillment"),
        (f"/orders/{other}/fulfillments/{new_id()}/reductions", "unknown_fulfillment"),
    ):
        assert api.post(path, wish, key="k").code == code
    assert gone_back(api, other) == isk(0)


def test_a_parcel_comes_in_a_slot_instead(api):
    ruled(api)
    api.post(
        "/stock/adjustments",
        {"location": LONDON, "differences": [{"sku": CUP, "difference": -500}], "reason": "lost"},
        key="only-here",
    )
    number, parcel = sent(api, {CUP: 4})
    (slot, *_) = slots(api)
    path = f"/orders/{number}/fulfillments/{parcel}/slot"
    assert api.post(path, {"slot_id": slot["id"]}, key="k").body["slot_id"] == slot["id"]
    assert api.post(path, {"slot_id": str(new_id())}, key="l").code == "unknown_slot"
    other, parcel_of_other = sent(api, {CUP: 4}, "other")
    taken = api.post(f"/orders/{other}/fulfillments/{parcel_of_other}/slot", {"slot_id": slot["id"]}, key="m")
    assert (taken.status, taken.code) == (409, "slot_full")
    assert api.post(path, {"slot_id": None}, key="n").body["slot_id"] is None
    assert slots(api)[0]["left"] == 1


def test_units_are_taken_off_and_their_money_goes_back_once(api):
    number, parcel = sent(api, {CUP: 4})
    path = f"/orders/{number}/fulfillments/{parcel}/reductions"
    wish = {"sku": CUP, "quantity": 1}
    first = api.post(path, wish, key="k")
    again = api.post(path, wish, key="k")
    assert (first.body["amount"], first.body["cancelled"], again.body) == (isk(1_490), False, first.body)
    assert gone_back(api, number) == isk(1_490)
    assert api.post(path, {**wish, "quantity": 2}, key="k").code == "idempotency_key_reused"
    assert api.post(path, {**wish, "quantity": 9}, key="l").code == "too_few_ordered"
    assert api.post(path, {"sku": CUP, "quantity": 3}, key="m").body["cancelled"] is True
    assert api.get(f"/orders/{number}").body["state"] == "cancelled"


# --- substitutes


@pytest.fixture
def picking(api) -> tuple[str, str]:
    outcome = bought(api, {LAMP: 2, CUP: 1})
    (one,) = api.get(f"/orders/{outcome['number']}/fulfillments").body["items"]
    api.post(f"/fulfillments/{one['id']}/picking", key="p")
    return outcome["number"], one["id"]


def test_a_substitute_is_agreed_to_and_the_lower_price_wins(api, picking):
    number, fulfillment = picking
    path = f"/fulfillments/{fulfillment}/substitutes"
    wish = {"sku": LAMP, "quantity": 1, "substitute": CAKE, "missing": True}
    made = api.post(path, wish, key="k")
    assert (made.status, made.body["state"]) == (201, "proposed")
    assert made.body["difference"] == isk(14_900 - 890)
    assert api.post(path, wish, key="k").body == made.body
    assert api.post(path, {**wish, "substitute": SOFA_BLUE}, key="k").code == "idempotency_key_reused"
    assert api.post(path, wish, key="l").code == "substitute_proposed_already"
    answer = f"/substitutes/{made.body['id']}"
    for _ in range(2):
        agreed = api.post(f"{answer}/agreement", {"by": "counter"}, key="yes")
        assert (agreed.body["state"], agreed.body["answered_by"]) == ("agreed", "counter")
    assert api.post(f"{answer}/refusal", {}, key="no").code == "substitution_over"
    assert gone_back(api, number) == isk(14_010)
    assert [one["state"] for one in api.get(f"/orders/{number}/substitutes").body["items"]] == ["agreed"]


def test_a_substitute_nobody_wants_is_free_again_and_the_goods_are_left_out(api, picking):
    number, fulfillment = picking
    path = f"/fulfillments/{fulfillment}"
    made = api.post(f"{path}/substitutes", {"sku": LAMP, "quantity": 2, "substitute": CAKE}, key="k").body
    assert api.post(f"/substitutes/{made['id']}/refusal", {}, key="no").body["state"] == "declined"
    left = api.post(f"{path}/omissions", {"sku": LAMP, "quantity": 2, "missing": True}, key="out")
    assert (left.body["amount"], left.body["cancelled"]) == (isk(29_800), False)
    assert available(api, "api") == 3
    assert gone_back(api, number) == isk(29_800)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"substitute": "NOTHING"}, "no_substitute"),
        ({"substitute": CUP}, "no_substitute"),
        ({"sku": CAKE}, "too_few_ordered"),
        ({"quantity": 3}, "too_few_ordered"),
        ({"answer_minutes": 0}, "invalid_body"),
    ],
)
def test_what_is_no_substitute_is_refused(api, picking, change, code):
    wish = {"sku": LAMP, "quantity": 1, "substitute": CAKE, **change}
    assert api.post(f"/fulfillments/{picking[1]}/substitutes", wish, key="k").code == code
    assert api.get(f"/orders/{picking[0]}/substitutes").body["items"] == []


def test_nobody_answers_what_was_never_proposed(api):
    for said in ("agreement", "refusal"):
        assert api.post(f"/substitutes/{new_id()}/{said}", {}, key=said).code == "unknown_substitution"
    wish = {"sku": LAMP, "quantity": 1, "substitute": CAKE}
    assert api.post(f"/fulfillments/{new_id()}/substitutes", wish, key="k").code == "unknown_fulfillment"
