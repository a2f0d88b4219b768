"""The store's phones and stations, notices of others, and capture: who may come in, and who may not."""

import re
from uuid import UUID

import msgspec
import pytest
from django.test import Client

from samband.channels.capture.door import CALLS
from samband.channels.capture.door import Door as Capture
from samband.channels.capture.keys import Keys
from samband.channels.capture.storing import alone
from samband.commerce.spots import station_keys
from samband.commerce.spots.station_keys import HANDED_OUT, StationKey
from samband.staff import commands as staff
from tests.channels.phone import make_spots
from tests.commerce import till as tills
from tests.doors.house import House, house
from tests.doors.knocking import Knocked, changed, knock, sums
from tests.doors.routes import routes
from tests.doors.store_rules import (
    ANYBODY,
    BOARD,
    CODE,
    DOOR,
    KEY,
    NOTICES,
    OWNER,
    REFERENCE,
    SCREEN,
    SIGNED,
    STORE,
    VISIT,
)  # fmt: skip
from tests.worlds import REYKJAVIK, RIGA

STATIONS = (BOARD, DOOR, SCREEN)


@pytest.fixture
def everybody(db, settings, tmp_path) -> House:
    settings.HOME = tmp_path
    built = house()
    make_spots(REYKJAVIK)
    make_spots(RIGA)
    return built


def path_of(written: str, house: House) -> str:
    given = {
        "token": "forged", "key": "forged", "sku": "CUP", "number": house.anna.picked_up, "spot": "1",
        "provider": "sandbox", "carrier": "sandbox", "source": "nothing", "reference": "nothing",
    }  # fmt: skip
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: given[name[1]], written)


def both(client: Client, written: str, house: House) -> list[Knocked]:
    """Looking and sending, with Anna's ids."""
    path = path_of(written, house)
    sent = {"sku": "CUP", "quantity": "1", "touched": f"ready:{house.anna.pickup}", "exit_pass": str(house.anna.pickup)}
    ids = house.anna.ids
    return [knock(client, "GET", path, ids), knock(client, "POST", path, ids, data={**sent, "token": "forged"})]


def at_station(kind: str, by: UUID, location: str = REYKJAVIK) -> Client:
    client = Client()
    key = station_keys.sign(StationKey(kind, location, by, "en", 1), HANDED_OUT)
    assert client.get(f"/kiosk/station/{key}/").status_code == 303
    return client


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    ours = [one.written for one in routes() if one.view.__module__.startswith("samband.channels.kiosk.")]
    assert sorted(ours) == sorted(STORE)
    hooks = [one.written for one in routes() if one.view.__module__.startswith("samband.channels.hooks.")]
    assert sorted(hooks) == sorted(NOTICES)


@pytest.mark.parametrize("who", ["nobody", "bjorn"])
def test_a_phone_without_a_visit_and_a_stranger_get_nothing(who: str, everybody: House) -> None:
    client = Client() if who == "nobody" else everybody.bjorn.browser.client
    before, wrong = sums(everybody.anna.ids), []
    wanted = {
        ANYBODY: {200, 303, 405, 422, 403}, VISIT: {303, 405, 409}, OWNER: {404, 405}, CODE: {404, 405, 422},
        KEY: {403, 405}, BOARD: {403, 405}, DOOR: {403, 405}, SCREEN: {403, 405},
    }  # fmt: skip
    for written, needs in STORE.items():
        for knocked in both(client, written, everybody):
            if knocked.status not in wanted[needs]:
                wrong.append(f"{written}: {knocked.status}")
            if told := [one for one in everybody.anna.marks[:3] if one in knocked.body]:
                wrong.append(f"{written} tells {told}")
            if touched := changed(before, knocked.rows):
                wrong.append(f"{written} lets touch {touched}")
    assert wrong == []


def test_whoever_placed_an_order_sees_it_in_the_store_as_well(everybody: House) -> None:
    path = path_of("kiosk/order/<slug:number>/", everybody)
    assert knock(everybody.anna.browser.client, "GET", path).status == 200


@pytest.mark.parametrize("kind", STATIONS)
def test_a_station_is_for_what_it_is_and_for_its_own_store(kind: str, everybody: House) -> None:
    client, wrong = at_station(kind, tills.member("stock")), []
    for written, needs in STORE.items():
        if needs in STATIONS:
            lets_in = any(one.status not in (403, 405) for one in both(client, written, everybody))
            if lets_in != (needs == kind):
                wrong.append(f"{written} for {kind}: {lets_in}")
    assert wrong == []


def test_a_board_of_another_store_takes_no_order_of_this_one_on(everybody: House) -> None:
    client = at_station(BOARD, tills.member("stock", RIGA), RIGA)
    before = sums(everybody.anna.ids)
    for step in ("begin", "ready", "served"):
        sent = {"touched": f"{step}:{everybody.anna.pickup}"}
        knocked = knock(client, "POST", "/kiosk/board/step/", everybody.anna.ids, data=sent)
        assert knocked.status == 404
        assert not changed(before, knocked.rows)


@pytest.mark.parametrize("role", ["merchandiser", "analyst"])
def test_whoever_may_not_hand_over_stands_at_no_station(role: str, everybody: House) -> None:
    member = tills.member(role)
    key = station_keys.sign(StationKey(BOARD, REYKJAVIK, member, "en", 0), HANDED_OUT)
    assert Client().get(f"/kiosk/station/{key}/").status_code == 403


def test_whoever_is_let_in_no_more_stands_there_no_more(everybody: House) -> None:
    from samband.staff.models import Member

    member = tills.member("stock")
    client = at_station(BOARD, member)
    assert client.get("/kiosk/board/").status_code == 200
    staff.deactivate(Member.objects.get(pk=member).email)
    assert client.get("/kiosk/board/").status_code == 403


def test_a_notice_that_nobody_signed_is_not_heard(everybody: House) -> None:
    before, wrong = sums(), []
    for written, needs in NOTICES.items():
        path = path_of(written, everybody)
        looked = knock(Client(), "GET", path)
        if looked.status != (405 if needs == SIGNED else 404) or changed(before, looked.rows):
            wrong.append(f"GET {written}: {looked.status}")
        for body in (b"", b"{}", b"[" * 10_000, b"\x00\xff", b'{"id": 1, "type": "payment.captured"}'):
            sent = knock(Client(), "POST", path, data=body, content_type="application/json")
            if not 400 <= sent.status < 500 or changed(before, sent.rows):
                wrong.append(f"POST {written} {body[:10]!r}: {sent.status}")
    assert wrong == []
    assert REFERENCE in NOTICES.values()


def test_capture_takes_nothing_without_a_key_of_a_source(everybody: House) -> None:
    door, before = Capture(alone, Keys(), lambda: "https://shop.example"), sums()
    for call in (*CALLS, "projects/nothing/settings", "m", "nothing"):
        for key in ("", "nothing"):
            status, headers = asked(door, call, key)
            assert status in ({200} if call == "m" else {400, 401, 404, 405}), (call, status)
            assert headers.get("Access-Control-Allow-Credentials") is None
    assert changed(before, sums()) == set()


def asked(door: Capture, call: str, key: str) -> tuple[int, dict[str, str]]:
    said = {}
    body = msgspec.json.encode({"writeKey": key, "batch": [], "event": "E", "anonymousId": "a", "type": "track"})

    class Input:
        def read(self, _most: int = -1) -> bytes:
            nonlocal body
            sent, body = body, b""
            return sent

    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": f"/v1/{call}", "CONTENT_LENGTH": str(len(body)), "wsgi.input": Input(),
        "CONTENT_TYPE": "application/json", "HTTP_ORIGIN": "https://elsewhere.example", "QUERY_STRING": "",
    }  # fmt: skip
    b"".join(door(environ, lambda status, headers: said.update(status=int(status[:3]), headers=dict(headers))))
    return said["status"], said["headers"]
