"""Tills and others that ask a person face to face: the text to ask with, the answer written down, what may be done."""

import pytest

from samband.customers.consent import wordings, writing
from samband.customers.consent.models import Entry
from samband.kernel.languages import LANGUAGES

ANNA = {"email": "anna@example.com", "name": "Anna Jónsdóttir", "market": "IS", "language": "is"}
NOBODY = "01934f6e-7f2c-7cc0-9b1e-0a4f4f0f5a11"
NEWS = "newsletter_email"


@pytest.fixture(autouse=True)
def fresh():
    wordings.forget()
    yield
    wordings.forget()


@pytest.fixture
def anna(api):
    return api.post("/customers", ANNA).body["id"]


def said(**more):
    asked = {
        "address": {"kind": "email", "value": "Anna@Example.com"},
        "purpose": NEWS,
        "granted": True,
        "language": "is",
    }
    return asked | more


def test_there_is_a_text_to_ask_with_for_everything_in_every_language(api):
    for language in LANGUAGES:
        items = api.get(f"/consents/purposes?language={language}").body["items"]
        assert {one["purpose"] for one in items} >= {NEWS, "analytics", "advertising"}
        assert all(one["text"] and one["version"] for one in items)
    assert api.get("/consents/purposes?language=xx").code == "invalid"


def test_what_somebody_said_is_written_down_once_with_the_text_they_saw(api, anna):
    path = f"/customers/{anna}/consents"
    writing.write_wording(NEWS, {"is": "Já, takk"}, by="x")
    writing.write_wording(NEWS, {"is": "Já, endilega"}, by="x")
    first = api.post(path, said(version="own 1", proof="till RVK-2"), key="a")
    assert first.status == 201
    assert (first.body["wording"], first.body["version"], first.body["source"]) == ("Já, takk", "own 1", "staff")
    assert api.post(path, said(version="own 1", proof="till RVK-2"), key="a").body == first.body
    assert api.post(path, said(granted=False), key="a").code == "idempotency_key_reused"
    assert api.post(path, said()).code == "idempotency_key_missing"
    assert Entry.objects.count() == 1
    assert "anna" not in repr(first.body)
    assert api.post(path, said(), key="b").body["wording"] == "Já, endilega"


def test_the_answer_that_holds_and_the_log_are_read_by_any_key_of_the_customers(api, anna):
    account = {"kind": "account"}
    path = f"/customers/{anna}/consents"
    api.post(path, said(address=account, purpose="profiling"), key="a")
    api.post(path, said(address=account, purpose="profiling", granted=False), key="b")
    held = {one["purpose"]: one for one in api.get(path).body["items"]}
    assert held["profiling"]["answer"] is False
    assert [one["granted"] for one in held["profiling"]["addresses"]] == [False]
    assert held["calls"] == {"purpose": "calls", "answer": None, "addresses": []}
    assert [one["granted"] for one in api.get(f"{path}/entries").body["items"]] == [False, True]


def test_the_account_itself_may_agree_to_the_use_of_its_data(api, anna):
    path = f"/customers/{anna}"
    assert api.get(f"{path}/may/analytics").body == {"allowed": False, "because": "never_said"}
    entry = api.post(f"{path}/consents", said(address={"kind": "account"}, purpose="analytics"), key="a")
    assert entry.body["wording"] == wordings.shown("statistics", "is").text
    assert api.get(f"{path}/may/analytics").body == {"allowed": True, "because": "granted"}
    assert [one["purpose"] for one in api.get(f"{path}/consents/entries").body["items"]] == ["analytics"]
    api.post(f"{path}/consents", said(address={"kind": "account"}, purpose="analytics", granted=False), key="b")
    assert api.get(f"{path}/may/analytics").body == {"allowed": False, "because": "refused"}


def test_an_address_is_written_to_only_if_it_agreed(api, anna):
    api.post(f"/customers/{anna}/consents", said(), key="a")
    may = f"/customers/{anna}/may/{NEWS}"
    assert api.get(f"{may}?email=ANNA@example.com").body == {"allowed": True, "because": "granted"}
    assert api.get(f"{may}?email=other@example.com").body["because"] == "never_said"
    assert api.get(f"{may}?email=nonsense").code == "not_an_identifier"


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ({"purpose": "spam"}, "no_such_purpose"),
        ({"purpose": "offers_sms"}, "not_for_that_address"),
        ({"address": {"kind": "email", "value": "anna"}}, "not_an_identifier"),
        ({"address": {"kind": "cookie", "value": "x"}}, "invalid_body"),
        ({"language": "xx"}, "invalid_body"),
        ({"granted": "yes"}, "invalid_body"),
    ],
)
def test_what_cannot_be_said_is_refused(api, anna, ask, code):
    assert api.post(f"/customers/{anna}/consents", said(**ask), key="a").code == code
    assert not Entry.objects.exists()


def test_nobody_speaks_for_somebody_we_do_not_know_nor_without_the_scope(api, api_with, anna):
    for path in ("consents", "consents/entries", "may/analytics"):
        assert api.get(f"/customers/{NOBODY}/{path}").code == "not_found"
    assert api.post(f"/customers/{NOBODY}/consents", said(), key="a").code == "not_found"
    assert api.get(f"/customers/{anna}/may/spam").code == "no_such_purpose"
    assert api_with("customers:read").post(f"/customers/{anna}/consents", said(), key="a").code == "scope_missing"
    assert api_with("orders:read").get(f"/customers/{anna}/consents").code == "scope_missing"
