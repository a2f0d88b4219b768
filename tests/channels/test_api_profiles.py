"""What is known of a customer over HTTP, what says who they are, and taking it back."""

import pytest

from samband.customers.accounts import commands as accounts
from samband.flows.follow_customers import follow
from samband.kernel.identifier import identifier
from samband.kernel.ids import new_id
from tests.customers.touched import Told, cookie, customer, day, email, same, tell

WEB, PHONE, MAIL = cookie("web"), cookie("phone"), email("anna")


@pytest.fixture
def anna(world):
    """Somebody with an account, who was seen in a browser, and in another one that may be theirs."""
    account = identifier("account", str(accounts.register("anna@customer.example", source="shop", name="Anna")))
    tell(
        Told(account, "Signed In", day(3), "app", "server"),
        Told(WEB, "Product Viewed", day(1), "web", "browser", category="sofas", properties={"name": "Sofa"}),
        Told(PHONE, "Order Completed", day(2), "web", order="W-1", worth=2_500, currency="EUR"),
    )
    same((account, WEB), rule="signed_in")
    same((account, MAIL), rule="verified")
    follow()
    return account.key


def path(key, rest: str) -> str:
    return f"/customers/{key}/{rest}"


def test_a_profile_is_read_under_any_id(api, anna):
    by_account, by_browser = (api.get(path(key, "profile")) for key in (anna, WEB.key))
    assert by_account.body == by_browser.body
    told = by_account.body
    assert (told["id"], told["accounts"]) == (str(anna), [str(anna)])
    assert (told["first_channel"], told["last_channel"], told["orders"]) == ("web", "app", 0)
    assert (told["has_account"], told["has_email"], told["favourite_category"]) == (True, True, "sofas")
    assert api.get(path(PHONE.key, "profile")).body["value"] == 2_500


def test_somebody_just_registered_has_an_empty_profile(api):
    fresh = api.post("/customers", {"email": "new@customer.example"}).body["id"]
    told = api.get(path(fresh, "profile")).body
    assert (told["touchpoints"], told["value"], told["last_seen"], told["segments"]) == (0, 0, None, [])


def test_nobody_has_nothing(api, anna):
    for rest in ("profile", "identifiers", "story"):
        assert api.get(path(new_id(), rest)).code == "not_found"
    asked = api.post(path(new_id(), "decisions"), {"other": str(anna), "decision": "same", "reason": "x"}, key="k")
    assert asked.code == "not_found"


def test_a_story_is_told_over_all_channels_and_narrowed(api, anna):
    codes = [one["code"] for one in api.get(path(anna, "story")).body["items"]]
    assert codes[-2:] == ["Signed In", "Product Viewed"]
    assert "accounts.CustomerRegistered" in codes
    (seen,) = api.get(path(anna, "story?kind=visits")).body["items"]
    assert (seen["details"], seen["category"], seen["source"]) == ({"name": "Sofa"}, "sofas", "browser")
    assert [one["code"] for one in api.get(path(anna, "story?channel=app")).body["items"]] == ["Signed In"]
    since = api.get(path(anna, "story?since=2026-01-03T00:00:00Z&until=2026-02-01T00:00:00Z")).body["items"]
    assert [one["code"] for one in since] == ["Signed In"]
    assert api.get(path(anna, "story?kind=gossip")).code == "invalid"
    assert api.get(path(anna, "story?since=2026-01-03T00:00:00")).code == "invalid"
    assert api.get(path(anna, "story?cursor=zzz")).code == "bad_cursor"


def test_a_story_is_read_page_by_page(api, anna):
    whole = api.get(path(anna, "story")).body["items"]
    read, following = [], path(anna, "story?limit=1")
    while following:
        page = api.get(following)
        read += page.body["items"]
        link = page.headers.get("Link", "")
        following = link.split(">")[0].removeprefix("</api/v1") if link else ""
    assert read == whole


def test_an_assertion_is_taken_back_and_restored(api, anna):
    known = api.get(path(anna, "identifiers")).body
    assert {one["kind"] for one in known["items"]} == {"account", "cookie", "email"}
    (said,) = (one for one in known["assertions"] if one["rule"] == "signed_in")
    assert (said["state"], {said["a"], said["b"]}) == ("holds", {str(anna), str(WEB.key)})
    address = path(anna, f"assertions/{said['id']}/retraction")
    first = api.post(address, {"reason": "Another one used that browser."}, key="one")
    again = api.post(address, {"reason": "Another one used that browser."}, key="one")
    assert (first.status, again.status, again.headers.get("Idempotency-Replayed")) == (200, 200, "true")
    assert str(WEB.key) not in {one["key"] for one in first.body["items"]}
    assert customer(WEB) != customer(MAIL)
    assert api.get(path(WEB.key, "profile")).body["favourite_category"] == "sofas"
    assert api.get(path(anna, "profile")).body["favourite_category"] is None
    assert api.post(address, {"reason": "x"}, key="two").code == "already_taken_back"
    back = api.post(path(anna, f"assertions/{said['id']}/restoration"), key="three")
    assert back.body["items"] == known["items"]
    assert api.post(path(anna, f"assertions/{said['id']}/restoration"), key="four").code == "not_taken_back"
    assert api.get(path(anna, "profile")).body["favourite_category"] == "sofas"


def test_an_assertion_about_somebody_else_is_none(api, anna):
    for number in (10**6, 10**30):
        retraction = api.post(path(anna, f"assertions/{number}/retraction"), {"reason": "x"}, key=f"k{number}")
        assert retraction.code == "no_such_assertion"


def test_two_customers_are_decided_to_be_one_and_two_again(api, anna):
    wish = {"other": str(PHONE.key), "decision": "same", "reason": "She said so."}
    joined = api.post(path(anna, "decisions"), wish, key="a")
    assert str(PHONE.key) in {one["key"] for one in joined.body["items"]}
    assert api.get(path(anna, "profile")).body["value"] == 2_500
    apart = {**wish, "decision": "different", "reason": "She was wrong."}
    (said,) = (one for one in joined.body["assertions"] if one["rule"] == "same")
    api.post(path(anna, f"assertions/{said['id']}/retraction"), {"reason": "She was wrong."}, key="b")
    parted = api.post(path(anna, "decisions"), apart, key="c")
    assert [one["state"] for one in parted.body["assertions"] if one["rule"] == "different"] == ["different"]
    assert api.get(path(anna, "profile")).body["value"] == 0
    unknown = api.post(path(anna, "decisions"), {**wish, "other": str(new_id())}, key="d")
    assert unknown.code == "no_such_identifier"


def test_what_many_use_joins_nobody(api, anna):
    address = path(anna, f"identifiers/{WEB.key}/sharing")
    assert api.post(address, {"shared": True}, key="a").status == 200
    assert customer(WEB) != customer(MAIL)
    assert api.post(path(anna, f"identifiers/{anna}/sharing"), {"shared": True}, key="b").code == "never_shared"
    assert api.post(path(anna, f"identifiers/{WEB.key}/sharing"), {"shared": False}, key="c").code == (
        "no_such_identifier"
    )
    assert api.post(path(WEB.key, f"identifiers/{WEB.key}/sharing"), {"shared": False}, key="d").status == 200
    assert customer(WEB) == customer(MAIL)


def test_reading_alone_decides_nothing(api_with, anna):
    reading = api_with("customers:read")
    assert reading.get(path(anna, "identifiers")).status == 200
    decision = {"other": str(WEB.key), "decision": "same", "reason": "x"}
    assert reading.post(path(anna, "decisions"), decision, key="k").code == "scope_missing"
