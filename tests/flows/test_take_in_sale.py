"""What a till sold while its line was down becomes an order once, or waits for a person; nothing of it is lost."""

import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samband.commerce.catalog import commands as catalog
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as stock
from samband.commerce.inventory.refusals import SoldOut
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.commerce.pricing import commands as pricing
from samband.commerce.tills import allotting, commands, drawers, queries
from samband.commerce.tills.refusals import AlreadyResolved, CannotAccept, NoSuchSale
from samband.flows.audit import audit
from samband.flows.take_in_sale import accept, cancel, take_in
from samband.kernel.clock import held_at, now
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline import delivering
from samband.timeline.queries import backlog
from tests.commerce import till as tills
from tests.commerce.till import FLOAT, Till, priced
from tests.worlds import CAKE, CUP, LAMP, PRICES, REYKJAVIK, STOCK, small_world

pytestmark = pytest.mark.django_db
CUP_PRICE = PRICES[CUP]["ISK"]


@pytest.fixture
def world():
    return small_world()


@pytest.fixture
def till(world) -> Till:
    return tills.till()


@pytest.fixture(autouse=True)
def _books_balance():
    yield
    assert list(audit()) == []


def on_hand(sku: str) -> int:
    return next(at.on_hand for at in stock.available([sku])[sku] if at.location == REYKJAVIK)


def available(sku: str) -> int:
    return next(at.available for at in stock.available([sku])[sku] if at.location == REYKJAVIK)


def allot(till: Till, hours: float = 8, **units: int) -> UUID:
    allotment_id, until = new_id(), now() + timedelta(hours=hours)
    positions = tuple(Position(REYKJAVIK, sku, quantity) for sku, quantity in units.items())
    inventory.allot(allotment_id, positions, until, device=str(till.device_id))
    allotting.note_given(allotment_id, till.device_id, units, until)
    return allotment_id


def codes(answer) -> list[str]:
    return [note["code"] for note in answer["notes"]]


# --- taken


@pytest.mark.django_db(transaction=True)
def test_a_sale_becomes_an_order_that_is_paid_and_in_the_customers_hands(till) -> None:
    answer = take_in(till.device, till.sells((CUP, 2), (CAKE, 1)))
    assert (answer["state"], answer["notes"]) == ("taken", [])
    order = orders.order(UUID(answer["order_id"]))
    assert (order.number, order.state, order.channel, order.total) == (
        answer["number"], "placed", "pos", Money(2 * CUP_PRICE + 890, "ISK"),
    )  # fmt: skip
    (handed,) = fulfillments.of_order(order.id)
    assert (handed.kind, handed.state, handed.location) == ("carry", "handed_over", REYKJAVIK)
    (paid,) = payments.of_order(order.id)
    assert (paid.method, paid.state, paid.captured) == ("cash", "captured", order.total)
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 2
    assert till.drawer.expected == Money(FLOAT, "ISK") + order.total
    while delivering.deliver():
        pass
    assert orders.order(order.id).state == "completed"
    assert backlog().set_aside == backlog().waiting == 0


def test_goods_of_the_allotment_are_handed_on_and_nothing_else_is_taken_from_the_shelf(till) -> None:
    allotment = allot(till, CUP=5)
    free = available(CUP)
    answer = take_in(till.device, till.sells((CUP, 2), allotment_id=str(allotment)))
    assert answer["state"] == "taken"
    assert available(CUP) == free
    assert [line.left for line in stock.hold(allotment).lines] == [3]


def test_a_till_sells_its_allotment_though_the_shelf_is_promised_to_others(till) -> None:
    allotment = allot(till, LAMP=2)
    inventory.hold(new_id(), (Position(REYKJAVIK, LAMP, 3),), now() + timedelta(hours=1))
    assert take_in(till.device, till.sells((LAMP, 2), allotment_id=str(allotment)))["state"] == "taken"


def test_what_the_allotment_lacks_comes_off_the_shelf_and_is_told(till) -> None:
    allotment = allot(till, CUP=1)
    answer = take_in(till.device, till.sells((CUP, 3), allotment_id=str(allotment)))
    assert answer["state"] == "taken_with_note"
    assert answer["notes"] == [{"code": "allotment_overdrawn", "sku": CUP, "quantity": 2}]
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 3


def test_nobody_sells_what_was_set_aside_for_another_till(till) -> None:
    other = tills.till("Till 2")
    allotment = allot(other, CUP=5)
    answer = take_in(till.device, till.sells((CUP, 2), allotment_id=str(allotment)))
    assert codes(answer) == ["allotment_overdrawn"]
    assert [line.left for line in stock.hold(allotment).lines] == [5]


def test_without_its_allotment_a_sale_is_taken_off_the_shelf(till) -> None:
    answer = take_in(till.device, till.sells((CUP, 1), allotment_id=str(uuid4())))
    assert codes(answer) == ["allotment_overdrawn"]


def test_a_sale_told_long_after_its_allotment_lapsed_is_taken_off_the_shelf(till) -> None:
    told = till.sells((CUP, 1), allotment_id=str(allot(till, CUP=2)))
    with held_at(now() + timedelta(days=3)):
        inventory.lapse_holds()
        answer = take_in(till.device, told)
    assert answer["state"] == "taken_with_note"
    assert "allotment_lapsed" in codes(answer)


def test_the_device_price_holds_and_the_difference_is_told(till) -> None:
    pricing.set_prices("isk-regular", {CUP: 1_990})
    answer = take_in(till.device, till.sells((CUP, 2)))
    assert answer["notes"] == [{"code": "price_differs", "sku": CUP, "sold": CUP_PRICE, "now": 1_990}]
    assert orders.order(UUID(answer["order_id"])).total == Money(2 * CUP_PRICE, "ISK")


def test_goods_withdrawn_meanwhile_were_sold_all_the_same(till, world) -> None:
    catalog.withdraw(world.products["cup"], "pos")
    answer = take_in(till.device, till.sells((CUP, 1)))
    assert answer["notes"] == [{"code": "withdrawn", "sku": CUP}]


def test_another_rate_of_vat_is_told(till) -> None:
    pricing.save_vat_rate("IS", "standard", 2_500, now() - timedelta(minutes=1))
    answer = take_in(till.device, till.sells((CUP, 1)))
    assert {"code": "vat_differs", "sku": CUP, "sold": 2_400, "now": 2_500} in answer["notes"]


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_is_wrong_by_a_year_is_told_and_the_books_go_by_the_arrival(till, days) -> None:
    commands.see(till.device_id, days * 86_400_000, None)
    sold_at = now() + timedelta(days=days)
    answer = take_in(till.device, till.sells((CUP, 1), sold_at=sold_at.isoformat()))
    assert codes(answer) == ["clock_off"]
    order = orders.order(UUID(answer["order_id"]))
    assert tills.days_off(order.placed_at) == 0
    assert queries.sale_of_order(order.id).sold_at == sold_at


def test_a_sale_from_the_future_by_a_clock_we_know_nothing_of_is_told(till) -> None:
    answer = take_in(till.device, till.sells((CUP, 1), sold_at=(now() + timedelta(hours=2)).isoformat()))
    assert codes(answer) == ["clock_off"]


def test_a_sale_of_a_drawer_closed_meanwhile_counts_as_late_and_the_closing_stays(till) -> None:
    told = till.sells((CUP, 1))
    drawers.close_drawer(till.drawer_id, Money(FLOAT + CUP_PRICE, "ISK"), till.cashier_id)
    assert till.drawer.difference == Money(CUP_PRICE, "ISK")
    answer = take_in(till.device, told)
    assert codes(answer) == ["drawer_closed"]
    assert till.drawer.difference == Money(CUP_PRICE, "ISK")
    assert (till.drawer.late, till.drawer.unexplained) == (Money(CUP_PRICE, "ISK"), Money(0, "ISK"))
    assert queries.report(till.drawer_id).sums["sale"] == Money(0, "ISK")


def test_a_cashier_or_customer_we_do_not_know_does_not_hinder_a_sale(till) -> None:
    answer = take_in(till.device, till.sells((CUP, 1), sold_by=str(uuid4()), customer_id=str(uuid4())))
    assert codes(answer) == ["cashier_unknown", "customer_unknown"]
    assert orders.order(UUID(answer["order_id"])).customer_id is None


def test_a_sale_for_nothing_needs_no_money(till) -> None:
    told = priced(till.sells((CUP, 1)), 0)
    answer = take_in(till.device, {**told, "tenders": []})
    assert answer["state"] == "taken_with_note"
    assert payments.of_order(UUID(answer["order_id"])) == ()
    assert till.drawer.expected == Money(FLOAT, "ISK")


# --- once


def test_told_again_it_is_answered_the_same_and_counted_once(till) -> None:
    told = till.sells((CUP, 2))
    answers = [take_in(till.device, told) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 2
    assert till.drawer.expected == Money(FLOAT + 2 * CUP_PRICE, "ISK")


def test_fields_in_another_order_are_the_same_sale(till) -> None:
    told = till.sells((CUP, 2))
    assert take_in(till.device, dict(reversed(told.items()))) == take_in(till.device, told)


def test_a_conflict_told_again_is_the_same_conflict_also_when_somebody_has_decided(till) -> None:
    told = till.sells((LAMP, 999))
    first = take_in(till.device, told)
    assert first["state"] == "conflict"
    assert take_in(till.device, told) == first
    cancel(UUID(first["kept_as"]), REYKJAVIK, till.cashier_id, refunded_from_drawer=True)
    assert take_in(till.device, told) == first


def test_batches_doubled_and_in_any_order_count_each_sale_once(till) -> None:
    sales = [till.sells((CUP, 1)) for _ in range(12)]
    told = sales * 3
    random.Random(3).shuffle(told)
    answers = {answer["sale_id"]: answer for answer in (take_in(till.device, one) for one in told)}
    assert {answer["state"] for answer in answers.values()} == {"taken"}
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 12
    assert till.drawer.expected == Money(FLOAT + 12 * CUP_PRICE, "ISK")
    assert queries.missing_sequences(till.device_id) == ()
    assert till.device.last_sequence == 12


def test_numbers_that_never_came_are_known(till) -> None:
    sales = [till.sells((CUP, 1)) for _ in range(5)]
    for place in (4, 0, 2):
        take_in(till.device, sales[place])
    assert queries.missing_sequences(till.device_id) == (2, 4)


def test_a_number_used_twice_is_told(till) -> None:
    take_in(till.device, till.sells((CUP, 1), sequence=7))
    answer = take_in(till.device, till.sells((CUP, 1), sequence=7))
    assert answer["notes"] == [{"code": "sequence_repeated", "sequence": 7}]


def test_another_sale_under_a_used_id_is_kept_beside_it_and_shown(till) -> None:
    told = till.sells((CUP, 1))
    take_in(till.device, told)
    other = {**till.sells((CUP, 3)), "sale_id": told["sale_id"]}
    answer = take_in(till.device, other)
    assert (answer["state"], codes(answer), answer["sale_id"]) == ("conflict", ["sale_id_reused"], told["sale_id"])
    assert take_in(till.device, other) == answer
    assert take_in(till.device, told)["state"] == "taken"
    assert till.drawer.unsettled == Money(3 * CUP_PRICE, "ISK")
    accept(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, correct_stock=False)
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 4


# --- conflicts


def test_without_stock_nothing_is_sold_and_the_money_is_counted_in_the_drawer(till) -> None:
    answer = take_in(till.device, till.sells((LAMP, 6), (CUP, 1)))
    assert answer["state"] == "conflict"
    assert answer["notes"] == [{"code": "out_of_stock", "sku": LAMP, "wanted": 6, "available": 5}]
    money = Money(6 * PRICES[LAMP]["ISK"] + CUP_PRICE, "ISK")
    assert (till.drawer.unsettled, till.drawer.expected) == (money, Money(FLOAT, "ISK") + money)
    assert (on_hand(LAMP), on_hand(CUP)) == (5, 40)
    (shown,) = queries.conflicts(REYKJAVIK, open_only=True)
    assert (shown.total, shown.cash, len(shown.lines)) == (money, money, 2)


def forged(told, **changes):
    return {**told, **changes}


@pytest.mark.parametrize(
    "change",
    [
        {"total": 1},
        {"vat": 1},
        {"tenders": [{"method": "cash", "amount": 1, "given": 1, "change": 0}]},
        {"tenders": [{"method": "cash", "amount": CUP_PRICE, "given": CUP_PRICE, "change": 5}]},
        {"tenders": []},
        {
            "lines": [
                {"sku": CUP, "name": "Cup", "quantity": 1, "unit": CUP_PRICE, "total": 10, "vat_basis_points": 2400,
                 "vat": 2}
            ]
        },
        {
            "lines": [
                {"sku": CUP, "name": "Cup", "quantity": 1, "unit": CUP_PRICE, "total": CUP_PRICE,
                 "vat_basis_points": 2400, "vat": 0}
            ]
        },
    ],
)  # fmt: skip
def test_sums_that_do_not_add_up_are_kept_and_cannot_be_accepted(till, change) -> None:
    answer = take_in(till.device, forged(till.sells((CUP, 1)), **change))
    assert answer["state"] == "conflict"
    assert set(codes(answer)) == {"does_not_add_up"}
    assert on_hand(CUP) == 40
    with pytest.raises(CannotAccept):
        accept(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, correct_stock=True)
    cancel(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, refunded_from_drawer=False)
    assert till.drawer.unsettled == Money(0, "ISK")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"market": "LV"}, "other_market"),
        ({"currency": "EUR"}, "other_currency"),
        ({"drawer_id": str(uuid4())}, "drawer_unknown"),
        ({"tenders": [{"method": "card", "amount": CUP_PRICE, "given": CUP_PRICE, "change": 0}]}, "tender_refused"),
        ({"sold_at": "yesterday"}, "malformed"),
        ({"sold_at": "2026-11-21T10:00:00"}, "malformed"),
        ({"lines": []}, "malformed"),
        ({"lines": "cup"}, "malformed"),
        ({"sequence": 0}, "malformed"),
        ({"sequence": True}, "malformed"),
        ({"total": 10**40}, "malformed"),
        ({"total": -5}, "malformed"),
        ({"total": 1490.0}, "malformed"),
        ({"language": "xx"}, "malformed"),
        ({"currency": "XXX"}, "malformed"),
    ],
)
def test_what_cannot_be_is_kept_as_it_was_told(till, change, code) -> None:
    told = forged(till.sells((CUP, 1)), **change)
    answer = take_in(till.device, told)
    assert answer["state"] == "conflict"
    assert code in codes(answer)
    assert queries.sale(UUID(answer["kept_as"])).payload == told
    assert on_hand(CUP) == 40


@pytest.mark.parametrize("told", [None, 5, "sa\x00le", [], {}, {"sale_id": None}, {"sale_id": "x"}, {"sale_id": [1]}])
def test_what_names_no_sale_is_kept_by_its_content(till, told) -> None:
    answer = take_in(till.device, told)
    assert (answer["state"], answer["sale_id"], codes(answer)) == ("conflict", None, ["malformed"])
    assert take_in(till.device, told) == answer
    assert len(queries.conflicts()) == 1


def test_unknown_goods_wait_for_a_person_who_may_accept_them(till) -> None:
    told = till.sells((CUP, 1))
    told["lines"][0]["sku"] = "NEVER-HEARD"
    answer = take_in(till.device, told)
    assert codes(answer) == ["unknown_sku"]
    accepted = accept(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, correct_stock=True)
    assert orders.order(accepted.order_id).lines[0].sku == "NEVER-HEARD"


def test_a_revoked_device_can_still_tell_what_it_sold_and_a_person_decides(till) -> None:
    told = till.sells((CUP, 1))
    commands.revoke(till.device_id)
    answer = take_in(till.device, told)
    assert (answer["state"], codes(answer)) == ("conflict", ["device_revoked"])
    assert till.drawer.unsettled == Money(CUP_PRICE, "ISK")
    accept(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, correct_stock=False)
    assert till.drawer.unsettled == Money(0, "ISK")
    assert till.drawer.expected == Money(FLOAT + CUP_PRICE, "ISK")


def test_accepting_finds_the_goods_that_the_books_lack(till) -> None:
    answer = take_in(till.device, till.sells((LAMP, 6)))
    key = UUID(answer["kept_as"])
    with pytest.raises(SoldOut):
        accept(key, REYKJAVIK, till.cashier_id, correct_stock=False)
    accepted = accept(key, REYKJAVIK, till.cashier_id, correct_stock=True, remark="counted them")
    assert (accepted.state, accepted.remark, accepted.resolved_by) == ("accepted", "counted them", till.cashier_id)
    assert on_hand(LAMP) == 0
    assert till.drawer.expected == Money(FLOAT + 6 * PRICES[LAMP]["ISK"], "ISK")
    assert till.drawer.unsettled == Money(0, "ISK")
    assert orders.order(accepted.order_id).state == "placed"


def test_accepting_counts_what_is_left_of_the_allotment_and_of_the_shelf(till) -> None:
    allotment = allot(till, LAMP=2)
    answer = take_in(till.device, till.sells((LAMP, 7), allotment_id=str(allotment)))
    assert answer["state"] == "conflict"
    accept(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, correct_stock=True)
    found = [move.quantity for move in stock.ledger(LAMP, REYKJAVIK) if move.kind == "adjust"]
    assert found == [2]
    assert on_hand(LAMP) == 0


@pytest.mark.parametrize("refunded", [True, False])
def test_cancelling_gives_the_money_back_or_keeps_it_as_surplus(till, refunded) -> None:
    answer = take_in(till.device, till.sells((LAMP, 6)))
    cancelled = cancel(UUID(answer["kept_as"]), REYKJAVIK, till.cashier_id, refunded_from_drawer=refunded)
    assert (cancelled.state, cancelled.order_id) == ("cancelled", None)
    kept = 0 if refunded else 6 * PRICES[LAMP]["ISK"]
    assert till.drawer.expected == Money(FLOAT + kept, "ISK")
    assert till.drawer.unsettled == Money(0, "ISK")
    assert on_hand(LAMP) == 5


def test_a_conflict_is_decided_once_and_only_in_its_store(till) -> None:
    key = UUID(take_in(till.device, till.sells((LAMP, 6)))["kept_as"])
    with pytest.raises(NoSuchSale):
        accept(key, "RIX", till.cashier_id, correct_stock=True)
    accept(key, REYKJAVIK, till.cashier_id, correct_stock=True)
    for decide in (
        lambda: accept(key, REYKJAVIK, till.cashier_id, correct_stock=True),
        lambda: cancel(key, REYKJAVIK, till.cashier_id, refunded_from_drawer=True),
    ):
        with pytest.raises(AlreadyResolved):
            decide()
    with pytest.raises(NoSuchSale):
        cancel(UUID(take_in(till.device, till.sells((CUP, 1)))["kept_as"]), REYKJAVIK, till.cashier_id, True)
