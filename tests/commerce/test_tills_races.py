"""Tills race: two that sell into one drawer, one that tells the same twice at once, a closing while others sell."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from samband.commerce.inventory import queries as stock
from samband.commerce.orders.models import Order
from samband.commerce.tills import commands, drawers, queries
from samband.commerce.tills.refusals import DrawerClosedAlready, DrawerShort, EnrolmentCodeWrong
from samband.flows import allot_to_till
from samband.flows.allot_to_till import give_back, raise_to
from samband.flows.audit import audit
from samband.flows.take_in_sale import accept, cancel, take_in
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal
from tests.commerce import till as tills
from tests.commerce.till import FLOAT
from tests.worlds import CUP, LAMP, PRICES, REYKJAVIK, STOCK, small_world

pytestmark = pytest.mark.django_db(transaction=True)
CUP_PRICE, LAMP_PRICE = PRICES[CUP]["ISK"], PRICES[LAMP]["ISK"]


@pytest.fixture
def till():
    small_world()
    stock.locations()
    yield tills.till()
    assert list(audit()) == []


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment; what each gave back, or refused."""
    ready, given = threading.Barrier(len(deeds)), [None] * len(deeds)

    def do(place: int, deed: Callable[[], Any]) -> None:
        ready.wait()
        try:
            given[place] = deed()
        except Refusal as refusal:
            given[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def on_hand(sku: str) -> int:
    return next(at.on_hand for at in stock.available([sku])[sku] if at.location == REYKJAVIK)


def test_the_same_batch_sent_many_times_at_once_counts_each_sale_once(till) -> None:
    sales = [till.sells((CUP, 1)) for _ in range(4)]

    def send(order) -> Callable[[], list[dict]]:
        return lambda: [take_in(till.device, told) for told in order]

    batches = at_once(*(send(order) for order in (sales, sales[::-1], sales, sales[::-1])))
    told = [{answer["sale_id"]: answer for answer in batch} for batch in batches]
    assert told[0] == told[1] == told[2] == told[3]
    assert {answer["state"] for answer in told[0].values()} == {"taken"}
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 4
    assert till.drawer.expected == Money(FLOAT + 4 * CUP_PRICE, "ISK")


def test_two_tills_sell_the_last_ones_into_one_drawer(till) -> None:
    second_id, _ = tills.enrolled("Till 2")
    drawers.join_drawer(till.drawer_id, second_id)
    second = tills.Till(second_id, "", till.cashier_id, till.drawer_id)
    deeds = []
    for one in (till, second):
        deeds += [partial(take_in, one.device, one.sells((LAMP, 1))) for _ in range(5)]
    answers = at_once(*deeds)
    states = sorted(answer["state"] for answer in answers)
    assert states == ["conflict"] * 5 + ["taken"] * 5
    assert on_hand(LAMP) == 0
    assert till.drawer.unsettled == Money(5 * LAMP_PRICE, "ISK")
    assert till.drawer.expected == Money(FLOAT + 10 * LAMP_PRICE, "ISK")


def test_a_drawer_that_is_closed_while_others_sell_loses_nothing(till) -> None:
    sales = [till.sells((CUP, 1)) for _ in range(6)]
    *answers, closed = at_once(
        *(lambda told=told: take_in(till.device, told) for told in sales),
        lambda: drawers.close_drawer(till.drawer_id, Money(FLOAT, "ISK"), till.cashier_id),
    )
    assert all(answer["state"].startswith("taken") for answer in answers)
    drawer = till.drawer
    assert drawer.expected.amount + drawer.late.amount == FLOAT + 6 * CUP_PRICE
    assert closed.expected == drawer.expected.amount
    late = sum("drawer_closed" in {note["code"] for note in answer["notes"]} for answer in answers)
    assert late * CUP_PRICE <= drawer.late.amount


def test_one_conflict_is_decided_by_one_person(till) -> None:
    key = UUID(take_in(till.device, till.sells((LAMP, 6)))["kept_as"])
    boss = till.cashier_id
    given = at_once(
        *(lambda: accept(key, REYKJAVIK, boss, correct_stock=True) for _ in range(3)),
        *(lambda: cancel(key, REYKJAVIK, boss, refunded_from_drawer=True) for _ in range(3)),
    )
    refused = [one for one in given if isinstance(one, Refusal)]
    assert {one.code for one in refused} == {"already_resolved"}
    assert len(refused) == 5
    kept = LAMP_PRICE * 6 if queries.sale(key).state == "accepted" else 0
    assert till.drawer.expected == Money(FLOAT + kept, "ISK")
    assert Order.objects.count() == bool(kept)


def test_a_till_sells_its_allotment_while_it_gives_it_back_and_asks_for_more(till) -> None:
    allotted = raise_to(till.device, {CUP: 8})
    assert allotted is not None
    sales = [till.sells((CUP, 1), allotment_id=str(allotted.id)) for _ in range(6)]
    given = at_once(
        *(lambda told=told: take_in(till.device, told) for told in sales),
        lambda: raise_to(till.device, {CUP: 10}),
        lambda: give_back(till.device, {CUP: 3}),
        lambda: raise_to(till.device, {LAMP: 2}),
    )
    assert [one.code for one in given if isinstance(one, Refusal)] == []
    assert on_hand(CUP) == STOCK[REYKJAVIK][CUP] - 6
    give_back(till.device, None)
    (free,) = (at for at in stock.available([CUP])[CUP] if at.location == REYKJAVIK)
    assert free.available == STOCK[REYKJAVIK][CUP] - 6


def test_a_till_gives_back_what_it_has_when_a_sale_of_its_own_comes_in_meanwhile(till, monkeypatch) -> None:
    had = raise_to(till.device, {CUP: 8})
    assert had is not None
    for _ in range(6):
        take_in(till.device, till.sells((CUP, 1), allotment_id=str(had.id)))
    monkeypatch.setattr(allot_to_till, "allotment", lambda device: had)  # as it was before the sales
    give_back(till.device, {CUP: 3})
    monkeypatch.undo()
    assert allot_to_till.allotment(till.device).left == {CUP: 0}
    (free,) = (at for at in stock.available([CUP])[CUP] if at.location == REYKJAVIK)
    assert free.available == STOCK[REYKJAVIK][CUP] - 6


def test_nobody_takes_out_more_than_there_is_however_many_try(till) -> None:
    amount = Money(FLOAT // 3, "ISK")
    given = at_once(
        *(lambda: drawers.move_cash(till.drawer_id, "pay_out", amount, "bank", till.cashier_id) for _ in range(6))
    )
    assert sum(isinstance(one, DrawerShort) for one in given) == 3
    assert till.drawer.expected.amount == FLOAT - 3 * amount.amount


def test_a_drawer_is_closed_once_and_closings_are_numbered_without_a_gap(till) -> None:
    others = [tills.till(f"Till {number}") for number in (2, 3, 4)]
    given = at_once(
        *(
            lambda one=one: drawers.close_drawer(one.drawer_id, Money(FLOAT, "ISK"), one.cashier_id)
            for one in (till, till, *others)
        )
    )
    assert sum(isinstance(one, DrawerClosedAlready) for one in given) == 1
    assert sorted(one.number for one in queries.drawers(REYKJAVIK)) == [1, 2, 3, 4]


def test_a_code_enrols_one_device_however_many_type_it(till) -> None:
    code = commands.enrolment_code(commands.new_device("Till 9", REYKJAVIK))
    given = at_once(*(lambda: commands.enrol(code) for _ in range(5)))
    assert sum(isinstance(one, EnrolmentCodeWrong) for one in given) == 4


def test_a_device_opens_one_drawer_however_often_it_is_asked(till) -> None:
    device_id, _ = tills.enrolled("Till 2")
    given = at_once(
        *(
            lambda: drawers.open_drawer(new_id(), device_id, till.cashier_id, Money(0, "ISK"), key=str(new_id()))
            for _ in range(4)
        )
    )
    assert sum(isinstance(one, Refusal) for one in given) == 3
    assert len(queries.drawers(REYKJAVIK, open_only=True)) == 2
