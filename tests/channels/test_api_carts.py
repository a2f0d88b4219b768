"""A cart is filled in one request, tells what changed, and is edited without losing anybody else's edit."""

from uuid import uuid4

import pytest

from samband.commerce.catalog import commands as catalog
from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.customers.accounts import commands as accounts
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Line
from tests.worlds import CAKE, CUP, LAMP, LONDON, PRICES, REYKJAVIK, SOFA


def line(sku: str, quantity: int = 1, **more) -> dict:
    return {"sku": sku, "quantity": quantity, **more}


@pytest.fixture
def cart(api):
    return api.post("/carts", {"market": "IS", "lines": [line(SOFA), line(CUP, 4)]}).body


def units(cart: dict) -> dict[str, int]:
    return {one["sku"]: one["quantity"] for one in cart["lines"]}


def test_a_cart_is_opened_full_and_priced_in_one_request(api):
    answer = api.post("/carts", {"market": "IS", "method": "pickup", "lines": [line(SOFA), line(CUP, 4)]})
    assert answer.status == 201
    assert units(answer.body) == {SOFA: 1, CUP: 4}
    assert answer.body["seen_total"] == {"amount": PRICES[SOFA]["ISK"] + 4 * PRICES[CUP]["ISK"], "currency": "ISK"}
    assert answer.body["changes"] == []
    assert [one["seen"] == one["unit"] for one in answer.body["lines"]] == [True, True]
    assert answer.body["version"] == 2
    assert api.get(f"/carts/{answer.body['id']}").body["version"] == 2


def test_shipping_is_in_the_total_once_the_way_is_chosen(api):
    cart = api.post("/carts", {"market": "GB", "method": "ship", "lines": [line(CUP)]}).body
    assert cart["quote"]["shipping"] == {"amount": 399, "currency": "GBP"}
    assert cart["seen_total"]["amount"] == PRICES[CUP]["GBP"] + 399
    picked_up = api.get(f"/carts/{cart['id']}?method=pickup").body
    assert picked_up["seen_total"]["amount"] == PRICES[CUP]["GBP"]


def test_the_same_goods_twice_are_one_line(api):
    cart = api.post("/carts", {"market": "IS", "lines": [line(CUP), line(LAMP), line(CUP, 2)]}).body
    assert units(cart) == {CUP: 3, LAMP: 1}


def test_what_is_not_sold_goes_into_no_cart(api, world):
    answer = api.post("/carts", {"market": "IS", "lines": [line(CUP), line("NO-SUCH-THING")]})
    assert (answer.status, answer.code, answer.body["sku"]) == (409, "not_for_sale", "NO-SUCH-THING")
    catalog.withdraw(world.products["lamp"], "api")
    assert api.post("/carts", {"market": "IS", "lines": [line(LAMP)]}).code == "not_for_sale"


def test_every_way_to_get_it_is_told_with_its_promise(api, cart):
    ways = api.get(f"/carts/{cart['id']}").body["ways"]
    assert [(way["kind"], way["location"]) for way in ways] == [("ship", None), ("pickup", "RVK"), ("pickup", "RIX")]
    assert all(way["possible"] and way["promise"] for way in ways)
    api.post(f"/carts/{cart['id']}/lines", {"lines": [line(CAKE, 8)]})
    ways = {way["location"]: way for way in api.get(f"/carts/{cart['id']}").body["ways"]}
    assert ways[None]["short"] == [CAKE]
    assert ways["RIX"]["short"] == [CAKE]
    assert ways["RVK"]["possible"]


def test_lines_are_put_added_and_taken_out(api, cart):
    path = f"/carts/{cart['id']}/lines"
    assert units(api.put(f"{path}/{CUP}", {"quantity": 7}).body) == {SOFA: 1, CUP: 7}
    assert units(api.post(path, {"lines": [line(CUP, 2), line(LAMP)]}).body) == {SOFA: 1, CUP: 9, LAMP: 1}
    assert units(api.delete(f"{path}/{SOFA}").body) == {CUP: 9, LAMP: 1}
    assert units(api.put(f"{path}/{LAMP}", {"quantity": 0}).body) == {CUP: 9}
    assert units(api.delete(f"{path}/{SOFA}").body) == {CUP: 9}


def test_lines_are_added_all_or_none(api, cart):
    answer = api.post(f"/carts/{cart['id']}/lines", {"lines": [line(LAMP), line("NO-SUCH-THING")]})
    assert answer.code == "not_for_sale"
    assert units(api.get(f"/carts/{cart['id']}").body) == {SOFA: 1, CUP: 4}


def test_a_sku_with_a_slash_has_an_address(api, world):
    from samband.commerce.catalog.drafts import ProductDraft, VariantDraft

    product = catalog.save_product(ProductDraft("screw", "home", {"en": "Screw"}, (VariantDraft("M4/20 A2"),)))
    catalog.publish(product.product_id, "api")
    pricing.set_prices("isk-regular", {"M4/20 A2": 50})
    cart = api.post("/carts", {"market": "IS"}).body
    answer = api.put(f"/carts/{cart['id']}/lines/M4%2F20%20A2", {"quantity": 3})
    assert units(answer.body) == {"M4/20 A2": 3}


def test_changes_are_told_until_the_shopper_has_seen_them(api, cart):
    pricing.set_prices("isk-regular", {CUP: 1_590})
    inventory.transfer(REYKJAVIK, LONDON, (Line(SOFA, 3),), "to the warehouse")
    told = api.get(f"/carts/{cart['id']}").body
    assert told["changes"] == [
        {
            "code": "price_up",
            "sku": CUP,
            "was": {"amount": 1_490, "currency": "ISK"},
            "now": {"amount": 1_590, "currency": "ISK"},
        }
    ]
    seen = api.put(f"/carts/{cart['id']}/seen", {"prices": {CUP: {"amount": 1_590, "currency": "ISK"}}})
    assert seen.status == 204
    after = api.get(f"/carts/{cart['id']}").body
    assert after["changes"] == []
    assert after["version"] == told["version"]


def test_an_edit_swallows_no_change_of_price(api, cart):
    pricing.set_prices("isk-regular", {CUP: 1_590})
    answer = api.put(f"/carts/{cart['id']}/lines/{CUP}", {"quantity": 5})
    assert [change["code"] for change in answer.body["changes"]] == ["price_up"]


def test_a_price_first_told_by_an_edit_counts_as_seen(api, cart):
    api.put(f"/carts/{cart['id']}/lines/{LAMP}", {"quantity": 1})
    pricing.set_prices("isk-regular", {LAMP: 12_900})
    changes = api.get(f"/carts/{cart['id']}").body["changes"]
    assert [(change["code"], change["sku"]) for change in changes] == [("price_down", LAMP)]


def test_too_few_and_sold_out_are_told_by_name(api):
    cart = api.post("/carts", {"market": "IS", "lines": [line(SOFA, 30)]}).body
    assert cart["changes"] == [{"code": "short", "sku": SOFA, "was": 30, "now": 24}]


def test_another_market_has_another_currency(api, cart):
    answer = api.put(f"/carts/{cart['id']}/market", {"market": "LV"})
    assert answer.body["currency"] == "EUR"
    assert answer.body["seen_total"]["amount"] == PRICES[SOFA]["EUR"] + 4 * PRICES[CUP]["EUR"]
    assert answer.body["changes"] == []
    wrong = {"quantity": 1, "seen": {"amount": 1_490, "currency": "ISK"}}
    assert api.put(f"/carts/{cart['id']}/lines/{CUP}", wrong).code == "other_currency"
    assert api.put(f"/carts/{cart['id']}/market", {"market": "XX"}).code == "no_such_market"


def test_an_edit_may_be_tied_to_the_cart_that_was_seen(api, cart):
    path = f"/carts/{cart['id']}/lines/{CUP}"
    seen = api.get(f"/carts/{cart['id']}").headers["ETag"]
    edited = api.put(path, {"quantity": 5}, **{"If-Match": seen})
    assert edited.status == 200
    late = api.put(path, {"quantity": 6}, **{"If-Match": seen})
    assert (late.status, late.code, late.body["version"]) == (412, "precondition_failed", edited.body["version"])
    assert units(api.get(f"/carts/{cart['id']}").body) == {SOFA: 1, CUP: 5}
    assert api.put(path, {"quantity": 6}, **{"If-Match": edited.headers["ETag"]}).status == 200
    assert api.put(path, {"quantity": 6}, **{"If-Match": "*"}).status == 200
    assert api.put(path, {"quantity": 6}, **{"If-Match": "yesterday's"}).code == "precondition_invalid"
    assert api.delete(f"/carts/{cart['id']}/lines/{LAMP}", **{"If-Match": seen}).status == 412
    assert api.put(f"/carts/{cart['id']}/market", {"market": "LV"}, **{"If-Match": seen}).status == 412
    many = {"lines": [line(CUP), line(LAMP)]}
    assert api.post(f"/carts/{cart['id']}/lines", many, **{"If-Match": seen}).status == 412
    now = api.get(f"/carts/{cart['id']}").headers["ETag"]
    assert api.post(f"/carts/{cart['id']}/lines", many, **{"If-Match": now}).status == 200


def test_a_cart_that_is_as_it_was_is_not_sent_again(api, cart):
    with held_at(now()):  # what is promised moves with the clock
        first = api.get(f"/carts/{cart['id']}")
        again = api.get(f"/carts/{cart['id']}", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, None)
    pricing.set_prices("isk-regular", {CUP: 1_590})
    assert api.get(f"/carts/{cart['id']}", **{"If-None-Match": first.headers["ETag"]}).status == 200


def test_a_customer_has_one_open_cart_at_their_own_prices(api, world):
    anna = str(accounts.register("anna@example.com", source="shop"))
    accounts.change(anna, group="club")
    pricing.save_price_list("club", "ISK", customer_group="club")
    pricing.set_prices("club", {CUP: 1_000})
    first = api.post("/carts", {"market": "IS", "customer_id": anna, "lines": [line(CUP)]})
    assert (first.status, first.body["seen_total"]["amount"]) == (201, 1_000)
    second = api.post("/carts", {"market": "IS", "customer_id": anna, "lines": [line(CUP), line(LAMP)]})
    assert (second.status, second.body["id"]) == (200, first.body["id"])
    assert units(second.body) == {CUP: 2, LAMP: 1}
    assert second.body["changes"] == []
    assert api.post("/carts", {"market": "IS", "customer_id": str(uuid4())}).status == 404


def test_somebody_elses_cart_is_not_to_be_had(api):
    anna, bjarni = (str(accounts.register(f"{name}@example.com", source="shop")) for name in ("anna", "bjarni"))
    cart = api.post("/carts", {"market": "IS", "customer_id": anna, "lines": [line(CUP)]}).body["id"]
    for answer in (
        api.get(f"/carts/{cart}?customer_id={bjarni}"),
        api.put(f"/carts/{cart}/lines/{CUP}?customer_id={bjarni}", {"quantity": 2}),
        api.delete(f"/carts/{cart}/lines/{CUP}?customer_id={bjarni}"),
        api.put(f"/carts/{cart}/market?customer_id={bjarni}", {"market": "LV"}),
    ):
        assert (answer.status, answer.code) == (409, "not_your_cart")
    assert units(api.get(f"/carts/{cart}?customer_id={anna}").body) == {CUP: 1}


@pytest.mark.parametrize(
    ("quantity", "code"),
    [(0, "invalid_body"), (-1, "invalid_body"), (1000, "invalid_body"), (True, "invalid_body"), (1.5, "invalid_body")],
)
def test_a_quantity_is_a_whole_number_that_a_cart_can_hold(api, quantity, code):
    answer = api.post("/carts", {"market": "IS", "lines": [line(CUP, quantity)]})
    assert (answer.status, answer.code) == (422, code)
    assert answer.body["errors"][0]["where"] == "lines[0].quantity"


def test_more_than_a_cart_holds_is_refused(api, cart):
    path = f"/carts/{cart['id']}/lines"
    assert api.post(path, {"lines": [line(CUP, 999)]}).code == "too_many_of_one"
    assert api.post(path, {"lines": [line("not a sku!")]}).code == "invalid"


def test_there_is_no_cart_but_those_that_were_opened(api):
    nowhere = f"/carts/{uuid4()}"
    assert api.get(nowhere).code == "no_such_cart"
    assert api.put(f"{nowhere}/lines/{CUP}", {"quantity": 1}).code == "no_such_cart"
    assert api.delete(f"{nowhere}/lines/{CUP}").code == "no_such_cart"
    assert api.put(f"{nowhere}/market", {"market": "IS"}).code == "no_such_cart"
    assert api.post("/carts", {"market": "XX"}).code == "no_such_market"
