"""Codes in the store: made in rows, printed, switched off and renewed; and the way from here to board and door."""

import re

import pytest
from django.test import Client

from samband.commerce.spots import commands, queries, station_keys
from samband.commerce.spots.commands import SpotDraft
from samband.commerce.spots.refusals import CodeOld
from samband.staff import commands as staff
from tests.console.counter import Counter
from tests.worlds import CUP, LAMP, REYKJAVIK, RIGA

HERE = f"/console/spots/?location={REYKJAVIK}"


def made(*codes: str, location: str = REYKJAVIK) -> dict[str, queries.SpotView]:
    commands.make(location, [SpotDraft(code=code, kind="table", name=code) for code in codes])
    return {one.code: one for one in queries.spots(location)}


def test_a_row_of_tables_is_made_at_once_and_twice_is_once(admin):
    admin.twice(HERE, "make", kind="table", name="Table", first="1", last="12", category="cafe")
    spots = queries.spots(REYKJAVIK)
    assert [one.code for one in spots] == [f"table-{number}" for number in range(1, 13)]
    assert {(one.kind, one.category) for one in spots} == {("table", "cafe")}
    told = admin.told(admin.do(HERE, "make", kind="table", name="Table", first="1", last="12"))
    assert "They are all there already." in told


def test_a_shelf_is_made_with_its_gtin_and_gets_other_goods(admin):
    admin.told(admin.do(HERE, "make", kind="shelf", name="Sofas", code="corner", sku="5690000000015"))
    (one,) = queries.spots(REYKJAVIK)
    assert (one.code, one.sku) == ("corner", "SOFA-GREY")
    admin.told(admin.do(HERE, "point", {"spot": str(one.number)}, sku=LAMP))
    assert queries.spot(one.number).sku == LAMP


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "shelf", "name": "Shelf"},
        {"kind": "shelf", "name": "Shelf", "sku": "NOBODYS"},
        {"kind": "kitchen", "name": "Kitchen"},
        {"kind": "table", "name": ""},
        {"kind": "table", "name": "Table", "first": "7", "last": "3"},
        {"kind": "table", "name": "Table", "first": "1", "last": "900"},
        {"kind": "table", "name": "Table", "first": "one"},
        {"kind": "table", "name": "Table", "code": "Ταμπλέτα"},
        {"kind": "table", "name": "x" * 51},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(admin, fields):
    answer = admin.do(HERE, "make", **fields)
    assert answer.status_code == 422
    assert queries.spots(REYKJAVIK) == ()


def test_a_new_code_makes_the_old_one_useless(admin):
    one = made("table-1")["table-1"]
    before = queries.code_of(one)
    admin.twice(HERE, "rotate", {"spot": str(one.number)})
    assert queries.spot(one.number).edition == 2
    with pytest.raises(CodeOld):
        queries.scanned(before)


def test_a_code_is_switched_off_and_is_not_printed_any_more(admin):
    one = made("table-1", "table-2")["table-1"]
    assert "Switched off" in admin.told(admin.do(HERE, "revoke", {"spot": str(one.number)}))
    with pytest.raises(CodeOld):
        queries.scanned(queries.code_of(one))
    sheet = admin.words(admin.get(f"/console/spots/print/?location={REYKJAVIK}"))
    assert "table-2" in sheet
    assert "table-1" not in sheet


def test_the_sheet_draws_each_code_and_says_what_it_is_for_in_the_stores_language(admin):
    made("table-1", "table-2")
    commands.make(REYKJAVIK, [SpotDraft(code="cups", kind="shelf", name="Cups", sku=CUP)])
    page = admin.get(f"/console/spots/print/?location={REYKJAVIK}&kind=table")
    source = page.content.decode()
    assert source.count('class="spot-code"') == 2
    assert source.count('<p lang="is"') == 2
    assert source.count('<p lang="en" class="second"') == 2
    one = made("table-1")["table-1"]
    single = admin.get(f"/console/spots/print/?location={REYKJAVIK}&spot={one.number}").content.decode()
    assert single.count('class="spot-code"') == 1
    assert "style=" not in source


def test_a_screen_is_not_printed(admin):
    commands.make(REYKJAVIK, [SpotDraft(code="bar", kind="seat", name="Bar", on_screen=True)])
    assert "There is nothing to print." in admin.words(admin.get(f"/console/spots/print/?location={REYKJAVIK}"))


def test_the_number_of_today_is_shown_and_can_be_another(admin):
    word = queries.word_of_the_day(REYKJAVIK, "Atlantic/Reykjavik")
    assert word in admin.words(admin.get(HERE))
    told = admin.told(admin.do(HERE, "turn"))
    assert word not in told
    assert queries.word_of_the_day(REYKJAVIK, "Atlantic/Reykjavik") in told


def test_nobody_touches_another_stores_places_from_here(admin):
    one = made("table-1", location=RIGA)["table-1"]
    form = admin.form(HERE, "make") | {"deed": "revoke", "spot": str(one.number)}
    assert admin.client.post(HERE, form).status_code == 404
    assert queries.spot(one.number).revoked_at is None


def test_the_board_opens_from_here_for_a_day_and_for_as_long_as_they_work_here(admin):
    answer = admin.do(HERE, "station", {"station": "board"})
    assert answer.status_code == 303
    browser = Client()
    opened = browser.get(answer.headers["Location"])
    assert opened.headers["Location"] == "/kiosk/board/"
    assert browser.get("/kiosk/board/").status_code == 200
    assert browser.get("/kiosk/door/").status_code == 403
    staff.add_member("other@samband.example", "Other", "admin", "a-long-enough-word-2026")
    staff.deactivate("admin@samband.example")
    assert browser.get("/kiosk/board/").status_code == 403


def test_a_key_that_is_forged_or_of_another_salt_opens_no_station(admin):
    answer = admin.do(HERE, "station", {"station": "door"})
    key = re.search(r"/kiosk/station/([^/]+)/", answer.headers["Location"])[1]
    given = station_keys.read(key, station_keys.HANDED_OUT)
    for wrong in (key[:-1] + ("a" if key[-1] != "a" else "b"), station_keys.sign(given, station_keys.KEPT), "nothing"):
        assert Client().get(f"/kiosk/station/{wrong}/").status_code == 403
    browser = Client()
    browser.cookies["samband_station_door"] = key
    assert browser.get("/kiosk/door/").status_code == 403


def test_whoever_may_not_open_pickups_opens_no_board(world):
    figures = Counter("analyst")
    assert figures.get(HERE).status_code == 403
