"""The console's pages about tills: bringing devices in, PINs, drawers and their closings, sales that wait."""

import re
from uuid import UUID

import pytest

from samband.commerce.tills import commands, drawers, queries
from samband.flows.audit import audit
from samband.flows.take_in_sale import take_in
from samband.kernel.money import Money
from samband.staff import pins
from samband.staff.refusals import WrongPin
from tests.commerce import till as tills
from tests.commerce.till import FLOAT
from tests.console.counter import Counter
from tests.worlds import CUP, LAMP, PRICES, REYKJAVIK, small_world

pytestmark = pytest.mark.django_db
LAMP_PRICE = PRICES[LAMP]["ISK"]


@pytest.fixture
def till():
    small_world()
    return tills.till()


@pytest.fixture
def manager(till) -> Counter:
    return Counter("manager")


def code_on(page: str) -> str:
    (found,) = re.findall(r'class="secret"[^>]*>([^<]+)<', page)
    return found


def page_of(answer) -> str:
    return answer.content.decode()


def send(counter: Counter, at: str, **fields: str):
    counter.get(at)
    csrf = counter.client.cookies["csrftoken"].value
    return counter.client.post(at, {"csrfmiddlewaretoken": csrf, "key": str(tills.new_id()), **fields})


def test_a_device_is_brought_in_with_a_code_that_is_shown_once(manager) -> None:
    page = page_of(send(manager, "/console/tills/", deed="add", name="Till 7", location=REYKJAVIK, kind="pos"))
    device_id, _token = commands.enrol(code_on(page))
    assert queries.device(device_id).name == "Till 7"
    again = page_of(manager.get("/console/tills/"))
    assert 'class="secret"' not in again
    assert "Till 7" in again


@pytest.mark.django_db(transaction=True)
def test_a_device_is_renamed_given_another_code_and_revoked(manager, till) -> None:
    device = str(till.device_id)
    send(manager, "/console/tills/", deed="rename", device=device, name="By the door")
    assert till.device.name == "By the door"
    commands.enrol(code_on(page_of(send(manager, "/console/tills/", deed="code", device=device))))
    send(manager, "/console/tills/", deed="revoke", device=device)
    assert till.device.state == "revoked"
    refused = send(manager, "/console/tills/", deed="code", device=device)
    assert refused.status_code == 404


def test_sales_that_never_came_are_shown_beside_their_device(manager, till) -> None:
    take_in(till.device, till.sells((CUP, 1), sequence=1))
    take_in(till.device, till.sells((CUP, 1), sequence=4))
    assert "Missing: 2, 3" in page_of(manager.get("/console/tills/"))


def test_a_manager_gives_and_takes_pins_of_their_own_store_only(manager, till) -> None:
    at = f"/console/tills/people/?location={REYKJAVIK}"
    member = str(till.cashier_id)
    assert send(manager, at, deed="give", member=member, pin="1111").status_code == 422
    send(manager, at, deed="give", member=member, pin="9274")
    assert pins.sign_in_by_pin(REYKJAVIK, till.cashier_id, "9274", place="x").id == till.cashier_id
    abroad = tills.member(location="RIX")
    assert send(manager, at, deed="give", member=str(abroad), pin="9274").status_code == 404
    send(manager, at, deed="take", member=member)
    with pytest.raises(WrongPin):
        pins.sign_in_by_pin(REYKJAVIK, till.cashier_id, "9274", place="y")


def test_a_drawer_shows_its_report_and_what_came_to_light_afterwards(manager, till) -> None:
    told = till.sells((CUP, 1))
    drawers.close_drawer(till.drawer_id, Money(FLOAT + told["total"], "ISK"), till.cashier_id, "all there")
    take_in(till.device, told)
    page = page_of(manager.get(f"/console/tills/drawers/{till.drawer_id}/"))
    assert "Closing report (Z)" in page
    assert "after the closing" in page
    assert "all there" in page
    assert "Closing 1" in page_of(manager.get(f"/console/tills/drawers/?location={REYKJAVIK}"))


def test_a_drawer_whose_device_is_gone_is_closed_here(manager, till) -> None:
    commands.revoke(till.device_id)
    at = f"/console/tills/drawers/{till.drawer_id}/"
    assert send(manager, at, deed="close", counted="x").status_code == 422
    send(manager, at, deed="close", counted=str(FLOAT), note="device stolen")
    assert till.drawer.state == "closed"
    assert manager.get("/console/tills/drawers/00000000-0000-0000-0000-000000000007/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_sale_in_conflict_is_shown_in_words_and_decided(manager, till) -> None:
    first, second = (take_in(till.device, till.sells((LAMP, units))) for units in (6, 7))
    malformed = take_in(till.device, {"sale_id": "x"})
    at = f"/console/tills/conflicts/?location={REYKJAVIK}"
    page = page_of(manager.get(at))
    assert "6 were sold, and the books know of 5" in page
    assert "cannot be read" in page
    refused = send(manager, at, deed="accept", sale=malformed["kept_as"], correct="1")
    assert refused.status_code == 409
    send(manager, at, deed="accept", sale=first["kept_as"], correct="1", remark="counted")
    send(manager, at, deed="cancel", sale=second["kept_as"], refunded="1")
    send(manager, at, deed="cancel", sale=malformed["kept_as"])
    assert {queries.sale(UUID(one["kept_as"])).state for one in (first, second, malformed)} == {"accepted", "cancelled"}
    assert till.drawer.expected == Money(FLOAT + 6 * LAMP_PRICE, "ISK")
    assert "counted" in page_of(manager.get("/console/tills/conflicts/?location=all"))
    assert list(audit()) == []
