"""Promotions and coupons, explained line by line and never overspent; what a piece costs; carts that are handed on."""

from urllib.parse import urlsplit

import pytest

from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.customers.accounts import commands as accounts
from samband.flows import parity
from samband.flows.parity import Said
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from tests.channels.api_shopping import card, checked_out, isk, opened
from tests.worlds import CUP, LAMP, REYKJAVIK, SOFA

TENTH = {"deal": {"type": "percent", "basis_points": 1_000}, "names": {"en": "A tenth off"}}
BY_COUPON = {**TENTH, "by_coupon": True}


def saved(api, code: str, promotion: dict) -> dict:
    answer = api.put(f"/promotions/{code}", promotion)
    assert answer.status == 200, answer
    return answer.body


def issued(api, code: str, **wish) -> list[str]:
    return api.post(f"/promotions/{code}/coupons", wish, key=f"{code}-coupons").body["codes"]


# --- promotions


@pytest.mark.parametrize(
    "deal",
    [
        {"type": "percent", "basis_points": 1_000, "goods": {"categories": ["home"], "but_not": [CUP]}},
        {"type": "amount", "amounts": {"ISK": 500}, "each": True},
        {"type": "buy_get", "buy": 2, "get": 1, "goods": {"skus": [CUP]}},
        {"type": "bundle", "parts": [{"skus": [CUP], "quantity": 2}, {"skus": [LAMP]}], "prices": {"ISK": 15_000}},
        {"type": "tiered", "tiers": [{"quantity": 3, "basis_points": 500}, {"quantity": 6, "basis_points": 900}]},
        {"type": "free_shipping", "classes": ["parcel"]},
        {"type": "free_sample", "sku": CUP},
    ],
)
def test_what_was_saved_is_what_is_read_and_can_be_saved_again(api, deal):
    told = saved(api, "p", {"deal": deal, "markets": ["IS"], "weekdays": ["sat", "sun"], "limit_total": 5})
    assert told["promotion"]["deal"]["type"] == deal["type"]
    assert api.get("/promotions/p").body == told == api.get("/promotions").body["items"][0]
    assert saved(api, "p", told["promotion"]) == told


@pytest.mark.parametrize(
    ("promotion", "code", "why"),
    [
        ({"deal": {"type": "amount", "amounts": {}}}, "promotion_absurd", "amount"),
        ({"deal": {"type": "amount", "amounts": {"SEK": 5}}}, "promotion_absurd", "currency"),
        ({"deal": {"type": "amount", "amounts": {"EUR": 5}}, "markets": ["IS"]}, "promotion_absurd",
         "currency_of_markets"),
        ({**TENTH, "exclusive": True, "stack_group": "a"}, "promotion_absurd", "alone_in_a_group"),
        ({**TENTH, "valid_until": "2020-01-01T00:00:00Z"}, "promotion_absurd", "over"),
        ({**TENTH, "valid_from": "9999-12-31T23:59:59Z"}, "promotion_absurd", "window"),
        ({**TENTH, "from_hour": "25:00"}, "promotion_absurd", "hours"),
        ({"deal": {"type": "percent", "basis_points": 1_000, "goods": {"categories": ["no"]}}}, "promotion_absurd",
         "unknown_category"),
        ({**TENTH, "markets": ["XX"]}, "unknown_market", None),
        ({**TENTH, "tip": 1}, "invalid_body", None),
        ({"deal": {"type": "gift"}}, "invalid_body", None),
        ({"deal": {"type": "percent", "basis_points": 10_001}}, "invalid_body", None),
    ],
)  # fmt: skip
def test_a_promotion_that_contradicts_itself_is_refused_with_why(api, promotion, code, why):
    answer = api.put("/promotions/p", promotion)
    assert (answer.code, answer.body.get("why")) == (code, why)
    assert api.get("/promotions/p").code == "unknown_promotion"


def test_a_cart_explains_what_came_off_and_why(api):
    saved(api, "tenth", {"deal": {"type": "percent", "basis_points": 1_000, "goods": {"skus": [LAMP]}}})
    saved(api, "sample", {"deal": {"type": "free_sample", "sku": CUP}, "needs": {"goods": {"skus": [LAMP]}}})
    quote = opened(api, {LAMP: 2})["quote"]
    (line,) = quote["lines"]
    assert (line["unit"], line["discount"], line["total"]) == (isk(14_900), isk(2_980), isk(26_820))
    assert line["discounts"] == [{"promotion": "tenth", "amount": isk(2_980), "coupon": None}]
    assert "promotion" in {reason["code"] for reason in line["reasons"]}
    assert (quote["discount"], quote["shipping_discount"]) == (isk(2_980), isk(0))
    assert quote["gifts"] == [{"sku": CUP, "quantity": 1, "promotion": "sample"}]
    assert {one["promotion"] for one in quote["applied"]} >= {"tenth"}


def test_a_promotion_that_was_ended_takes_nothing_off(api):
    saved(api, "tenth", TENTH)
    assert api.delete("/promotions/tenth").status == 204
    assert api.get("/promotions/tenth").body["ended_at"]
    assert opened(api, {LAMP: 1})["seen_total"] == isk(14_900)
    assert api.delete("/promotions/nothing").code == "unknown_promotion"


def test_an_offer_of_a_place_holds_there(api):
    saved(api, "rvk", {**TENTH, "places": [REYKJAVIK]})
    cart = opened(api, {LAMP: 1})
    assert cart["seen_total"] == isk(14_900)
    there = api.get(f"/carts/{cart['id']}?method=pickup&place={REYKJAVIK}").body
    assert there["seen_total"] == isk(13_410)
    assert checked_out(api, there, "elsewhere", tenders=[card()]).code == "basket_changed"
    assert checked_out(api, there, "there", tenders=[card()], place=REYKJAVIK).status == 201


# --- coupons


def test_a_coupon_opens_its_promotion_once(api):
    saved(api, "vip", BY_COUPON)
    (code,) = issued(api, "vip", codes=["vip-2026"])
    assert code == "VIP-2026"
    cart = opened(api, {LAMP: 1})
    entered = api.post(f"/carts/{cart['id']}/coupons?method=pickup", {"code": "vip-2026"}).body
    assert entered["coupons"] == [{"code": code, "state": "applied", "promotion": "vip"}]
    assert entered["seen_total"] == isk(13_410)
    assert entered["quote"]["lines"][0]["discounts"][0]["coupon"] == code
    other = opened(api, {LAMP: 1})
    mine = api.post(f"/carts/{other['id']}/coupons?method=pickup", {"code": code}).body
    assert checked_out(api, entered, "first", tenders=[card()]).status == 201
    late = checked_out(api, mine, "second", tenders=[card()])
    assert late.code in ("basket_changed", "coupon_used_up")
    assert api.get(f"/carts/{other['id']}").body["coupons"][0]["state"] == "used_up"
    (told,) = api.get("/promotions/vip/coupons").body["items"]
    assert (told["uses"], told["limit_total"]) == (1, 1)


def test_a_coupon_of_no_use_says_so_and_is_dropped_again(api):
    anna = accounts.register("anna@example.com", source="test")
    saved(api, "hers", BY_COUPON)
    issued(api, "hers", codes=["ANNA-1"], customer_id=str(anna))
    cart = opened(api, {LAMP: 1})
    for code in ("ANNA-1", "NOTHING"):
        api.post(f"/carts/{cart['id']}/coupons", {"code": code})
    told = api.get(f"/carts/{cart['id']}").body["coupons"]
    assert {one["code"]: one["state"] for one in told} == {"ANNA-1": "not_yours", "NOTHING": "unknown"}
    after = api.delete(f"/carts/{cart['id']}/coupons/ANNA-1")
    assert [one["code"] for one in after.body["coupons"]] == ["NOTHING"]
    assert api.delete(f"/carts/{cart['id']}/coupons/NOTHING").body["coupons"] == []


def test_coupons_are_edits_of_the_cart_and_somebodys_own(api):
    anna = accounts.register("anna@example.com", source="test")
    cart = opened(api, {LAMP: 1}, customer_id=str(anna))
    path = f"/carts/{cart['id']}/coupons"
    tag = api.get(f"/carts/{cart['id']}").headers["ETag"]
    assert api.post(f"{path}?customer_id={new_id()}", {"code": "A"}).code == "not_your_cart"
    assert api.post(path, {"code": "A"}, **{"If-Match": tag}).status == 200
    assert api.post(path, {"code": "B"}, **{"If-Match": tag}).code == "precondition_failed"
    assert [one["code"] for one in api.get(f"/carts/{cart['id']}").body["coupons"]] == ["A"]
    for nth in range(9):
        api.post(path, {"code": f"C{nth}"})
    assert api.post(path, {"code": "ELEVENTH"}).code == "too_many_coupons"
    assert api.post(path, {"code": "   "}).code == "invalid"
    assert api.post(f"/carts/{new_id()}/coupons", {"code": "A"}).code == "no_such_cart"


def test_coupons_are_made_once_for_one_key(api):
    saved(api, "vip", BY_COUPON)
    first = api.post("/promotions/vip/coupons", {"count": 60}, key="k")
    again = api.post("/promotions/vip/coupons", {"count": 60}, key="k")
    assert (first.body, again.headers["Idempotency-Replayed"]) == (again.body, "true")
    assert len(set(first.body["codes"])) == 60
    assert api.post("/promotions/vip/coupons", {"count": 61}, key="k").code == "idempotency_key_reused"
    page = api.get("/promotions/vip/coupons")
    rest = api.get(page.headers["Link"].split(">")[0].removeprefix("</api/v1")).body
    assert len(page.body["items"]) + len(rest["items"]) == 60
    code = first.body["codes"][0]
    assert api.post("/promotions/vip/coupons/endings", {"codes": [code.lower()]}).body["count"] == 1
    assert api.post("/promotions/vip/coupons/endings", {"codes": [code, "NONE"]}).code == "unknown_coupon"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({}, "invalid"),
        ({"codes": ["AAA"], "count": 1}, "invalid"),
        ({"codes": ["AAA", "aaa"]}, "invalid"),
        ({"codes": ["A B"]}, "invalid"),
        ({"count": 10_001}, "invalid_body"),
        ({"codes": ["AAA"], "valid_until": "2020-01-01T00:00:00Z"}, "invalid"),
        ({"codes": ["TAKEN"]}, "coupon_taken"),
    ],
)
def test_coupons_that_cannot_be_are_refused_and_none_is_made(api, wish, code):
    saved(api, "vip", BY_COUPON)
    issued(api, "vip", codes=["TAKEN"])
    assert api.post("/promotions/vip/coupons", wish, key="k").code == code
    assert [one["code"] for one in api.get("/promotions/vip/coupons").body["items"]] == ["TAKEN"]


def test_a_promotion_for_everybody_has_no_coupons(api):
    saved(api, "tenth", TENTH)
    assert api.post("/promotions/tenth/coupons", {"count": 1}, key="k").body["why"] == "needs_no_coupon"
    assert api.post("/promotions/none/coupons", {"count": 1}, key="l").code == "unknown_promotion"
    assert api.get("/promotions/none/coupons").code == "unknown_promotion"


# --- what one piece costs


def test_offers_and_lists_tell_what_one_piece_comes_to(api, settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"  # its own index, whatever those before it left behind
    saved(api, "tenth", {"deal": {"type": "percent", "basis_points": 1_000, "goods": {"skus": [LAMP]}}})
    (offer,) = api.get("/products/lamp/offer?market=IS").body["offers"]
    piece = offer["piece"]
    assert (piece["unit"], piece["regular"], piece["promotions"]) == (isk(13_410), isk(14_900), ["tenth"])
    assert piece["lowest_30"] == isk(14_900)
    assert offer["price"]["unit"] == isk(14_900)
    (listed,) = api.get("/products?market=IS&text=LAMP").body["items"]
    assert (listed["price"], listed["regular"], listed["promotions"]) == (isk(13_410), isk(14_900), ["tenth"])
    (tag,) = api.get(f"/prices?market=IS&sku={LAMP}").body["items"]
    assert (tag["lowest_30"], tag["announced"]) == (isk(14_900), {"unit": isk(13_410), "promotions": ["tenth"]})
    plain = api.get("/products/cup/offer?market=IS").body["offers"][0]["piece"]
    assert (plain["regular"], plain["lowest_30"], plain["promotions"]) == (None, None, [])


def test_the_history_of_a_price_is_told(api):
    pricing.set_prices("isk-regular", {CUP: 1_290})
    history = api.get(f"/price-history/{CUP}?market=IS").body
    assert [step["unit"]["amount"] for step in history["items"]] == [1_290, 1_490]
    assert history["items"][0]["until"] is None
    assert api.get(f"/price-history/{CUP}?market=XX").code == "unknown_market"
    assert api.get("/price-history/NOTHING?market=IS").body["items"] == []


# --- from one device to another


def test_a_cart_is_handed_on_and_becomes_part_of_a_customers_own(api):
    anna = accounts.register("anna@example.com", source="test")
    own, cart = opened(api, {CUP: 1}, customer_id=str(anna)), opened(api, {LAMP: 2})
    handed = api.post(f"/carts/{cart['id']}/handover")
    assert handed.status == 201
    assert urlsplit(handed.body["link"]).path == f"/cart/take/{handed.body['token']}"
    seen = api.post("/carts/take-over", {"token": handed.body["token"]}).body
    assert (seen["id"], seen["lines"][0]["sku"]) == (cart["id"], LAMP)
    mine = api.post("/carts/take-over", {"token": handed.body["token"], "customer_id": str(anna)}).body
    assert (mine["id"], {line["sku"] for line in mine["lines"]}) == (own["id"], {CUP, LAMP})
    again = api.post("/carts/take-over", {"token": handed.body["token"], "customer_id": str(anna)}).body
    assert again["id"] == own["id"]
    bjarni = accounts.register("bjarni@example.com", source="test")
    other = api.post("/carts/take-over", {"token": handed.body["token"], "customer_id": str(bjarni)})
    assert (other.status, other.code) == (403, "not_your_cart")


def test_a_forged_code_opens_no_cart(api):
    cart = opened(api, {LAMP: 1})
    token = api.post(f"/carts/{cart['id']}/handover").body["token"]
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", cart["id"]):
        answer = api.post("/carts/take-over", {"token": forged})
        assert (answer.status, answer.code) == (403, "handover_refused")
    assert api.post("/carts/take-over", {"token": token, "customer_id": str(new_id())}).code == "not_found"


def test_what_was_ordered_is_not_handed_on(api):
    cart = opened(api, {CUP: 1})
    token = api.post(f"/carts/{cart['id']}/handover").body["token"]
    assert checked_out(api, cart, tenders=[card()]).status == 201
    assert api.post(f"/carts/{cart['id']}/handover").code == "cart_closed"
    assert api.post("/carts/take-over", {"token": token}).code == "cart_closed"
    assert api.post(f"/carts/{new_id()}/handover").code == "no_such_cart"


# --- parity


def test_every_difference_has_its_reason(api):
    usual = api.get(f"/parity?sku={SOFA}&sku={CUP}").body
    assert usual["faults"] == 0
    assert all(one["reason"] and not one["fault"] for one in usual["items"])
    inventory.fence(new_id(), "shop", REYKJAVIK, LAMP, 2)
    told = api.get(f"/parity?sku={LAMP}&location={REYKJAVIK}").body
    (units,) = [one for one in told["items"] if one["aspect"] == "available"]
    assert (units["reason"], units["told"]["shop"], units["told"]["api"]) == ("fenced", "5 / 55", "3 / 53")
    assert set(told["channels"]) == {"shop", "api", "pos", "kiosk"}
    assert api.get(f"/parity?sku={LAMP}&location=XXX").code == "unknown_location"
    assert api.get("/parity?sku=NOTHING").body["items"] == []


def test_a_door_that_lies_is_a_fault(api, monkeypatch):
    monkeypatch.setitem(parity._doors, "kiosk", lambda question: Said(Money(1, "ISK")))
    told = api.get(f"/parity?sku={LAMP}&location={REYKJAVIK}").body
    assert told["faults"] > 0
    assert "price" in {one["aspect"] for one in told["items"] if one["fault"]}
