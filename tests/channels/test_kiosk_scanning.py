"""Scan and go through the pages: what is scanned is in the basket, what is paid leaves by the door, once."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as levels
from samband.commerce.orders import queries as orders
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promotions import Goods, Percent, Promotion
from samband.commerce.spots import codes, commands, queries, station_keys
from samband.commerce.spots.commands import SpotDraft
from samband.commerce.spots.station_keys import HANDED_OUT, StationKey
from samband.flows.audit import audit
from samband.flows.finish_order import cancel_order
from samband.kernel.clock import held_at
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.staff import commands as staff
from tests.channels.phone import NOON, Phone, make_spots, store_with_spots
from tests.worlds import CAKE, CUP, REYKJAVIK, RIGA, SOFA, fresh_processes, small_world


@pytest.fixture
def spots(transactional_db):
    small_world()
    with held_at(NOON):
        yield store_with_spots()
    assert list(audit()) == []
    fresh_processes()


@pytest.fixture
def phone(spots) -> Phone:
    return Phone().arrive(spots["door-1"])


def scan(phone: Phone, code: str) -> Phone:
    return phone.touch("/kiosk/scan/", code=code)


def paid(phone: Phone):
    """The order that was paid for, with its page open."""
    assert phone.pay().status == 303, phone.page
    order = orders.by_number(phone.went_to.split("/")[3])
    phone.follow()
    return order


def at_riga(sku: str) -> tuple[int, int]:
    found = next(one for one in levels.available([sku])[sku] if one.location == RIGA)
    return found.on_hand, found.held


def door_of(location: str) -> Client:
    email = f"door-{location.lower()}@samband.example"
    member = staff.add_member(email, "Anna", "stock", "a-long-enough-word-2026", location=location)
    browser = Client()
    key = station_keys.sign(StationKey("door", location, member.id, "en"), HANDED_OUT)
    assert browser.get(f"/kiosk/station/{key}/").status_code == 303
    return browser


def show(door: Client, code: str, key: str = ""):
    """Hold a pass before the door; what it says without tags."""
    answer = door.post("/kiosk/door/", {"code": code, "key": key or str(new_id())})
    return answer.status_code, " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def pass_of(order) -> str:
    found = queries.pass_of_order(order.id)
    assert found
    return codes.address(codes.exit_pass(found.id))


# --- scanning


@pytest.mark.parametrize(
    "code",
    [
        "5690000000015", "05690000000015", "SOFA-GREY", "sofa-grey", " SOFA-GREY ", "0105690000000015",
        "https://id.gs1.org/01/05690000000015", "https://shop.example/en-lv/p/sofa-hallormur/?sku=SOFA-GREY",
    ],
)  # fmt: skip
def test_goods_are_known_by_every_code_they_carry(phone, code):
    scan(phone, code)
    assert phone.says("Sofa"), phone.page
    assert phone.says("€899.00")
    assert phone.get("/kiosk/basket/").says("Pay €899.00")


def test_a_second_scan_of_the_same_is_a_second_piece_and_more_than_there_are_is_refused(phone):
    scan(phone, SOFA)
    scan(phone, SOFA)
    assert phone.says("There is none left here.") or phone.says("There is only 1 left here.")
    assert phone.get("/kiosk/basket/").says("Pay €899.00")


def test_the_code_of_a_shelf_puts_its_goods_in(phone, spots):
    scan(phone, codes.address(queries.code_of(spots["shelf-1"])))
    assert phone.says("Cup")
    assert phone.get("/kiosk/basket/").says("Pay €9.90")


@pytest.mark.parametrize(
    "code", ["", "x" * 400, "a\x00b", "12345678", "9999999999999", "NOBODYS", "https://x.example/"]
)
def test_what_nobody_knows_is_said_so_and_changes_nothing(phone, code):
    phone.send("/kiosk/scan/", code=code)
    assert phone.status in (404, 422)
    assert phone.get("/kiosk/basket/").says("There is nothing in the basket.")


def test_codes_of_other_things_and_other_stores_are_refused(phone, spots):
    there = make_spots(REYKJAVIK)["shelf-1"]
    for code, told in (
        (queries.code_of(spots["table-7"]), "This code is for something else."),
        (queries.code_of(there), "It belongs to another of our stores."),
        (codes.exit_pass(new_id()), "This code is for something else."),
    ):
        assert scan(phone, codes.address(code)).says(told)
    commands.rotate(spots["shelf-1"].number)
    assert scan(phone, codes.address(queries.code_of(spots["shelf-1"]))).says("There is a newer one in the store.")
    assert phone.get("/kiosk/basket/").says("There is nothing in the basket.")


def test_without_a_script_the_page_comes_back_whole_with_its_status(phone):
    phone.send("/kiosk/scan/", code="NOBODYS")
    assert phone.status == 404
    assert "<html" in phone.source
    phone.send("/kiosk/scan/", code=CUP)
    assert phone.status == 200
    assert phone.says("€9.90")


def test_a_scanned_price_that_changes_is_told_before_anything_is_paid(phone):
    scan(phone, CUP)
    pricing.set_prices("eur-regular", {CUP: 1_190})
    phone.get("/kiosk/pay/")
    assert phone.says("The price went up from €9.90 to €11.90.")
    assert phone.says("Pay €11.90")
    assert paid(phone).total == Money(1190, "EUR")


def test_a_coupon_is_entered_and_said_what_came_of_it(phone):
    pricing.save_promotion(Promotion(code="ten", deal=Percent(1000), names={"en": "Ten off"}, by_coupon=True))
    pricing.issue_coupons("ten", codes=("TEN",), limit_total=1)
    scan(phone, CUP)
    phone.touch("/kiosk/basket/coupon/", coupon="nothing")
    assert phone.says("NOTHING is not one of our coupons")
    phone.touch("/kiosk/basket/coupon/", coupon="ten")
    assert phone.says("TEN is taken off")
    assert phone.says("Pay €8.91")
    phone.touch("/kiosk/basket/coupon/", coupon="nothing", out="1")
    assert paid(phone).total == Money(891, "EUR")


def test_the_offer_of_a_shelf_is_kept_at_paying(phone, spots):
    pricing.save_promotion(
        Promotion(
            code="shelf", deal=Percent(5000, Goods(skus=frozenset({CUP}))), names={"en": "Shelf offer"},
            places=("RIX/shelf-1",),
        )
    )  # fmt: skip
    shelf = queries.code_of(spots["shelf-1"])
    phone.scan(shelf)
    assert phone.says("€4.95 instead of €9.90")
    assert phone.says("This offer holds here in the store.")
    phone.send("/kiosk/basket/add/", sku=CUP, token=shelf, back="/kiosk/scan/")
    assert phone.follow().says("€4.95")
    assert paid(phone).total == Money(495, "EUR")


def test_stepping_before_a_dearer_shelf_takes_no_offer_away(phone, spots):
    commands.make(RIGA, [SpotDraft(code="shelf-2", kind="shelf", name="Cakes", sku=CAKE)])
    pricing.save_promotion(
        Promotion(code="door", deal=Percent(5000), names={"en": "Door offer"}, places=("RIX/door-1",))
    )
    other = next(one for one in queries.spots(RIGA) if one.code == "shelf-2")
    scan(phone, CUP)
    scan(phone, codes.address(queries.code_of(other)))
    assert phone.get("/kiosk/basket/").says("Pay €7.40")


def test_the_till_can_take_the_basket_over(phone):
    scan(phone, CUP)
    phone.get("/kiosk/basket/till/")
    assert phone.says("Show this at the till")
    assert 'class="k-qr"' in phone.source
    assert Phone().get("/kiosk/basket/till/").status == 409


# --- leaving


def test_what_is_paid_leaves_by_the_door_once(phone):
    scan(phone, CUP)
    scan(phone, CUP)
    order = paid(phone)
    assert phone.says("Show this at the door")
    assert 'class="k-qr"' in phone.source
    assert (order.channel, order.sold_at, order.contact_id) == ("kiosk", RIGA, None)
    assert at_riga(CUP) == (20, 2)
    door = door_of(RIGA)
    status, told = show(door, pass_of(order))
    assert status == 200
    assert "2 pieces" in told
    assert at_riga(CUP) == (18, 0)
    (one,) = fulfillments.of_order(order.id)
    assert (one.kind, one.state) == ("carry", "handed_over")
    status, told = show(door, pass_of(order))
    assert status == 409
    assert "This pass was used already." in told
    assert at_riga(CUP) == (18, 0)
    assert phone.get(f"/kiosk/order/{order.number}/now/").says("Goodbye, and see you soon")


def test_a_form_that_the_door_sends_twice_is_one_check(phone):
    scan(phone, CUP)
    order = paid(phone)
    door, key = door_of(RIGA), str(new_id())
    assert [show(door, pass_of(order), key)[0] for _ in range(2)] == [200, 200]
    assert at_riga(CUP) == (19, 0)


def test_passes_that_are_none_open_no_door(phone, spots):
    scan(phone, CUP)
    order = paid(phone)
    door = door_of(RIGA)
    token = pass_of(order)
    for code, status in (
        (token[:-1] + ("A" if token[-1] != "A" else "B"), 404), ("nothing", 404), ("", 404), ("x" * 400, 422),
        (codes.exit_pass(new_id()), 404), (queries.code_of(spots["door-1"]), 409),
    ):  # fmt: skip
        assert show(door, code)[0] == status, code
    status, told = show(door_of(REYKJAVIK), token)
    assert (status, "It belongs to another of our stores." in told) == (409, True)
    assert at_riga(CUP) == (20, 1)
    assert show(door, token)[0] == 200


def test_an_order_that_was_called_off_does_not_leave(phone):
    scan(phone, CUP)
    order = paid(phone)
    cancel_order(order.id, "customer", key="off")
    status, _ = show(door_of(RIGA), pass_of(order))
    assert status == 409
    assert at_riga(CUP) == (20, 0)
    found = queries.pass_of_order(order.id)
    assert found
    assert found.state == "open"
    assert phone.get(f"/kiosk/order/{order.number}/").says("This order was called off")


def test_a_pass_scanned_by_an_ordinary_camera_opens_nothing_for_a_stranger(phone):
    scan(phone, CUP)
    order = paid(phone)
    token = queries.pass_of_order(order.id)
    assert token
    stranger = Phone().scan(codes.exit_pass(token.id))
    assert stranger.says("on this phone it opens nothing")
    assert order.number not in stranger.source
    assert phone.scan(codes.exit_pass(token.id)).says("Show this at the door")
    assert at_riga(CUP) == (20, 1)


def test_the_staff_is_reminded_to_look_into_every_so_many_bags(phone, monkeypatch):
    monkeypatch.setattr("samband.commerce.spots.commands.secrets.randbelow", lambda most: 0)
    scan(phone, CUP)
    order = paid(phone)
    assert phone.says("Now and then we look into a bag.")
    door = door_of(RIGA)
    _, told = show(door, pass_of(order))
    assert "Please look into the bag" in told
    assert "1 × Cup" in told
    found = queries.pass_of_order(order.id)
    assert found
    answer = door.post("/kiosk/door/looked/", {"exit_pass": str(found.id), "found": "differs"})
    assert answer.status_code == 303
    assert "bag differs" in door.get("/kiosk/door/").content.decode()
    assert door.post("/kiosk/door/looked/", {"exit_pass": str(found.id), "found": "right"}).status_code == 409
    assert door.post("/kiosk/door/looked/", {"exit_pass": "nothing", "found": "right"}).status_code == 422


def test_who_is_not_looked_at_is_let_go_at_once(phone, monkeypatch):
    monkeypatch.setattr("samband.commerce.spots.commands.secrets.randbelow", lambda most: most - 1)
    scan(phone, CUP)
    _, told = show(door_of(RIGA), pass_of(paid(phone)))
    assert "Thank you, goodbye" in told


def test_what_is_set_aside_for_somebody_else_cannot_be_carried_off(phone):
    inventory.hold(new_id(), (Position(RIGA, CUP, 20),), NOON + timedelta(hours=1))
    assert scan(phone, CUP).says("There is none left here.")
    assert phone.get("/kiosk/basket/").says("There is nothing in the basket.")


def test_leaving_without_buying_leaves_everything_on_the_shelves(phone):
    scan(phone, CUP)
    phone.send("/kiosk/leave/")
    assert phone.went_to == "/kiosk/"
    assert phone.get("/kiosk/scan/").status == 409
    assert at_riga(CUP) == (20, 0)
