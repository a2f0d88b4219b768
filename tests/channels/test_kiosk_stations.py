"""The staff's screens in the store: opened from the console or by a device of their own, and what each shows."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from samband.channels import kiosk as kiosk_door
from samband.channels.kiosk.refusal_texts import ADVICE, TEXTS, TITLES, said
from samband.commerce.spots import queries, station_keys
from samband.commerce.spots.station_keys import HANDED_OUT, StationKey
from samband.commerce.tills import commands as tills
from samband.kernel.clock import held_at
from samband.kernel.refusal import KNOWN
from samband.staff import commands as staff
from tests.channels.phone import NOON, Phone, make_spots, store_with_spots
from tests.worlds import REYKJAVIK, RIGA


@pytest.fixture
def spots(world):
    with held_at(NOON):
        yield store_with_spots()


def member(role: str = "stock") -> UUID:
    return staff.add_member(f"{role}@samband.example", "Anna", role, "a-long-enough-word-2026", location=RIGA).id


def opened(station: str, by: UUID, spot: int = 0, location: str = RIGA) -> Client:
    browser = Client()
    key = station_keys.sign(StationKey(station, location, by, "en", spot), HANDED_OUT)
    assert browser.get(f"/kiosk/station/{key}/").status_code == 303
    return browser


def enrolled(kind: str) -> tuple[Phone, UUID]:
    device_id = tills.new_device("Somewhere", RIGA, kind)
    phone = Phone()
    phone.send("/kiosk/enrol/", code=tills.enrolment_code(device_id))
    assert phone.status == 303, phone.page
    return phone, device_id


@pytest.mark.parametrize(("kind", "path"), [("board", "/kiosk/board/"), ("door", "/kiosk/door/")])
def test_a_device_of_its_own_is_enrolled_once_and_opens_what_it_is_for(spots, kind, path):
    phone, device_id = enrolled(kind)
    assert phone.went_to == path
    assert phone.follow().status == 200
    for other in {"/kiosk/board/", "/kiosk/door/", "/kiosk/screens/"} - {path}:
        assert phone.get(other).status == 403
    tills.revoke(device_id)
    assert phone.get(path).status == 403


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_enrols_nothing(spots):
    phone = Phone()
    phone.send("/kiosk/enrol/", code="AAAA-AAAA")
    assert phone.status == 403
    assert phone.get("/kiosk/board/").status == 403


def test_a_device_for_screens_chooses_where_it_stands(spots):
    phone, _ = enrolled("kiosk")
    assert phone.went_to == "/kiosk/screens/"
    phone.follow()
    assert phone.says("Table 7")
    assert phone.get(f"/kiosk/screen/{spots['table-7'].number}/").says("Table 7")
    there = make_spots(REYKJAVIK)["table-7"]
    assert phone.get(f"/kiosk/screen/{there.number}/").status == 404


def test_a_screen_shows_the_code_of_this_minute_and_is_sent_another_only_then(spots):
    bar = spots["bar-1"]
    screen = opened("screen", member(), bar.number)
    now = f"/kiosk/screen/{bar.number}/now/"
    first = screen.get(now)
    assert 'class="k-qr"' in first.content.decode()
    assert screen.get(now, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with held_at(NOON + timedelta(minutes=1)):
        assert screen.get(now, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_screen_beside_a_code_on_paper_shows_the_number_of_today(spots):
    table = spots["table-7"]
    screen = opened("screen", member(), table.number)
    assert queries.word_of_the_day(RIGA, "Europe/Riga") in screen.get(f"/kiosk/screen/{table.number}/").content.decode()
    assert screen.get(f"/kiosk/screen/{spots['table-9'].number}/").status_code == 404


def test_a_key_from_the_console_is_good_for_a_minute_and_no_role_gets_further_than_its_own(spots):
    figures = member("analyst")
    key = station_keys.sign(StationKey("board", RIGA, figures, "en"), HANDED_OUT)
    assert Client().get(f"/kiosk/station/{key}/").status_code == 403


def test_a_board_speaks_the_language_of_whoever_opened_it(spots):
    somebody = member()
    browser = Client()
    key = station_keys.sign(StationKey("board", RIGA, somebody, "el"), HANDED_OUT)
    browser.get(f"/kiosk/station/{key}/")
    assert '<html lang="el">' in browser.get("/kiosk/board/").content.decode()
    assert '<html lang="pl">' in browser.get("/kiosk/board/?language=pl").content.decode()


# --- words


def called_flows() -> tuple[str, ...]:
    """The flows that the kiosk's own files call."""
    files = Path(kiosk_door.__file__).parent.glob("*.py")
    found = {
        name for path in files for name in re.findall(r"from samband\.flows(?:\.| import )(\w+)", path.read_text())
    }
    return tuple(f"samband.flows.{name}" for name in sorted(found))


def test_whatever_a_phone_may_be_refused_is_worded():
    ours = (*called_flows(), "samband.commerce.spots", "samband.commerce.cart", "samband.channels.kiosk")
    met = {kind.code for kind in KNOWN.values() if kind.__module__.startswith(ours)}
    never = {"invalid_spot", "no_such_market", "not_filled_in", "handover_refused", "not_secured"}
    assert sorted(met - set(TEXTS) - never) == []
    assert set(TITLES) | set(ADVICE) <= set(TEXTS)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_sentence_can_be_said_with_any_details_or_none(code):
    for details in ({}, {"left": 3, "most": 9, "tries_left": 1, "asked": True, "field": "number", "reason": "x"}):
        told = said(code, details)
        assert told.endswith((".", "?"))
        assert code not in told
