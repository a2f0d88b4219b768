"""A retailer of their own: an empty house is opened through the API alone, until somebody can buy."""

import pytest

from samband.flows.audit import audit
from samband.staff.commands import issue_key
from samband.staff.rules import SCOPES
from tests import worlds
from tests.channels.api_client import Api

STORE = {
    "kind": "store",
    "name": "Kringlan",
    "market": "IS",
    "country": "IS",
    "time_zone": "Atlantic/Reykjavik",
    "address": {"line1": "Kringlan 4", "city": "Reykjavík", "postcode": "103"},
    "place": {"latitude": 64.13, "longitude": -21.89},
    "opening": {day: ["00:00", "24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    "pickup": True,
    "ships": True,
}
HOME = {"name": "Anna Jónsdóttir", "line1": "Laugavegur 12", "city": "Reykjavík", "country": "IS", "postcode": "101"}


@pytest.fixture
def empty_house(db):
    worlds.fresh_processes()
    yield Api(issue_key("Opening", SCOPES))
    worlds.fresh_processes()


def done(answer):
    assert answer.status in (200, 201), answer.body
    return answer.body


def test_an_empty_house_is_opened_and_sells(empty_house):
    api = empty_house
    assert api.get("/markets").body["items"] == []
    market = {"country": "IS", "currency": "ISK", "default_language": "is", "names": {"is": "Ísland"}}
    assert done(api.put("/markets/IS", market)) == {"code": "IS", "position": 0, **market}
    done(api.put("/vat-rates", {"country": "IS", "vat_class": "standard", "basis_points": 2400}))
    shipping = {"market": "IS", "shipping_class": "parcel", "method": "ship", "amount": 990, "free_from": None}
    assert done(api.put("/shipping-rates", shipping)) == shipping
    done(api.put("/price-lists/isk", {"currency": "ISK"}))
    done(api.put("/price-lists/isk/prices", {"prices": {"MUG": 1990}}))
    assert done(api.put("/locations/KRINGLAN", STORE))["place"] == STORE["place"]
    done(api.put("/categories/mugs", {"names": {"en": "Mugs"}}))
    mug = {"category": "mugs", "names": {"en": "Mug", "is": "Krús"}, "variants": [{"sku": "MUG"}]}
    done(api.put("/products/mug", mug))
    done(api.put("/products/mug/publications/api", {}))
    delivery = {"location": "KRINGLAN", "lines": [{"sku": "MUG", "quantity": 6}]}
    done(api.post("/stock/receipts", delivery, key="first"))

    lines = [{"sku": "MUG", "quantity": 2}]
    cart = done(api.post("/carts", {"market": "IS", "lines": lines, "method": "ship"}))
    assert cart["seen_total"] == {"amount": 2 * 1990 + 990, "currency": "ISK"}
    wish = {
        "method": "ship",
        "contact": {"email": "anna@example.com", "name": "Anna Jónsdóttir"},
        "address": HOME,
        "seen_total": cart["seen_total"],
        "token": worlds.card(),
    }
    placed = done(api.post(f"/carts/{cart['id']}/checkout", wish, key="order-1"))
    assert placed["state"] == "placed"
    (level,) = api.get("/stock/levels?sku=MUG").body["items"]
    assert (level["location"], level["on_hand"], level["held"]) == ("KRINGLAN", 6, 2)
    assert list(audit()) == []


def test_a_market_is_changed_but_never_its_currency(api):
    changed = {"country": "IS", "currency": "ISK", "default_language": "en", "names": {"en": "Iceland"}, "position": 7}
    assert done(api.put("/markets/IS", changed))["default_language"] == "en"
    assert api.get("/markets").body["items"][-1]["code"] == "IS"
    refused = api.put("/markets/IS", {**changed, "currency": "EUR"})
    assert (refused.status, refused.code) == (409, "currency_fixed")
    assert api.put("/markets/a b", changed).status == 422
    assert api.put("/markets/IS", {**changed, "country": "Iceland"}).code == "invalid_body"


def test_a_vat_rate_holds_from_its_moment(api):
    rate = {"country": "LV", "vat_class": "food", "basis_points": 500, "valid_from": "2030-01-01T00:00:00Z"}
    assert done(api.put("/vat-rates", rate)) == rate
    assert rate in api.get("/vat-rates").body["items"]
    done(api.put("/vat-rates", {**rate, "basis_points": 700}))
    found = [one for one in api.get("/vat-rates").body["items"] if one["valid_from"] == rate["valid_from"]]
    assert [one["basis_points"] for one in found] == [700]
    assert api.put("/vat-rates", {**rate, "vat_class": "zero"}).status == 422
    assert api.put("/vat-rates", {**rate, "basis_points": 10_001}).code == "invalid_body"


def test_a_shipping_rate_is_a_markets(api):
    rate = {"market": "IS", "shipping_class": "crate", "method": "ship", "amount": 4900, "free_from": 90_000}
    assert done(api.put("/shipping-rates", rate)) == rate
    assert rate in api.get("/shipping-rates?market=IS").body["items"]
    assert rate not in api.get("/shipping-rates?market=LV").body["items"]
    nowhere = api.put("/shipping-rates", {**rate, "market": "XX"})
    assert (nowhere.status, nowhere.code) == (404, "unknown_market")


def test_a_location_is_described_whole_or_refused(api):
    site = done(api.put("/locations/KRINGLAN", {**STORE, "place": None}))
    assert (site["code"], site["place"], site["opening"]["mon"]) == ("KRINGLAN", None, ["00:00", "24:00"])
    assert "KRINGLAN" in [one["code"] for one in api.get("/locations").body["items"]]
    refused = api.put("/locations/KRINGLAN", {**STORE, "opening": {"mon": ["18:00", "10:00"]}})
    assert (refused.status, refused.code, refused.body["field"]) == (422, "invalid_location", "opening")
    assert api.put("/locations/KRINGLAN", {**STORE, "time_zone": "Mars/Olympus"}).body["field"] == "time_zone"
