"""Every operation of the API with every kind of key: none, a wrong one, a taken-back one, too narrow a one, its own."""

import re
from itertools import chain

import pytest
from django.test import Client

from samband.channels.api import keys
from samband.channels.api.operations import OPERATIONS, Operation
from samband.staff import commands as staff
from samband.staff.rules import PERSONAL_SCOPES, SCOPES
from tests.doors.api_rules import OPENED_BY, SHOWS_PERSONS
from tests.doors.house import House, house
from tests.doors.knocking import NOTHING, changed, knock, sums
from tests.doors.routes import routes
from tests.worlds import CUP, REYKJAVIK

RULES = {one: scope for scope, ids in OPENED_BY.items() for one in ids.split()}
PAGES = {"api-openapi", "api-docs", "api-problems", "api-root", ""}
"""What anybody may read: the document and the words about it; and what is at no address."""

HUGE = ("9223372036854775808", "99999999999999999999999999", "-1", "0")


@pytest.fixture
def everybody(db, settings, tmp_path) -> House:
    settings.HOME = tmp_path
    return house()


@pytest.fixture
def whole(everybody) -> str:
    return everybody.world.api_key


def arguments(house: House) -> dict[str, str]:
    anna = house.anna
    return {
        "cart": str(anna.cart), "sku": CUP, "product": "cup", "code": "nothing", "slug": "home",
        "gtin": "05690000000015",
        "channel": "shop", "medium": str(anna.id), "location": REYKJAVIK, "fence": str(anna.id),
        "order": str(anna.shipped_id), "payment": str(anna.payment), "card": str(anna.card),
        "fulfillment": str(anna.part), "substitution": str(anna.id), "rule": str(anna.id), "customer": str(anna.id),
        "customer_id": str(anna.id), "address": str(anna.address), "assertion": "7", "identifier": str(anna.id),
        "privacy_request": str(anna.request), "purpose": "newsletter_email", "delivery": "7",
    }  # fmt: skip


def path_of(operation: Operation, house: House, **other: str) -> str:
    given = arguments(house) | other
    return "/api/v1" + re.sub(r"{(?:\w+:)?(\w+)}", lambda name: given[name[1]], operation.path)


def ask(client: Client, operation: Operation, path: str, key: str | None):
    headers = {"Idempotency-Key": "the-matrix-asks"} | ({"Authorization": f"Bearer {key}"} if key else {})
    media = operation.media[0] if operation.media else "application/json"
    mentioning = () if operation.method == "GET" else NOTHING
    return knock(client, operation.method, path, mentioning, content_type=media, headers=headers)


def test_every_operation_has_a_rule_and_every_rule_an_operation() -> None:
    assert sorted(chain.from_iterable(ids.split() for ids in OPENED_BY.values())) == sorted(OPERATIONS)
    assert {one.id: one.scope for one in OPERATIONS.values()} == RULES


def test_every_address_of_the_door_is_an_operations_or_one_of_its_pages() -> None:
    ours = [one for one in routes() if one.written.startswith("api/")]
    known = {one.path for one in OPERATIONS.values()}
    for route in ours:
        written = re.sub(r"<(?:(\w+):)?(\w+)>", lambda name: f"{{{name[2]}}}", route.written.removeprefix("api/v1"))
        bare = {re.sub(r"{\w+:(\w+)}", r"{\1}", path) for path in known}
        assert route.name in PAGES or written in bare, route.written


def test_without_a_right_key_nothing_opens(everybody: House) -> None:
    prefix = (taken_back := staff.issue_key("Gone", SCOPES)).split("_")[1]
    staff.revoke_key(prefix)
    keys.forget()
    wrong = []
    for operation in OPERATIONS.values():
        for key in (None, "sb_wrong_wrong", taken_back):
            found = ask(Client(), operation, path_of(operation, everybody), key)
            wanted = 200 if operation.scope is None else 401
            if found.status != wanted:
                wrong.append(f"{operation.id} with {key}: {found.status}")
    assert wrong == []


def test_a_key_opens_its_own_scope_and_no_other(everybody: House) -> None:
    wrong = []
    for operation in OPERATIONS.values():
        if operation.scope is None:
            continue
        path = path_of(operation, everybody)
        others = staff.issue_key("All others", [one for one in SCOPES if one != operation.scope])
        if (status := ask(Client(), operation, path, others).status) != 403:
            wrong.append(f"{operation.id} with all scopes but its own: {status}")
        own = staff.issue_key("Its own", [operation.scope])
        if (status := ask(Client(), operation, path, own).status) in (401, 403) or status >= 500:
            wrong.append(f"{operation.id} with its own scope: {status}")
    assert wrong == []


def test_reading_changes_nothing_and_whose_answers_name_people_is_known(everybody: House, whole: str) -> None:
    before, wrong, named = sums(), [], set()
    for operation in OPERATIONS.values():
        if operation.method != "GET":
            continue
        found = ask(Client(), operation, path_of(operation, everybody), whole)
        if found.status >= 500:
            wrong.append(f"{operation.id}: {found.status}")
        if made := changed(before, found.rows):
            wrong.append(f"{operation.id} changes {made}")
        if any(mark in found.body for mark in everybody.anna.marks[:3]):
            named.add(operation.id)
    assert wrong == []
    assert {"getCustomer", "listCustomers", "listAddresses"} <= named <= SHOWS_PERSONS
    assert {RULES[one] for one in SHOWS_PERSONS} <= PERSONAL_SCOPES


def test_numbers_beyond_all_bounds_are_refused_and_break_nothing(everybody: House, whole: str) -> None:
    wrong = []
    for operation in OPERATIONS.values():
        for name in re.findall(r"{(?:int:)?(\w+)}", operation.path):
            for huge in HUGE:
                found = ask(Client(), operation, path_of(operation, everybody, **{name: huge}), whole)
                if found.status >= 500:
                    wrong.append(f"{operation.id} {name}={huge}: {found.status}")
    assert wrong == []


def test_a_body_may_hold_what_is_asked_for_and_nothing_besides(everybody: House, whole: str) -> None:
    """Nobody gives themselves a group, a price or a state by adding a field."""
    wrong = []
    for operation in OPERATIONS.values():
        if operation.asks is None:
            continue
        for body in (b'{"no_such_field": 1}', b"[" * 100_000, b"\x00", b'{"a":' * 50_000, b'"\\ud800"', b"1e999999"):
            found = knock(
                Client(), operation.method, path_of(operation, everybody), NOTHING, data=body,
                content_type="application/json",
                headers={"Authorization": f"Bearer {whole}", "Idempotency-Key": "the-matrix-asks"},
            )  # fmt: skip
            if not 400 <= found.status < 500:
                wrong.append(f"{operation.id} {body[:20]!r}: {found.status}")
    assert wrong == []
