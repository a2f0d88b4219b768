"""A code is scanned in the store: what it opens, for whom, and how politely it is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as inventory_queries
from samband.commerce.pricing import commands as pricing
from samband.commerce.spots import codes, commands, queries
from samband.commerce.spots.commands import SpotDraft
from samband.flows.arrive import closing, opens_next
from samband.kernel.clock import held_at
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from samband.timeline.models import Entry
from tests.channels.phone import NOON, PLACE, Phone, make_spots, store_with_spots
from tests.channels.shopper import Shopper
from tests.worlds import CUP, REYKJAVIK, RIGA


@pytest.fixture
def spots(world):
    with held_at(NOON):
        yield store_with_spots()


@pytest.fixture
def phone(spots) -> Phone:
    return Phone()


def code(spot) -> str:
    return queries.code_of(spot)


def visits() -> int:
    return Entry.objects.filter(name="spots.VisitOpened").count()


# --- what a shelf says


def test_a_shelf_tells_price_stock_here_and_around_and_how_to_have_it(phone, spots):
    phone.scan(code(spots["shelf-1"]))
    assert phone.status == 200
    for told in ("Cup", "€9.90", "Plenty here", "including €1.72 VAT (21%)", "Take it along", "Have it sent"):
        assert phone.says(told), told
    assert phone.says("Samband RVK")
    assert phone.says("You have 30 days to bring it back.")
    assert visits() == 0


def test_few_and_none_are_told_as_they_are(phone, spots):
    inventory.adjust(RIGA, (Position(RIGA, CUP, -17),), "damaged", "")
    assert phone.scan(code(spots["shelf-1"])).says("3 here")
    inventory.adjust(RIGA, (Position(RIGA, CUP, -3),), "damaged", "")
    assert phone.scan(code(spots["shelf-1"])).says("None here now")
    assert phone.says("There is none left here at the moment.")


def test_the_price_before_a_reduction_stands_beside_it(phone, spots):
    pricing.save_price_list("eur-sale", "EUR", priority=5, valid_until=NOON + timedelta(days=5), names={"en": "Sale"})
    pricing.set_prices("eur-sale", {CUP: 790})
    phone.scan(code(spots["shelf-1"]))
    assert phone.says("€7.90 instead of €9.90")


def test_a_shelf_whose_goods_are_not_sold_any_more_says_so(phone, spots):
    commands.make(RIGA, [SpotDraft(code="shelf-2", kind="shelf", name="Gone", sku="GONE")])
    gone = next(one for one in queries.spots(RIGA) if one.code == "shelf-2")
    assert phone.scan(code(gone)).status == 404
    assert phone.says("This product is not sold here, or not any more.")


def test_the_shelf_leads_into_the_web_cart_of_its_market(phone, spots):
    phone.scan(code(spots["shelf-1"]))
    assert 'action="/en-lv/cart/add/"' in phone.source
    phone.send("/en-lv/cart/add/", sku=CUP, quantity=1)
    assert phone.went_to == f"/en-lv/cart/?added={CUP}"


# --- codes that are no good


def test_a_code_that_we_did_not_write_opens_nothing(phone, spots):
    token = code(spots["table-7"])
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-2], "nothing", "x" * 500, "%00", "é"):
        phone.scan(wrong)
        assert phone.status == 404, wrong
        assert phone.says("We do not know this code"), wrong
        assert phone.says("Please scan the code in the store once more."), wrong


def test_a_code_from_before_the_last_edition_is_politely_refused(phone, spots):
    old = code(spots["table-7"])
    commands.rotate(spots["table-7"].number)
    phone.scan(old)
    assert phone.status == 410
    assert phone.says("This code is out of use")
    phone.send("/kiosk/arrive/", token=old, word=queries.word_of_the_day(RIGA, "Europe/Riga"))
    assert phone.status == 410
    assert visits() == 0


def test_a_spot_that_was_switched_off_opens_nothing(phone, spots):
    commands.revoke(spots["door-1"].number)
    assert phone.scan(code(spots["door-1"])).status == 410


def test_a_photograph_of_a_screen_is_of_no_use_a_few_minutes_later(phone, spots):
    token = code(spots["bar-1"])
    assert phone.scan(token).says("See the menu")
    with held_at(NOON + timedelta(minutes=4)):
        assert phone.scan(token).status == 410
        assert phone.says("This code has run out")
        assert phone.send("/kiosk/arrive/", token=token).status == 410
    assert visits() == 0


def test_a_code_of_a_moment_to_come_is_refused(phone, spots):
    with held_at(NOON + timedelta(minutes=30)):
        early = code(spots["bar-1"])
    assert phone.scan(early).status == 409
    assert phone.says("This code is too new")


def test_paper_does_not_do_where_there_is_a_screen(phone, spots):
    phone.scan(codes.printed(spots["bar-1"].number, 1))
    assert phone.status == 409
    assert phone.says("The code is on the screen here")


def test_an_exit_pass_is_no_place(phone, spots):
    phone.send("/kiosk/arrive/", token=codes.exit_pass(new_id()), word="12345")
    assert phone.status == 409
    assert visits() == 0


# --- being there


def test_the_word_of_the_day_opens_a_visit_that_is_bound_to_this_browser(phone, spots):
    phone.arrive(spots["table-7"])
    assert (phone.status, phone.went_to) == (303, "/kiosk/menu/")
    assert phone.follow().says("What may we bring you?")
    cookie = phone.client.cookies["samband_visit"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Phone().get("/kiosk/menu/").status == 409
    assert Phone().get("/kiosk/").says("Point your camera at a code")


def test_a_visit_that_somebody_makes_up_is_none(phone, spots):
    phone.client.cookies["samband_visit"] = f"{new_id()}:forged"
    assert phone.get("/kiosk/menu/").status == 409
    assert phone.says("Scan a code to go on")


def test_a_wrong_word_says_how_often_it_can_still_be_tried_and_then_not_any_more(phone, spots):
    token = code(spots["table-7"])
    phone.send("/kiosk/arrive/", token=token, word="00000")
    assert phone.status == 403
    assert phone.says("That is not today's number. You can try 9 more times.")
    for _ in range(9):
        phone.send("/kiosk/arrive/", token=token, word="00000")
    phone.arrive(spots["table-7"])
    assert phone.status == 429
    assert visits() == 0
    near = {"latitude": PLACE[0], "longitude": PLACE[1], "accuracy": 20}
    assert phone.send("/kiosk/arrive/", token=token, **near).status == 303


def test_yesterdays_word_is_of_no_use(phone, spots):
    word = queries.word_of_the_day(RIGA, "Europe/Riga")
    with held_at(NOON + timedelta(days=1)):
        assert phone.arrive(spots["table-7"], word=word).status == 403


def test_a_phone_near_the_store_needs_no_word_and_its_place_is_kept_nowhere(phone, spots):
    phone.arrive(spots["door-1"], latitude=PLACE[0] + 0.001, longitude=PLACE[1], accuracy=30)
    assert (phone.status, phone.went_to) == (303, "/kiosk/scan/")
    told = Entry.objects.get(name="spots.VisitOpened").payload
    assert told["presence"] == "nearby"
    assert not {"latitude", "longitude"} & set(told)


@pytest.mark.parametrize(
    "proof",
    [
        {"latitude": "64.1442", "longitude": "-21.9206", "accuracy": "10"},
        {"latitude": str(PLACE[0]), "longitude": str(PLACE[1]), "accuracy": "9000"},
        {"word": ""},
        {},
    ],
)
def test_a_phone_elsewhere_is_asked_for_the_word(phone, spots, proof):
    phone.send("/kiosk/arrive/", token=code(spots["table-7"]), **proof)
    assert phone.status == 403
    assert phone.says("today's number")
    assert visits() == 0


@pytest.mark.parametrize(
    "proof",
    [
        {"latitude": "nan", "longitude": "24", "accuracy": "1"},
        {"latitude": "91", "longitude": "24", "accuracy": "1"},
        {"latitude": "56", "longitude": "inf", "accuracy": "1"},
        {"latitude": "56", "longitude": "24", "accuracy": ""},
        {"latitude": "x" * 99, "longitude": "24", "accuracy": "1"},
        {"word": "1\x002"},
        {"word": "1" * 400},
    ],
)
def test_what_is_no_proof_at_all_is_refused(phone, spots, proof):
    phone.send("/kiosk/arrive/", token=code(spots["table-7"]), **proof)
    assert phone.status == 422
    assert visits() == 0


def test_a_code_from_a_screen_is_proof_enough(phone, spots):
    phone.send("/kiosk/arrive/", token=code(spots["bar-1"]))
    assert (phone.status, phone.went_to) == (303, "/kiosk/menu/")


def test_who_is_in_the_store_moves_to_another_table_without_being_asked_again_and_the_basket_comes_along(phone, spots):
    phone.arrive(spots["table-7"])
    phone.send("/kiosk/menu/dish/", sku="CAKE", quantity=2)
    phone.scan(code(spots["table-9"]))
    assert phone.says("See the menu")
    phone.send("/kiosk/arrive/", token=code(spots["table-9"]))
    assert phone.follow().says("Table 9")
    assert phone.get("/kiosk/basket/").says("€9.80")


def test_being_in_one_store_is_no_proof_for_another(phone, spots):
    phone.arrive(spots["table-7"])
    there = make_spots(REYKJAVIK)["table-7"]
    assert phone.send("/kiosk/arrive/", token=code(there)).status == 403


def test_a_visit_does_not_get_longer_by_moving(phone, spots):
    phone.arrive(spots["table-7"])
    with held_at(NOON + timedelta(hours=3)):
        phone.send("/kiosk/arrive/", token=code(spots["table-9"]))
    with held_at(NOON + timedelta(hours=4)):
        assert phone.get("/kiosk/menu/").status == 409


def test_a_visit_ends_after_some_hours_and_when_they_leave(phone, spots):
    phone.arrive(spots["table-7"])
    with held_at(NOON + timedelta(hours=4)):
        assert phone.get("/kiosk/menu/").status == 409
        assert phone.touch("/kiosk/basket/line/", sku="CAKE", quantity=1).went_to == "/kiosk/"
    assert phone.get("/kiosk/menu/").status == 200
    phone.send("/kiosk/leave/")
    assert phone.get("/kiosk/menu/").status == 409


# --- opening hours


def test_a_closed_store_says_when_it_opens_and_lets_nobody_begin(phone, spots):
    night = datetime(2026, 11, 23, 21, tzinfo=UTC)
    with held_at(night):
        phone.scan(code(spots["table-7"]))
        assert phone.says("We are closed now.")
        assert phone.says("Closed now, opens")
        phone.arrive(spots["table-7"])
        assert phone.status == 409
        assert phone.scan(code(spots["shelf-1"])).status == 200
    assert visits() == 0


def test_a_holiday_is_a_closed_day(spots):
    christmas = datetime(2026, 12, 25, 12, tzinfo=UTC)
    site = inventory_queries.location(RIGA)
    assert closing(site, christmas) is None
    assert opens_next(site, christmas) == datetime(2026, 12, 27, 6, tzinfo=UTC)
    with held_at(christmas):
        assert Phone().arrive(spots["table-7"]).status == 409


def test_shortly_before_closing_a_visit_lasts_until_shortly_after(phone, spots):
    with held_at(datetime(2026, 11, 23, 17, 50, tzinfo=UTC)):
        phone.arrive(spots["table-7"])
    with held_at(datetime(2026, 11, 23, 18, 29, tzinfo=UTC)):
        assert phone.get("/kiosk/menu/").status == 200
    with held_at(datetime(2026, 11, 23, 18, 30, tzinfo=UTC)):
        assert phone.get("/kiosk/menu/").status == 409


# --- languages


@pytest.mark.parametrize(
    ("spoken", "language"),
    [("el-GR,el;q=0.9", "el"), ("lv", "lv"), ("fr-FR, pl;q=0.8", "pl"), ("xx", "en"), ("", "en")],
)
def test_the_page_speaks_as_the_phone_does(phone, spots, spoken, language):
    phone.get(f"/k/{code(spots['table-7'])}", headers={"Accept-Language": spoken})
    assert f'<html lang="{language}">' in phone.source


def test_a_language_that_was_chosen_stays(phone, spots):
    token = code(spots["table-7"])
    phone.get(f"/k/{token}?language=el", headers={"Accept-Language": "pl"})
    assert '<html lang="el">' in phone.source
    assert phone.says("Κατάστημα Ρίγας")
    phone.get("/kiosk/", headers={"Accept-Language": "pl"})
    assert '<html lang="el">' in phone.source
    assert '<html lang="el">' in phone.get("/kiosk/?language=xx").source


# --- what goes with it


def test_pages_in_the_store_may_ask_for_camera_and_place_and_the_shop_may_not(phone, spots):
    for path in (f"/k/{code(spots['table-7'])}", "/kiosk/"):
        told = phone.get(path).response.headers
        assert told["Permissions-Policy"] == "camera=(self), geolocation=(self), microphone=()"
        assert "wasm-unsafe-eval" in told["Content-Security-Policy"]
        assert "unsafe-inline" not in told["Content-Security-Policy"]
    shop = Shopper("en-lv").again().look()
    assert shop.response.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert "wasm" not in shop.response.headers["Content-Security-Policy"]


def test_nothing_is_sent_by_a_form_that_is_not_ours(phone, spots):
    answer = phone.client.post("/kiosk/arrive/", {"token": code(spots["table-7"])})
    assert answer.status_code == 403
    assert visits() == 0


def test_a_page_is_asked_for_in_the_right_way(phone, spots):
    assert phone.get("/kiosk/arrive/").status == 405
    assert phone.response.headers["Allow"] == "POST"
    assert phone.send("/kiosk/basket/").status == 405


def test_a_phone_that_only_reads_costs_few_statements(phone, spots):
    phone.scan(code(spots["shelf-1"]))
    assert statements(phone, spots["shelf-1"]) == 6
    assert statements(phone, spots["table-7"]) == 1


def statements(phone, spot) -> int:
    """Those that a scan takes; stores are remembered outside a test's transaction, so they do not count."""
    with CaptureQueriesContext(connection) as asked:
        phone.scan(code(spot))
    return sum("inventory_location" not in one["sql"] for one in asked)
