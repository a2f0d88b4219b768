"""Tills and programs leave their trace in the record of who did and saw what."""

from uuid import uuid4

import pytest

from samband.channels.api.door import DOORS  # noqa: F401  declares every operation
from samband.channels.api.operations import OPERATIONS
from samband.staff import recorded
from samband.staff.recorded import Asked, Noted
from tests.channels.till_client import TillClient
from tests.commerce import till as tills
from tests.commerce.till import FLOAT

ANNA = {"email": "Anna@Example.com", "name": "Anna Jónsdóttir", "market": "IS", "language": "is"}


def notes(**asked: object) -> list[Noted]:
    return list(recorded.found(Asked(**asked), None, 100))  # type: ignore[arg-type]


def test_what_a_program_reads_and_changes_of_a_person_is_noted_by_its_key(api):
    anna = api.post("/customers", ANNA).body["id"]
    api.get(f"/customers/{anna}")
    api.patch(f"/customers/{anna}", {"name": "Anna Karlsdóttir"})
    prefix = api.key.split("_")[1]
    about = notes(about=[f"customer:{anna}"])
    assert [(one.actor, one.door, one.outcome, one.deed) for one in reversed(about)] == [
        (f"key:{prefix}", "api", "saw", "getCustomer"),
        (f"key:{prefix}", "api", "did", "changeCustomer"),
    ]
    assert not any("Anna" in str(one) for one in notes())


def test_goods_and_prices_cost_no_note(api):
    api.get("/products")
    api.get("/markets")
    assert [one for one in notes() if one.door == "api"] == []


def test_every_operation_that_opens_people_is_recorded():
    told = {one.id for one in OPERATIONS.values() if one.personal}
    assert {one.id for one in OPERATIONS.values() if one.path.startswith("/customers/")} <= told
    assert {one.id for one in OPERATIONS.values() if one.scope and one.scope.startswith("privacy:")} <= told


@pytest.fixture
def at_till(world) -> TillClient:
    return TillClient(tills.till()).sign_in()


@pytest.mark.django_db(transaction=True)
def test_a_till_notes_pins_drawers_and_whom_the_cashier_looked_up(at_till):
    drawer = str(uuid4())
    at_till.post("drawer/open", {"drawer_id": drawer, "float": {"amount": FLOAT, "currency": "ISK"}})
    at_till.post("customers/find", {"by": "nobody@customer.example"})
    at_till.post("orders/" + str(uuid4()) + "/call-off")
    cashier, device = f"member:{at_till.till.cashier_id}", f"device:{at_till.till.device_id}"
    told = notes(about=[device])
    assert [(one.actor, one.deed, one.outcome, one.code) for one in reversed(told)] == [
        ("nobody", "pin", "did", ""),
        (cashier, "drawers.open_drawer", "refused", "drawer_open"),
        (cashier, "carts.find", "saw", ""),
        (cashier, "paying.call_off", "refused", "order_not_found"),
    ]
    assert f"drawer:{drawer}" in told[2].about
    assert "nobody@" not in str(told)
