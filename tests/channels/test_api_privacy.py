"""What customers ask about their own data, through the retailer's programs."""

import pytest

from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.flows.export_customer import ask_for_export
from samband.kernel.ids import new_id
from samband.timeline.models import Entry
from tests.channels.api_client import Api
from tests.channels.api_shopping import bought
from tests.worlds import CUP


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def anna(world):
    return accounts.register("anna@example.com", source="shop", name="Anna Jónsdóttir", language="is", market="IS")


def test_everything_is_given_out(api: Api, anna):
    asked = api.post(f"/customers/{anna}/privacy-requests", {"kind": "export"})
    assert asked.status == 201
    assert (asked.body["state"], asked.body["has_data"]) == ("done", True)
    told = api.get(f"/privacy-requests/{asked.body['id']}/data")
    assert told.status == 200
    assert told.body["accounts"]["customer"][0]["email"] == "anna@example.com"
    assert told.body["about"]["accounts"] == [str(anna)]


def test_erasing_is_done_at_once_and_asking_again_finds_nobody(api: Api, anna):
    done = api.post(f"/customers/{anna}/privacy-requests", {"kind": "erasure", "ground": "in_writing"})
    assert (done.status, done.body["state"], done.body["ground"]) == (201, "done", "in_writing")
    assert account_queries.customer(anna).erased_at
    again = api.post(f"/customers/{anna}/privacy-requests", {"kind": "erasure"})
    assert (again.status, again.code) == (404, "nothing_kept")
    assert api.get(f"/privacy-requests/{done.body['id']}").body["state"] == "done"


def test_it_waits_for_an_order_under_way_and_can_be_taken_back(api: Api, anna):
    bought(api, {CUP: 1})
    waits = api.post(f"/customers/{anna}/privacy-requests", {"kind": "erasure"})
    assert (waits.body["state"], waits.body["because"]) == ("waiting", "orders_under_way")
    same = api.post(f"/customers/{anna}/privacy-requests", {"kind": "erasure"})
    assert same.body["id"] == waits.body["id"]
    assert [one["id"] for one in api.get("/privacy-requests?state=waiting").body["items"]] == [waits.body["id"]]
    assert api.delete(f"/privacy-requests/{waits.body['id']}").status == 204
    assert api.delete(f"/privacy-requests/{waits.body['id']}").code == "request_ended"
    assert account_queries.customer(anna).erased_at is None


def test_what_a_customer_asked_for_themselves_is_no_programs_to_fetch(api: Api, anna):
    request = ask_for_export(anna, by="customer", account=anna)
    assert api.get(f"/privacy-requests/{request}").status == 200
    assert api.get(f"/privacy-requests/{request}/data").code == "file_gone"


def test_only_whoever_may_asks_and_nobody_learns_of_who_is_not_there(api: Api, api_with, anna):
    for scopes in (("customers:write",), ("privacy:read",)):
        assert api_with(*scopes).post(f"/customers/{anna}/privacy-requests", {"kind": "export"}).code == "scope_missing"
    assert api_with("privacy:write").get("/privacy-requests").code == "scope_missing"
    assert api.post(f"/customers/{new_id()}/privacy-requests", {"kind": "export"}).status == 404
    assert api.get(f"/privacy-requests/{new_id()}").code == "no_such_request"
    assert api.get(f"/privacy-requests/{new_id()}/data").code == "no_such_request"
    assert api.post(f"/customers/{anna}/privacy-requests", {"kind": "forget"}).status == 422


def test_what_a_program_makes_up_as_a_key_is_not_in_the_books(api: Api, world):
    bought(api, {CUP: 1}, key="anna@example.com-1")
    keys = list(Entry.objects.filter(key__isnull=False).values_list("key", flat=True))
    assert keys
    assert not [key for key in keys if "anna" in key]
