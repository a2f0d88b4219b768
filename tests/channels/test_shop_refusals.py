"""Every refusal has a sentence, and whatever breaks is told on a page of ours."""

import re
from pathlib import Path

import pytest
from django.test import RequestFactory

from samband.channels import shop as shop_door
from samband.channels.shop import errors
from samband.channels.shop.refusal_texts import TEXTS, field_errors, said, sentence
from samband.kernel.refusal import KNOWN, Conflict, Invalid, Refusal
from tests.channels.shopper import Shopper
from tests.worlds import CUP

ROOMS = ("cart", "orders", "payments", "accounts")
"""What a shopper meets by the commands and flows the shop calls."""


class NeverHeardOf(Conflict):
    code = "never_heard_of"


@pytest.fixture
def shop(world) -> Shopper:
    return Shopper().again()


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_sentence_can_be_said_with_any_details_or_none(code):
    for details in ({}, {"short": [{"sku": "A"}], "left": 3, "had": 1, "most": 9, "field": "number", "reason": "x"}):
        told = said(code, details)
        assert told.endswith((".", "?"))
        assert code not in told


def called_flows() -> tuple[str, ...]:
    """The flows that the shop's own files call."""
    files = Path(shop_door.__file__).parent.glob("*.py")
    found = {
        name for path in files for name in re.findall(r"from samband\.flows(?:\.| import )(\w+)", path.read_text())
    }
    return tuple(f"samband.flows.{name}" for name in sorted(found))


def test_the_rooms_that_a_shopper_meets_are_all_worded():
    ours = (*called_flows(), "samband.channels.shop")
    flows = {kind.code for kind in KNOWN.values() if kind.__module__.startswith(ours)}
    rooms = {kind.code for kind in KNOWN.values() if kind.__module__.split(".")[-2] in ROOMS}
    never = {
        "forged_notice", "order_number_taken", "more_than_authorised", "more_than_captured", "unknown_refund_reason",
        "customer_code_refused", "statement_unreadable", "transfer_noted_otherwise", "unknown_payout",
    }  # fmt: skip
    assert sorted((flows | rooms) - set(TEXTS) - never) == []


def test_a_refusal_nobody_has_worded_yet_gets_a_sentence_too():
    told = sentence(NeverHeardOf(thing="x"))
    assert told.endswith(".")
    assert "never_heard_of" not in told
    assert said("whatever", {}, 404) != said("whatever", {}, 503)


def test_a_refusal_says_which_fields_it_is_about():
    assert set(field_errors(Invalid(fields=["line1", "postcode"]))) == {"line1", "postcode"}
    assert field_errors(Refusal()) == {}


def test_a_page_is_asked_for_in_the_right_way(shop):
    assert shop.send("stores/").status == 405
    assert shop.response.headers["Allow"] == "GET, HEAD"
    assert shop.look("cart/add/").status == 405
    assert shop.client.head("/en-is/stores/").status_code == 200


def test_what_broke_is_told_without_asking_anybody(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = errors.broken(RequestFactory().get("/pl-pl/cart/"))
    assert answer.status_code == 500
    assert '<html lang="pl">' in answer.content.decode()
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "language"), [("/lv-lv/nothing/", "lv"), ("/nothing/at/all", "en"), ("/el-xx/", "el")]
)
def test_an_address_of_nothing_is_told_in_the_language_it_was_asked_in(shop, path, language):
    answer = shop.client.get(path)
    assert answer.status_code == 404
    assert f'<html lang="{language}">' in answer.content.decode()


def test_too_many_fields_and_odd_bodies_are_bad_requests(shop):
    answer = shop.client.post("/en-is/cart/add/", {f"f{n}": "1" for n in range(2_100)})
    assert answer.status_code == 400
    odd = shop.client.post("/en-is/cart/add/", data=b"\xff\xfe", content_type="multipart/form-data; boundary=x")
    assert odd.status_code in (400, 422)


def test_machines_get_a_problem_instead_of_a_page(shop):
    answer = shop.client.get("/hooks/nothing/here")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["status"] == 404


def test_with_htmx_a_refusal_is_a_sentence_and_no_page(shop):
    shop.send("cart/add/", {"sku": CUP, "quantity": "none"}, headers={"HX-Request": "true"})
    assert shop.status == 422
    assert shop.source.startswith('<p class="told bad" role="alert">')
