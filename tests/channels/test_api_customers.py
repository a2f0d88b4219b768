"""Customers, and the story of what happened to them."""

import pytest
from django.db import connection

from samband.events.accounts import CustomerRegistered
from samband.timeline import on
from samband.timeline.delivering import PAUSES_SECONDS, deliver
from samband.timeline.reacting import REACTIONS, _listening

ANNA = {"email": "Anna@Example.com", "name": "Anna Jónsdóttir", "phone": "555 1234", "market": "IS", "language": "is"}
HOME = {"name": "Anna Jónsdóttir", "line1": "Laugavegur 12", "city": "Reykjavík", "country": "IS", "postcode": "101"}
NOBODY = "/customers/01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"


@pytest.fixture
def anna(api):
    return api.post("/customers", ANNA).body


def test_a_customer_is_registered_once(api):
    first = api.post("/customers", ANNA)
    assert (first.status, first.body["email"], first.body["phone"]) == (201, "anna@example.com", "+3545551234")
    again = api.post("/customers", {**ANNA, "name": "Somebody else"})
    assert (again.status, again.body) == (200, first.body)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "anna"}, "not_an_email"),
        ({"email": "a@b.is", "phone": "x"}, "not_a_phone"),
        ({"email": "a@b.is", "market": "XX"}, "unknown_market"),
        ({"email": "a@b.is", "language": "xx"}, "invalid_body"),
        ({"email": "a@b.is", "name": "x" * 121}, "invalid_body"),
        ({"email": "a@b.is", "name": "a\tb\u200b"}, "invalid"),
    ],
)
def test_somebody_who_cannot_be_is_not_registered(api, change, code):
    assert api.post("/customers", {**ANNA, **change}).code == code
    assert api.get("/customers").body["items"] == []


def test_customers_are_found_and_changed(api, anna):
    assert [one["id"] for one in api.get("/customers?text=anna").body["items"]] == [anna["id"]]
    assert api.get("/customers?text=bjarni").body["items"] == []
    changed = api.patch(f"/customers/{anna['id']}", {"name": "Anna Karlsdóttir", "group": "club"}).body
    assert (changed["name"], changed["group"], changed["email"]) == ("Anna Karlsdóttir", "club", "anna@example.com")
    assert api.get(f"/customers/{anna['id']}").body == changed
    api.post("/customers", {"email": "bjarni@example.com"})
    assert api.patch(f"/customers/{anna['id']}", {"email": "bjarni@example.com"}).code == "email_taken"
    assert api.patch(f"/customers/{anna['id']}", {"name": " "}).code == "invalid"
    assert api.patch(NOBODY, {"name": "x"}).code == "not_found"


def test_an_address_book_is_kept(api, anna):
    path = f"/customers/{anna['id']}/addresses"
    first = api.post(path, {"address": HOME})
    assert (first.status, first.body["is_default"]) == (201, True)
    second = api.post(path, {"address": {**HOME, "line1": "Ármúli 1"}, "default": True}).body
    assert [one["id"] for one in api.get(path).body["items"]] == [second["id"], first.body["id"]]
    changed = api.put(f"{path}/{second['id']}", {"address": {**HOME, "line1": "Ármúli 2"}}).body
    assert changed["line1"] == "Ármúli 2"
    assert api.delete(f"{path}/{second['id']}").status == 204
    assert api.delete(f"{path}/{second['id']}").code == "not_found"
    wrong = api.post(path, {"address": {**HOME, "postcode": "1", "city": " "}})
    assert (wrong.code, wrong.body["fields"]) == ("address_incomplete", ["city", "postcode"])


def test_an_address_is_its_own_customers_only(api, anna):
    other = api.post("/customers", {"email": "bjarni@example.com"}).body
    mine = api.post(f"/customers/{anna['id']}/addresses", {"address": HOME}).body
    theirs = f"/customers/{other['id']}/addresses/{mine['id']}"
    assert api.put(theirs, {"address": HOME}).code == "not_found"
    assert api.delete(theirs).code == "not_found"


def test_nobody_has_nothing(api):
    for path in (NOBODY, f"{NOBODY}/addresses", f"{NOBODY}/orders"):
        assert (api.get(path).status, api.get(path).code) == (404, "not_found")
    assert api.get(f"{NOBODY}/timeline").body == {"items": [], "next": None}


def test_a_customers_story_is_told_newest_first(api, anna):
    api.patch(f"/customers/{anna['id']}", {"name": "Anna Karlsdóttir"})
    first = api.get(f"/customers/{anna['id']}/timeline?limit=1")
    rest = api.get(first.headers["Link"].split(">")[0].removeprefix("</api/v1"))
    told = [entry["name"] for entry in first.body["items"] + rest.body["items"]]
    assert told == ["accounts.CustomerChanged", "accounts.CustomerRegistered"]
    assert "anna" not in str(first.body).lower()


def test_the_story_of_a_thing_and_of_the_house(api, anna):
    subject = f"customer:{anna['id']}"
    about = api.get(f"/timeline?subject={subject}").body["items"]
    assert {entry["subject"] for entry in about} == {subject}
    everything = api.get("/timeline?limit=100").body["items"]
    assert everything[0]["position"] == about[0]["position"]
    assert len(everything) > len(about)


@pytest.fixture
def failing(api):
    """A reaction that failed to the end."""

    @on(CustomerRegistered)
    def fail_for_a_test(event):
        raise KeyError("a secret")

    name = next(name for name in REACTIONS if name.endswith("fail_for_a_test"))
    yield name
    REACTIONS.pop(name)
    _listening[CustomerRegistered.name].remove(name)


def test_what_was_set_aside_is_shown_and_tried_again(api, failing):
    api.post("/customers", ANNA)
    for _ in range(len(PAUSES_SECONDS) + 1):
        with connection.cursor() as cursor:
            cursor.execute("update timeline_delivery set due_at = now()")
        deliver()
    backlog = api.get("/delivery/backlog").body
    assert backlog["set_aside"] == 1
    (owed,) = api.get("/delivery/set-aside").body["items"]
    assert (owed["reaction"], owed["event"]) == (failing, "accounts.CustomerRegistered")
    assert "secret" not in owed["error"]
    assert api.post(f"/delivery/set-aside/{owed['id']}/retry").status == 204
    assert api.post(f"/delivery/set-aside/{owed['id']}/retry").code == "not_found"
    assert api.post(f"/delivery/set-aside/{10**30}/retry").code == "not_found"
    assert api.post("/delivery/retries", {"reaction": failing}).body == {"deliveries": 0}
