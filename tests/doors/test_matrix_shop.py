"""Every address of the shop, for everybody: whoever is not Anna sees nothing of hers and changes nothing of it."""

import re

import pytest
from django.test import Client

from tests.doors.house import House, house
from tests.doors.knocking import Knocked, changed, knock, sums
from tests.doors.routes import Route, routes
from tests.doors.shop_rules import NOTED, SHOP, TELLS_HER, arguments, form

WHO = ("nobody", "anna", "bjorn")


def of_shop() -> list[Route]:
    return [one for one in routes() if one.view.__module__.startswith("samband.channels.shop.")]


@pytest.fixture
def everybody(db, settings, tmp_path) -> House:
    settings.HOME = tmp_path
    return house()


def client_of(who: str, house: House) -> Client:
    return {"nobody": Client(), "anna": house.anna.browser.client, "bjorn": house.bjorn.browser.client}[who]


def path_of(route: Route, house: House) -> str:
    given = arguments(house.anna, route.name)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: given[name[1]], route.written)


def told_of_her(knocked: Knocked, house: House, known: str) -> set[str]:
    """What an answer says of Anna that its asker had not said themselves."""
    return {mark for mark in house.anna.marks if mark in knocked.body and mark not in known}


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    assert sorted(one.name for one in of_shop()) == sorted(SHOP)


@pytest.mark.parametrize("who", WHO)
def test_looking_is_allowed_as_the_rule_says_and_changes_nothing(who: str, everybody: House) -> None:
    client, before, wrong = client_of(who, everybody), sums(), []
    for route in of_shop():
        path = path_of(route, everybody)
        for more in ({}, {"HX-Request": "true"}):
            knocked = knock(client, "GET", path, headers=more)
            wanted = SHOP[route.name].get[WHO.index(who)]
            if not more and knocked.status != wanted:
                wrong.append(f"GET {route.name}: {knocked.status}, not {wanted}")
            if more and (knocked.status >= 400) != (wanted >= 400):
                wrong.append(f"GET {route.name} by htmx: {knocked.status}, not {wanted}")
            if who != "anna" and (told := told_of_her(knocked, everybody, path)):
                wrong.append(f"GET {route.name} tells {who} {told}")
            if (made := changed(before, knocked.rows)) and route.name not in NOTED:
                wrong.append(f"GET {route.name} changes {made}")
    assert wrong == []


@pytest.mark.parametrize("who", WHO)
def test_sending_is_allowed_as_the_rule_says_and_touches_nobody_elses(who: str, everybody: House) -> None:
    client, ids, wrong = client_of(who, everybody), everybody.anna.ids, []
    before = sums(ids)
    for route in of_shop():
        path, sent = path_of(route, everybody), form(everybody.anna, route.name)
        knocked = knock(client, "POST", path, ids, data=sent)
        wanted = SHOP[route.name].post[WHO.index(who)]
        if knocked.status != wanted:
            wrong.append(f"POST {route.name}: {knocked.status}, not {wanted}")
        if who == "anna":
            continue
        if told := told_of_her(knocked, everybody, f"{path} {sent}"):
            wrong.append(f"POST {route.name} tells {who} {told}")
        if touched := changed(before, knocked.rows) - TELLS_HER.get(route.name, set()):
            wrong.append(f"POST {route.name} lets {who} touch {touched}")
    assert wrong == []


def test_nobody_in_particular_is_led_to_signing_in_and_nowhere_else(everybody: House) -> None:
    for route in of_shop():
        if route.name.startswith(("account", "my-data")) and SHOP[route.name].get == (303, 200, 200):
            assert "/sign-in/" in knock(Client(), "GET", path_of(route, everybody)).went_to


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_but_to_pages_of_ours(everybody: House, onward: str) -> None:
    shopper = everybody.bjorn.browser
    shopper.send("sign-out/")
    shopper.send("sign-in/", {"email": "bjorn@example.com", "next": onward})
    code = shopper.code_mailed_to("bjorn@example.com")
    shopper.send("sign-in/code/", {"email": "bjorn@example.com", "code": code, "next": onward})
    assert shopper.went_to == "/en-is/account/"


def test_whether_an_address_has_an_account_nobody_is_told(everybody: House) -> None:
    known = knock(Client(), "POST", "/en-is/sign-in/", data={"email": "anna@example.com"})
    unknown = knock(Client(), "POST", "/en-is/sign-in/", data={"email": "nobody@example.com"})
    token = re.compile(r'value="\w{64}"')
    assert known.status == unknown.status
    assert token.sub("", known.body.replace("anna@", "nobody@")) == token.sub("", unknown.body)


def test_a_session_that_somebody_planted_is_not_the_one_after_signing_in(everybody: House) -> None:
    shopper = everybody.bjorn.browser
    planted = shopper.client.cookies["sessionid"].value
    shopper.sign_in("bjorn@example.com")
    assert shopper.client.cookies["sessionid"].value != planted
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert stranger.get("/en-is/account/").status_code == 303


def test_forms_without_their_token_are_refused(everybody: House) -> None:
    """But those at the foot of pages kept for everybody, and those that mail programs send."""
    without = {"newsletter", "newsletter-confirm", "letters", "unsubscribe"}
    guarded = Client(enforce_csrf_checks=True)
    for route in of_shop():
        if SHOP[route.name].post == (405, 405, 405) or route.name in without:
            continue
        answer = knock(guarded, "POST", path_of(route, everybody), data=form(everybody.anna, route.name))
        assert answer.status == 403, route.name
