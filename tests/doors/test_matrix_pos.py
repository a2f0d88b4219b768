"""Every address of the till for every device and everybody who may stand at it, also with another store's things."""

import inspect
import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from samband.channels.pos import keys
from samband.channels.pos.urls import api
from samband.commerce.tills import commands
from samband.commerce.tills import queries as drawers
from samband.staff import commands as staff
from tests.commerce import till as tills
from tests.commerce.till import PIN, Till
from tests.doors.house import House, house
from tests.doors.knocking import NOTHING as UNSEEN
from tests.doors.knocking import Knocked, changed, knock, sums
from tests.doors.pos_rules import ALSO_REVOKED, DEVICE, NOTHING, OPENED_TO, PAGES, POS
from tests.doors.routes import routes
from tests.worlds import RIGA

ROLES = ("admin", "manager", "cashier", "merchandiser", "stock", "service", "analyst")
MOVING = {"tills_device", "tills_snapshot", "tills_snapshotitem"}
"""When a device was last seen is written down whenever it asks; prices are set down when the first asks for them."""
SELLERS = {"admin", "manager", "cashier"}
"""Nobody else is let in by their PIN."""


@pytest.fixture
def everybody(db, settings, tmp_path) -> House:
    settings.HOME = tmp_path
    return house()


@pytest.fixture
def till(everybody) -> Till:
    return tills.till()


@pytest.fixture
def elsewhere(everybody) -> Till:
    """A till in another store, where somebody stands."""
    device_id, token = tills.enrolled("Riga till", RIGA)
    cashier = tills.member(location=RIGA, name="Ilze")
    return Till(device_id, token, cashier, tills.opened(device_id, cashier, currency="EUR"), RIGA)


def at(token: str = "", member: UUID | None = None) -> Client:
    client = Client()
    if token:
        client.cookies[keys.DEVICE] = token
    if member:
        signed = client.post(
            "/pos/api/sign-in", json.dumps({"member_id": str(member), "pin": PIN}), content_type="application/json",
            headers={"X-Samband-Till": "1"},
        )  # fmt: skip
        assert signed.status_code in (200, 403), signed.content
    return client


def ask(client: Client, method: str, address: str, house: House, body: Any = None, **headers: str) -> Knocked:
    given = {"cart": house.anna.cart, "order": house.anna.shipped_id, "sale": uuid4()}
    path = "/pos/api/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: str(given[name[1]]), address)
    said = {"X-Samband-Till": "1", "Idempotency-Key": str(uuid4()), **headers}
    if method == "get":
        return knock(client, "GET", path, headers=said)
    return knock(
        client, "POST", path, UNSEEN, data=json.dumps({} if body is None else body), content_type="application/json",
        headers=said,
    )  # fmt: skip


ODD: tuple[Any, ...] = ({"no_such_field": 1}, [1], "text", {"lines": 10**30})


def everywhere() -> list[tuple[str, str, str]]:
    return [(address, method, needs) for address, methods in POS.items() for method, needs in methods.items()]


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    declared = {str(one.pattern): set(inspect.getclosurevars(one.callback).nonlocals["rules"]) for one in api}
    assert declared == {address: set(methods) for address, methods in POS.items()}
    ours = [one for one in routes() if one.written.startswith("pos/")]
    known = {f"pos/api/{address}" for address in POS}
    assert {one.name for one in ours if one.written not in known} <= PAGES


@pytest.mark.parametrize("token", ["", "forged", "revoked", "kiosk"])
def test_what_is_no_till_opens_nothing(token: str, everybody: House, till: Till) -> None:
    if token == "revoked":
        commands.revoke(till.device_id)
        token = till.token
    elif token == "kiosk":
        token = tills.enrolled("Kiosk", kind="kiosk")[1]
    wrong = []
    for address, method, needs in everywhere():
        found = ask(at(token), method, address, everybody)
        heard = needs == NOTHING or (token == till.token and address in ALSO_REVOKED)
        if (found.status == 401) == heard or found.status >= 500:
            wrong.append(f"{method} {address}: {found.status}")
    assert wrong == []


def test_a_till_at_which_nobody_stands_tells_little_and_sells_nothing(everybody: House, till: Till) -> None:
    wrong, before = [], sums()
    for address, method, needs in everywhere():
        found = ask(at(till.token), method, address, everybody)
        if (found.status in (401, 403)) != (needs not in (NOTHING, DEVICE)) or found.status >= 500:
            wrong.append(f"{method} {address}: {found.status}")
        if told := [mark for mark in everybody.anna.marks if mark in found.body]:
            wrong.append(f"{method} {address} tells {told}")
        if method == "get" and (made := changed(before, found.rows) - MOVING):
            wrong.append(f"{method} {address} changes {made}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_at_a_till_what_it_may(role: str, everybody: House, till: Till) -> None:
    client, wrong = at(till.token, tills.member(role)), []
    for address, method, needs in everywhere():
        found = ask(client, method, address, everybody)
        lets_in = needs in (NOTHING, DEVICE) or (role in SELLERS and role in OPENED_TO[needs])
        if address in ("enrol", "sign-in"):
            continue
        if (found.status in (401, 403)) == lets_in or found.status >= 500:
            wrong.append(f"{method} {address}: {found.status}")
    assert wrong == []


def test_looking_changes_nothing(everybody: House, till: Till) -> None:
    client, before, wrong = at(till.token, tills.member("manager")), sums(), []
    for address, method, _needs in everywhere():
        if method == "get" and (made := changed(before, ask(client, method, address, everybody).rows) - MOVING):
            wrong.append(f"{address} changes {made}")
    assert wrong == []


def test_whoever_is_let_in_no_more_sells_nothing_from_that_moment_on(everybody: House, till: Till) -> None:
    member = tills.member("manager")
    client = at(till.token, member)
    assert ask(client, "get", "drawer", everybody).status == 200
    from samband.staff.models import Member

    staff.deactivate(Member.objects.get(pk=member).email)
    for address, method, needs in everywhere():
        if needs not in (NOTHING, DEVICE):
            assert ask(client, method, address, everybody).status == 401, address


def test_somebody_of_another_store_is_nobody_here(everybody: House, till: Till, elsewhere: Till) -> None:
    theirs = at(elsewhere.token, elsewhere.cashier_id)
    theirs.cookies[keys.DEVICE] = till.token
    for address, method, needs in everywhere():
        if needs not in (NOTHING, DEVICE):
            assert ask(theirs, method, address, everybody).status == 401, address


def test_what_belongs_to_one_store_another_neither_sees_nor_changes(
    everybody: House, till: Till, elsewhere: Till
) -> None:
    theirs = at(elsewhere.token, elsewhere.cashier_id)
    anna = everybody.anna
    assert str(till.drawer_id) not in ask(theirs, "get", "drawers", everybody).body
    assert anna.picked_up not in ask(theirs, "get", "pickups", everybody).body
    assert ask(theirs, "post", "drawer/join", everybody, {"drawer_id": str(till.drawer_id)}).status in (404, 409)
    wanted = {"code": "123456", "fulfillment_id": str(anna.pickup)}
    assert ask(theirs, "post", "pickups/hand-over", everybody, wanted).status == 404
    sold = drawers.drawer(till.drawer_id)
    for address in ("receipt", "receipt.escpos"):
        found = ask(theirs, "get", f"orders/{anna.shipped_id}/{address}", everybody)
        assert found.status in (404, 409)
        assert not any(mark in found.body for mark in anna.marks[:3])
    for deed in ("status", "call-off", "link"):
        assert ask(theirs, "post", f"orders/{anna.shipped_id}/{deed}", everybody).status in (404, 409)
    assert drawers.drawer(till.drawer_id) == sold


def test_a_page_of_another_site_cannot_have_a_till_do_anything(everybody: House, till: Till) -> None:
    """Its form bears the strict cookies nowhere, and a header of ours never."""
    client = at(till.token, till.cashier_id)
    for address, method, _needs in everywhere():
        if method == "post":
            found = ask(client, method, address, everybody, **{"X-Samband-Till": ""})
            assert (found.status, json.loads(found.body)["code"]) == (403, "till_header_missing"), address


def test_what_is_sent_is_of_the_shape_asked_for_or_refused(everybody: House, till: Till) -> None:
    client, wrong = at(till.token, tills.member("manager")), []
    for address, method, _needs in everywhere():
        if method != "post":
            continue
        for body in (*ODD, {"amount": {"amount": 2**63, "currency": "ISK"}, "reason": "float"}):
            found = ask(client, method, address, everybody, body)
            if found.status >= 500:
                wrong.append(f"{address} {body}: {found.status}")
    assert wrong == []
