"""Segments over HTTP: saved, read, counted, listed, taken away; nonsense is refused by its place."""

import pytest

from samband.customers.identity import queries as identity
from samband.flows.know_customers import know_everybody
from samband.kernel.identifier import identifier
from tests.channels.api_client import Api
from tests.customers.segmenting import Done, World, settle
from tests.customers.touched import cookie, day, email

LAMPS = {"did": {"event": "Product Viewed", "category": ["home"]}}
ASKED = {
    "names": {"en": "Everything"},
    "about": "All that can be asked",
    "zone": "Atlantic/Reykjavik",
    "who": {
        "any": [
            LAMPS,
            {"did": {"event": "Order Completed", "at_least": 2, "within_days": 30, "channel": ["pos"],
                     "worth": {"currency": "ISK", "at_least": 1}, "total": {"currency": "ISK", "at_most": 9},
                     "first": {"longer_ago_than_days": 3}, "last": {"since": "2026-01-01", "until": "2026-01-31"}}},
            {"did_not": {"event": "Order Completed", "place": ["RVK"], "sku": ["CUP"]}},
            {"all": [{"trait": {"name": "orders", "at_least": 1}}, {"trait": {"name": "country", "is": ["IS"]}}]},
            {"none": [{"trait": {"name": "has_email", "is": True}}, {"known_by": ["cookie"]}]},
            {"trait": {"name": "value", "at_least": 100, "currency": "EUR"}},
            {"trait": {"name": "last_order_at", "within_days": 90}},
            {"bought": {"category": ["sofas"], "sku": ["CUP"], "at_least": 1}},
            {"place": {"any_of": ["RVK"], "at_least": 2}},
            {"consent": {"purpose": "newsletter_email"}},
            {"consent": {"purpose": "profiling", "is": "unknown"}},
            {"group": ["club"]},
            {"in": "lookers"},
            {"not_in": "lookers"},
        ]
    },
}  # fmt: skip


def saved(api: Api, slug: str, segment: dict) -> dict:
    answer = api.put(f"/segments/{slug}", segment)
    assert answer.status == 200, answer
    return answer.body


@pytest.fixture
def lookers(api) -> Api:
    """Three who looked at lamps, one of them twice, and somebody who only bought."""
    world = World()
    lamps = {"category": "home", "sku": "LAMP"}
    looks = [Done(cookie(name), at=day(1), **lamps) for name in ("anna", "bert", "cleo")]
    world.tell(*looks, Done(cookie("anna"), at=day(2), **lamps), Done(email("dora"), "Order Completed", day(3)))
    saved(api, "lookers", {"who": LAMPS, "names": {"en": "Lookers", "is": "Skoðendur"}})
    settle()
    return api


def test_what_was_saved_is_what_is_read_and_can_be_saved_again(lookers):
    told = saved(lookers, "everything", ASKED)
    assert told["segment"]["who"]["any"][0]["did"]["category"] == ["home"]
    assert not told["live"]
    settle()
    read = lookers.get("/segments/everything").body
    assert read == {**told, "live": True, "size": read["size"], "filled_at": read["filled_at"]}
    assert saved(lookers, "everything", read["segment"]) == read
    assert [one["slug"] for one in lookers.get("/segments").body["items"]] == ["everything", "lookers"]


def test_who_is_in_it_is_listed_page_by_page(lookers):
    everybody, address = [], "/segments/lookers/members?limit=2"
    while address:
        page = lookers.get(address).body
        everybody += page["items"]
        address = f"/segments/lookers/members?limit=2&cursor={page['next']}" if page["next"] else ""
    assert everybody == sorted(str(identity.find(cookie(name))) for name in ("anna", "bert", "cleo"))
    assert lookers.get("/segments/lookers").body["size"] == 3


def test_how_many_there_would_be_is_told_without_saving(lookers):
    twice = {"did": {**LAMPS["did"], "at_least": 2}}
    assert lookers.post("/segment-sizes", {"who": twice}).body == {
        "count": 1, "exact": True, "some": [str(identity.find(cookie("anna")))]
    }  # fmt: skip
    counted = lookers.post("/segment-sizes", {"slug": "lookers", "who": {"not_in": "lookers"}})
    assert (counted.status, counted.code) == (422, "segment_absurd")
    assert [one["slug"] for one in lookers.get("/segments").body["items"]] == ["lookers"]


def test_a_customer_s_segments_are_told_by_any_id_they_ever_had(lookers, world):
    anna = lookers.post("/customers", {"email": "anna@customer.example"}).body["id"]
    know_everybody()
    World().same(identifier("account", anna), cookie("anna"))
    settle()
    by_cookie = lookers.get(f"/customers/{cookie('anna').key}/segments").body
    assert by_cookie == {"customer_id": anna, "segments": ["lookers"]}
    assert lookers.get(f"/customers/{anna}/segments").body == by_cookie
    nobody = lookers.get("/customers/01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11/segments")
    assert (nobody.status, nobody.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("who", "status", "code", "place"),
    [
        ({"all": []}, 422, "invalid_body", "who.all"),
        ({"did": {"within_days": 0}}, 422, "invalid_body", "who.did.within_days"),
        ({"did": {"event": "x", "within_days": 3, "since": "2026-01-01"}}, 422, "segment_absurd", "who.did"),
        ({"all": [{"in": "nobody"}]}, 422, "segment_absurd", "who.all[0].in"),
        ({"in": "new"}, 422, "segment_absurd", "who.in"),
        ({"trait": {"name": "shoe_size", "at_least": 40}}, 422, "segment_absurd", "who.trait.name"),
        ({"trait": {"name": "value", "at_least": 40}}, 422, "segment_absurd", "who.trait.currency"),
        ({"bought": {"category": ["boats"]}}, 422, "segment_absurd", "who.bought.category"),
        ({"did": {}, "did_not": {}}, 422, "segment_absurd", "who"),
        ({}, 422, "segment_absurd", "who"),
    ],
)
def test_nonsense_is_refused_by_its_place(api, who, status, code, place):
    refused = api.put("/segments/new", {"who": who})
    assert (refused.status, refused.code) == (status, code), refused
    found = refused.body.get("place") or refused.body["errors"][0]["where"]
    assert found == place, refused


def test_what_is_nested_ten_thousand_deep_is_refused(api):
    deep = b'{"who":' + b'{"all":[' * 10_000 + b"{}" + b"]}" * 10_000 + b"}"
    refused = api.ask("PUT", "/segments/deep", deep)
    assert refused.status in (400, 422), refused
    nested = {"did": {}}
    for _ in range(12):
        nested = {"all": [nested]}
    assert api.put("/segments/deep", {"who": nested}).code == "segment_absurd"


def test_a_segment_others_ask_about_stays(lookers):
    saved(lookers, "others", {"who": {"not_in": "lookers"}})
    kept = lookers.delete("/segments/lookers")
    assert (kept.status, kept.code, kept.body["segments"]) == (409, "segment_in_use", ["others"])
    assert lookers.delete("/segments/others").status == lookers.delete("/segments/lookers").status == 204
    gone = lookers.get("/segments/lookers")
    assert (gone.status, gone.code) == (404, "unknown_segment")
    assert lookers.delete("/segments/lookers").status == lookers.get("/segments/lookers/members").status == 404


def test_whoever_may_only_read_customers_changes_no_segment(api, api_with):
    saved(api, "buyers", {"who": {"did": {"event": "Order Completed"}}})
    reader = api_with("customers:read")
    assert reader.get("/segments").status == 200
    assert reader.put("/segments/buyers", {"who": LAMPS}).status == 403
    assert reader.delete("/segments/buyers").status == 403
    assert api_with("orders:read").get("/segments").status == 403
