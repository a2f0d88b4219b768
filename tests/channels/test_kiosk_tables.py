"""From a table: the menu, the basket, paying, and an order that the staff sees and brings."""

import pytest
from django.test import Client

from samband.commerce.cart import queries as carts
from samband.commerce.catalog.search import catch_up
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as levels
from samband.commerce.orders import queries as orders
from samband.commerce.payments import gift_cards
from samband.commerce.pricing import commands as pricing
from samband.commerce.pricing.promotions import Goods, Percent, Promotion
from samband.commerce.spots import queries as spots_queries
from samband.commerce.spots import station_keys
from samband.commerce.spots.station_keys import HANDED_OUT, StationKey
from samband.flows.audit import audit
from samband.flows.finish_order import cancel_order
from samband.kernel.clock import held_at
from samband.kernel.goods import Line, Position
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.staff import commands as staff
from tests.channels.phone import DECLINED, NOON, SECOND_FACTOR, Phone, store_with_spots
from tests.channels.shopper import Shopper
from tests.worlds import CAKE, CUP, LONDON, REYKJAVIK, RIGA, fresh_processes, small_world


@pytest.fixture
def spots(transactional_db, settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"
    small_world()
    catch_up()
    with held_at(NOON):
        yield store_with_spots()
    assert list(audit()) == []
    fresh_processes()


@pytest.fixture
def phone(spots) -> Phone:
    return Phone().arrive(spots["table-7"])


def placed(phone: Phone):
    """The order that the phone was led to."""
    assert phone.status == 303, (phone.status, phone.page)
    assert phone.went_to.startswith("/kiosk/order/"), phone.went_to
    return orders.by_number(phone.went_to.split("/")[3])


def at_riga(sku: str) -> tuple[int, int]:
    found = next(one for one in levels.available([sku])[sku] if one.location == RIGA)
    return found.on_hand, found.held


def cakes(phone: Phone, quantity: int = 2) -> Phone:
    assert phone.send("/kiosk/menu/dish/", sku=CAKE, quantity=quantity).status == 303
    return phone


# --- the menu


def test_the_menu_shows_what_is_served_here_with_price_and_what_is_left(phone):
    phone.get("/kiosk/menu/")
    assert phone.says("Cake €4.90")
    assert not phone.says("Sofa")
    inventory.adjust(RIGA, (Position(RIGA, CAKE, -4),), "damaged", "")
    assert phone.get("/kiosk/menu/").says("only 2 left")
    inventory.adjust(RIGA, (Position(RIGA, CAKE, -2),), "damaged", "")
    assert phone.get("/kiosk/menu/").says("None left today")


def test_a_dish_comes_back_alone_with_the_bar_when_a_script_asks(phone):
    phone.touch("/kiosk/menu/dish/", sku=CAKE, quantity=2)
    assert phone.status == 200
    assert "<html" not in phone.source
    assert 'hx-swap-oob="true"' in phone.source
    assert phone.says("€9.80")
    phone.touch("/kiosk/menu/dish/", sku=CAKE, quantity=7)
    assert phone.says("There are only 6 left here.")
    assert phone.get("/kiosk/basket/").says("€9.80")
    phone.touch("/kiosk/menu/dish/", sku=CAKE, quantity=0)
    assert phone.get("/kiosk/basket/").says("There is nothing in the basket.")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"sku": "NOBODYS", "quantity": 1}, 409), ({"sku": "", "quantity": 1}, 422), ({"sku": CAKE}, 422),
        ({"sku": CAKE, "quantity": -1}, 422), ({"sku": CAKE, "quantity": 100}, 422),
        ({"sku": CAKE, "quantity": "x"}, 422), ({"sku": "a\x00b", "quantity": 1}, 422),
        ({"sku": CAKE, "quantity": 7}, 409),
    ],
)  # fmt: skip
def test_what_cannot_be_put_in_is_not(phone, fields, status):
    assert phone.send("/kiosk/menu/dish/", **fields).status == status
    assert phone.get("/kiosk/basket/").says("There is nothing in the basket.")


def test_a_table_is_no_place_to_scan_goods_at(phone):
    assert phone.get("/kiosk/scan/").status == 409
    assert phone.send("/kiosk/scan/", code=CUP).status == 409


# --- ordering


def test_an_order_from_a_table_is_paid_and_on_the_list_of_the_staff_without_anybody_being_named(phone):
    order = placed(cakes(phone).pay())
    assert (order.channel, order.sold_at, order.contact_id, order.customer_id) == ("kiosk", RIGA, None, None)
    assert order.total == Money(980, "EUR")
    (group,) = order.groups
    assert (group.kind, group.location, group.place) == ("serve", RIGA, "table-7")
    (one,) = fulfillments.servings(RIGA)
    assert (one.place, one.state, one.order_id) == ("table-7", "requested", order.id)
    assert at_riga(CAKE) == (6, 2)
    phone.follow()
    assert phone.says("We have your order To Table 7")
    assert phone.says("2 × Cake €9.80")
    assert phone.get("/kiosk/basket/").says("There is nothing in the basket.")


def test_with_an_address_the_receipt_is_sent_there(phone):
    order = placed(cakes(phone).pay(email="Guest@Example.com"))
    assert order.contact_id is not None


def test_who_is_signed_in_to_the_shop_orders_as_themselves_and_keeps_their_own_cart(spots):
    shopper = Shopper("en-lv").again().sign_in()
    shopper.put(CUP, 3)
    phone = Phone()
    phone.client.cookies.update(shopper.client.cookies)
    order = placed(cakes(phone.arrive(spots["table-7"])).pay())
    assert order.customer_id is not None
    own = carts.open_of(order.customer_id)
    assert own is not None
    assert [(line.sku, line.quantity) for line in own.lines] == [(CUP, 3)]


def test_sending_the_form_twice_orders_once(phone):
    cakes(phone).get("/kiosk/pay/")
    form = {name: phone.field(name) for name in ("key", "version", "agreed")}
    card = {"method": "card", "card_number": "4242424242424242", "card_expiry": "04/39", "card_cvc": "123"}
    first = placed(phone.send("/kiosk/pay/", **form, **card))
    phone.send("/kiosk/pay/", **form, **card)
    assert len(fulfillments.servings(RIGA)) == 1
    assert fulfillments.servings(RIGA)[0].order_id == first.id


def test_a_declined_card_leaves_the_basket_as_it_was(phone):
    cakes(phone).pay(**DECLINED)
    assert phone.status == 402
    assert phone.says("Your bank declined the card.")
    assert at_riga(CAKE) == (6, 0)
    assert placed(phone.pay())


def test_a_second_factor_leads_to_the_bank_and_back(phone):
    cakes(phone).pay(**SECOND_FACTOR)
    assert phone.status == 303
    assert "/hooks/" in phone.went_to
    assert at_riga(CAKE) == (6, 2)
    phone.get("/kiosk/pay/back/")
    assert phone.went_to.startswith(("/kiosk/order/", "http", "/hooks/"))


def test_everything_that_is_wrong_with_the_form_is_said_at_once(phone):
    cakes(phone).pay(card_number="1234", email="nobody")
    assert phone.status == 422
    assert phone.says("This is not a card number.")
    assert phone.says("This is not an e-mail address.")
    assert fulfillments.servings(RIGA) == ()


def test_a_gift_card_pays_first_and_the_card_the_rest(phone):
    given = gift_cards.issue_gift_card(new_id(), Money(600, "EUR"), reason="goodwill")
    cakes(phone).get("/kiosk/pay/")
    phone.send("/kiosk/pay/", gift_code=given.code)
    assert phone.says("The gift card pays €6.00")
    assert phone.says("Left to pay €3.80")
    form = {name: phone.field(name) for name in ("key", "version", "agreed", "gift", "gift_pays")}
    order = placed(
        phone.send(
            "/kiosk/pay/", **form, method="card", card_number="4242424242424242", card_expiry="04/39", card_cvc="123"
        )
    )
    assert order.total == Money(980, "EUR")


def test_a_gift_card_that_pays_all_of_it_asks_for_no_card(phone):
    given = gift_cards.issue_gift_card(new_id(), Money(5_000, "EUR"), reason="goodwill")
    cakes(phone).get("/kiosk/pay/")
    phone.send("/kiosk/pay/", gift_code=given.code)
    assert "card_number" not in phone.source
    form = {name: phone.field(name) for name in ("key", "version", "agreed", "gift", "gift_pays")}
    assert placed(phone.send("/kiosk/pay/", **form))


def test_a_gift_card_nobody_knows_is_refused_and_nothing_is_paid(phone):
    cakes(phone).get("/kiosk/pay/")
    phone.send("/kiosk/pay/", gift_code="NOSUCHCARD123456")
    assert phone.status == 404
    assert phone.says("We do not know this gift card.")
    other = gift_cards.issue_gift_card(new_id(), Money(500, "ISK"), reason="goodwill")
    phone.send("/kiosk/pay/", gift_code=other.code)
    assert phone.says("These amounts are in different currencies.")


def test_somebody_else_sees_nothing_of_the_order(phone):
    order = placed(cakes(phone).pay())
    assert Phone().get(f"/kiosk/order/{order.number}/").status == 404
    assert Phone().get(f"/kiosk/order/{order.number}/now/").status == 404


# --- what changes meanwhile


def test_a_price_that_changes_before_paying_is_told_and_asked_again_and_nothing_is_half_done(phone):
    cakes(phone).get("/kiosk/pay/")
    form = {name: phone.field(name) for name in ("key", "version", "agreed")}
    pricing.set_prices("eur-regular", {CAKE: 590})
    card = {"method": "card", "card_number": "4242424242424242", "card_expiry": "04/39", "card_cvc": "123"}
    phone.send("/kiosk/pay/", **form, **card)
    assert phone.status == 409
    assert phone.says("Prices or stock have changed since you looked. Nothing was paid")
    assert phone.says("The price went up from €4.90 to €5.90.")
    assert phone.says("Pay €11.80")
    assert at_riga(CAKE) == (6, 0)
    assert fulfillments.servings(RIGA) == ()
    assert placed(phone.pay()).total == Money(1180, "EUR")


def test_a_total_that_nobody_was_shown_is_not_paid(phone):
    cakes(phone).get("/kiosk/pay/")
    form = {name: phone.field(name) for name in ("key", "version")}
    card = {"method": "card", "card_number": "4242424242424242", "card_expiry": "04/39", "card_cvc": "123"}
    assert phone.send("/kiosk/pay/", **form, agreed="1", **card).status == 409
    assert phone.send("/kiosk/pay/", **form, agreed="-1", **card).status == 422
    assert fulfillments.servings(RIGA) == ()


def test_what_somebody_else_bought_meanwhile_is_told_and_the_rest_can_be_had(phone):
    cakes(phone, 5).get("/kiosk/pay/")
    form = {name: phone.field(name) for name in ("key", "version", "agreed")}
    inventory.hold(new_id(), (Position(RIGA, CAKE, 4),), NOON.replace(hour=20))
    card = {"method": "card", "card_number": "4242424242424242", "card_expiry": "04/39", "card_cvc": "123"}
    phone.send("/kiosk/pay/", **form, **card)
    assert phone.status == 409
    assert at_riga(CAKE) == (6, 4)
    phone.get("/kiosk/basket/")
    assert phone.says("There are only 2 left here.")
    assert phone.get("/kiosk/pay/").says("Please settle what is said above first.")
    phone.send("/kiosk/basket/settle/")
    assert placed(phone.pay()).total == Money(980, "EUR")


def test_what_lies_in_another_store_cannot_be_brought_to_this_table(phone):
    inventory.receive(LONDON, (Line(CAKE, 50),), "more")
    assert phone.send("/kiosk/menu/dish/", sku=CAKE, quantity=7).status == 409


def test_an_offer_for_the_place_holds_there_and_nowhere_else(phone):
    pricing.save_promotion(
        Promotion(
            code="riga-tables",
            deal=Percent(5000, Goods(skus=frozenset({CAKE}))),
            names={"en": "Cake hour"},
            places=("RIX/table-7",),
        )
    )
    cakes(phone).get("/kiosk/basket/")
    assert phone.says("Cake hour -€4.90")
    assert phone.says("Pay €4.90")
    assert placed(phone.pay()).total == Money(490, "EUR")
    spots = {one.code: one for one in spots_queries.spots(RIGA)}
    other = cakes(Phone().arrive(spots["table-9"]))
    assert other.get("/kiosk/basket/").says("Pay €9.80")


def test_a_visit_that_ends_while_paying_pays_nothing(phone):
    cakes(phone).get("/kiosk/pay/")
    form = {name: phone.field(name) for name in ("key", "version", "agreed")}
    with held_at(NOON.replace(hour=17)):
        assert phone.send("/kiosk/pay/", **form, method="card").status == 409
    assert fulfillments.servings(RIGA) == ()


# --- the staff


@pytest.fixture
def board(spots) -> Client:
    """A board in Rīga, opened by somebody of the staff."""
    return board_of(RIGA)


def board_of(location: str) -> Client:
    email = f"{location.lower()}@samband.example"
    member = staff.add_member(email, "Anna", "stock", "a-long-enough-word-2026", location=location)
    browser = Client()
    key = station_keys.sign(StationKey("board", location, member.id, "en"), HANDED_OUT)
    assert browser.get(f"/kiosk/station/{key}/").status_code == 303
    return browser


def touch(board: Client, step: str, fulfillment_id) -> int:
    return board.post("/kiosk/board/step/", {"touched": f"{step}:{fulfillment_id}"}).status_code


def test_the_board_takes_an_order_from_the_kitchen_to_the_table(phone, board):
    order = placed(cakes(phone).pay())
    (one,) = fulfillments.servings(RIGA)
    page = board.get("/kiosk/board/").content.decode()
    assert "Table 7" in page
    assert spots_queries.word_of_the_day(RIGA, "Europe/Riga") in page
    now = f"/kiosk/order/{order.number}/now/"
    for step, told in (("begin", "It is being made"), ("ready", "It is on its way to you"), ("served", "Enjoy!")):
        assert touch(board, step, one.id) == 303
        assert touch(board, step, one.id) in (303, 404)  # a second finger on the same button
        assert phone.get(now).says(told)
    assert fulfillments.servings(RIGA) == ()
    assert at_riga(CAKE) == (4, 0)
    assert "Just brought" in board.get("/kiosk/board/").content.decode()


def test_the_board_and_the_phone_are_sent_nothing_while_nothing_changes(phone, board):
    order = placed(cakes(phone).pay())
    first = board.get("/kiosk/board/now/")
    again = board.get("/kiosk/board/now/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    seen = phone.get(f"/kiosk/order/{order.number}/now/").response.headers["ETag"]
    assert phone.get(f"/kiosk/order/{order.number}/now/", headers={"If-None-Match": seen}).status == 304
    (one,) = fulfillments.servings(RIGA)
    touch(board, "begin", one.id)
    assert board.get("/kiosk/board/now/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert phone.get(f"/kiosk/order/{order.number}/now/", headers={"If-None-Match": seen}).status == 200


def test_steps_are_not_skipped(phone, board):
    placed(cakes(phone).pay())
    (one,) = fulfillments.servings(RIGA)
    assert touch(board, "served", one.id) == 409
    assert touch(board, "ready", one.id) == 409
    assert touch(board, "dance", one.id) == 422
    assert touch(board, "begin", "nothing") == 422
    assert fulfillments.servings(RIGA)[0].state == "requested"


def test_a_board_of_another_store_does_nothing_here(phone, spots):
    placed(cakes(phone).pay())
    (one,) = fulfillments.servings(RIGA)
    assert touch(board_of(REYKJAVIK), "begin", one.id) == 404


def test_an_order_that_was_called_off_leaves_the_board_and_is_told_on_the_phone(phone, board):
    order = placed(cakes(phone).pay())
    (one,) = fulfillments.servings(RIGA)
    cancel_order(order.id, "retailer", key="off")
    assert fulfillments.servings(RIGA) == ()
    assert touch(board, "begin", one.id) == 404
    assert phone.get(f"/kiosk/order/{order.number}/").says("This order was called off")
    assert at_riga(CAKE) == (6, 0)


def test_nobody_without_a_key_sees_the_board(phone, spots):
    for path in ("/kiosk/board/", "/kiosk/board/now/", "/kiosk/door/", "/kiosk/screens/", "/kiosk/screen/1/"):
        assert phone.get(path).status == 403, path
        assert phone.says("Please open this page from the console again."), path
    assert phone.send("/kiosk/board/step/", touched=f"begin:{new_id()}").status == 403
