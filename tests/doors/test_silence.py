"""Whatever anybody types at any door, and whatever goes wrong then: what is logged has nothing of it."""

import base64
import io
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from django.db import DataError, OperationalError
from django.test import Client

from samband.conf import environment
from samband.conf import logging as our_logging
from tests import worlds

PLANTED = {
    "mail": "planted.person@mail.example", "name": "Plantína Gróðursdóttir", "phone": "+3545551987",
    "street": "Leyndargata 99", "card": "4000056655665556", "cvc": "987", "code": "918273", "pin": "60417",
    "password": "planted-password-1234", "token": "planted-token-abcdef", "key": "sb_planted_keykeykeykey",
    "coupon": "PLANTED-COUPON", "gift": "PLANTEDGIFTCARD1", "cookie": "planted-cookie-value", "note": "planted note",
}  # fmt: skip
SHORT = {"cvc", "pin", "code"}
"""Digits that may stand in a time or an id by chance are only looked for as words of their own."""


@pytest.fixture
def written(monkeypatch) -> io.StringIO:
    """All that is logged, down to the last detail."""
    root, stream = logging.getLogger(), io.StringIO()
    before = list(root.handlers), root.level
    monkeypatch.setenv("SAMBAND_LOG", "DEBUG")
    our_logging.configure({})
    ours = next(one for one in root.handlers if one.name == our_logging.NAME)
    assert isinstance(ours, logging.StreamHandler)
    ours.setStream(stream)
    root.handlers = [ours]
    yield stream
    root.handlers, root.level = before
    monkeypatch.undo()
    our_logging.configure({})
    assert environment.log_level() >= logging.DEBUG


def forms(value: str) -> set[str]:
    """How a value may be written."""
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return {value, value.lower(), quote(value), quote_plus(value), json.dumps(value).strip('"'), encoded}


def found_in(text: str) -> set[str]:
    found = set()
    for what, value in PLANTED.items():
        if what in SHORT:
            found |= (
                {what} if any(f"{before}{value}{after}" in text for before in '" =:' for after in '" &,') else set()
            )
        elif any(form in text for form in forms(value)):
            found.add(what)
    return found


def knock_everywhere() -> None:
    """Every door, with everything that a person could type there, well and badly."""
    client = Client(raise_request_exception=False)
    p = PLANTED
    client.cookies["sessionid"] = client.cookies["samband_cart"] = client.cookies["samband_device"] = p["cookie"]
    query = f"?q={quote(p['name'])}&email={quote(p['mail'])}&token={p['token']}&t={p['token']}"
    everything = {
        "email": p["mail"], "name": p["name"], "phone": p["phone"], "line1": p["street"], "card_number": p["card"],
        "card_cvc": p["cvc"], "card_expiry": "04/39", "code": p["code"], "coupon": p["coupon"], "gift_code": p["gift"],
        "number": p["note"], "password": p["password"], "to": p["mail"], "token": p["token"], "sku": p["note"],
    }  # fmt: skip
    for path in (
        "", "search/", "sign-in/", "sign-in/code/", "order/", "checkout/", "newsletter/", "account/address/",
        "cart/add/", "cart/coupon/", f"pay/{p['token']}/",
        f"letters/{p['token']}/", f"order/{p['token']}/", f"p/{p['token']}/",
    ):  # fmt: skip
        client.get(f"/en-is/{path}{query}")
        client.post(f"/en-is/{path}{query}", everything)
    for path in (
        "/console/sign-in/",
        "/kiosk/arrive/",
        "/kiosk/enrol/",
        f"/k/{p['token']}",
        f"/unsubscribe/{p['token']}",
    ):
        client.get(path + query)
        client.post(path + query, everything)
    body = json.dumps({**everything, "member_id": p["note"], "pin": p["pin"], "by": p["mail"]})
    api = {"Authorization": f"Bearer {p['key']}", "X-Samband-Till": "1", "Idempotency-Key": p["token"]}
    for path in (
        "/api/v1/customers", f"/api/v1/gift-cards/look-up{query}", "/api/v1/carts", "/pos/api/enrol",
        "/pos/api/sign-in", "/pos/api/customers/find",
        "/hooks/payments/sandbox", "/hooks/shopify/nothing", f"/hooks/bank/{p['token']}",
    ):  # fmt: skip
        for sent in (body, body[:-5], "[" * 50_000, body.encode("utf-16")):
            client.post(path, sent, content_type="application/json", headers=api)
        client.get(path + query, headers=api)
    client.get(
        "/en-is/", headers={"Host": f"{p['token']}.example", "Referer": f"https://x/{query}", "User-Agent": p["note"]}
    )


def test_nothing_that_a_person_types_is_logged(transactional_db, written) -> None:
    worlds.small_world()
    knock_everywhere()
    said = written.getvalue()
    assert said.count("\n") > 20
    assert found_in(said) == set()
    for line in said.splitlines():
        json.loads(line)


@pytest.mark.parametrize("error", [ValueError, DataError, OperationalError, KeyError, RecursionError])
def test_nor_when_everything_breaks_with_it_in_the_error(transactional_db, written, monkeypatch, error) -> None:
    world = worlds.small_world()
    everything = " ".join(PLANTED.values())

    def broken(*_given: object, **_more: object) -> None:
        raise error(everything)

    for target in (
        "samband.channels.shop.pages.render", "samband.channels.shop.signing_in.ask_for_code",
        "samband.channels.shop.ordered.orders.as_number", "samband.channels.pos.entering.commands.enrol",
        "samband.channels.kiosk.stations.tills.enrol", "samband.channels.api.customers.commands.register",
        "samband.channels.hooks.payments.hear_payment", "samband.commerce.catalog.queries.search",
    ):  # fmt: skip
        monkeypatch.setattr(target, broken, raising=False)
    knock_everywhere()
    client = Client(raise_request_exception=False)
    answer = client.post(
        "/api/v1/customers", json.dumps({"email": PLANTED["mail"]}), content_type="application/json",
        headers={"Authorization": f"Bearer {world.api_key}"},
    )  # fmt: skip
    assert found_in(written.getvalue()) == set()
    assert found_in(answer.content.decode()) <= {"mail"}
    assert world.api_key not in written.getvalue()
    assert '"error"' in written.getvalue()


def test_somebody_whose_value_is_logged_is_found(written) -> None:
    logging.getLogger("samband.somewhere").warning("somebody typed %s", PLANTED["mail"])
    assert found_in(written.getvalue()) == {"mail"}
