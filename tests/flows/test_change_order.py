"""An order is changed until somebody picks it: where it goes, when it comes, how much of it; money and stock follow."""

from collections.abc import Iterator
from datetime import time
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from samband.commerce.fulfillment import arranging, slotting
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.promise import DAYS
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.fulfillment.refusals import NotPermitted, SlotFull, UnknownSlot
from samband.commerce.inventory import commands as stock
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import queries as orders
from samband.commerce.orders.refusals import NotPlaced, TooFewOrdered
from samband.commerce.payments import queries as payments
from samband.commerce.payments import reconciling
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.refusals import AddressIncomplete
from samband.customers.accounts.rules import Particulars
from samband.flows import change_order, finish_order
from samband.flows.audit import audit
from samband.flows.change_order import Fewer, OtherCountry, SlotDoesNotReach
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import KeyReused, Refusal
from samband.timeline.delivering import deliver
from tests.commerce.shelves import racing
from tests.console.counter import HOME, bought
from tests.worlds import CUP, LAMP, REYKJAVIK, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    yield
    fresh_processes()


def ordered(*skus: str, method: str = "ship") -> FulfillmentView:
    order_id = bought(*skus, method=method).order_id
    (view,) = fulfillments.of_order(order_id)
    return view


def slots(**given: Any) -> list[fulfillments.SlotView]:
    """Slots are open every day from Reykjavík."""
    rule = {"location": REYKJAVIK, "country": "IS", "time_zone": "Atlantic/Reykjavik", "days": DAYS, "capacity": 1}
    arranging.save_slot_rule(new_id(), **{**rule, "starts": time(17), "ends": time(19), **given})
    slotting.open_slots()
    return list(fulfillments.slots("IS", "101", now(), [REYKJAVIK]))


def again(view: FulfillmentView) -> FulfillmentView:
    return fulfillments.fulfillment(view.id)


def stands(order_id: UUID) -> tuple[str, int, int]:
    """The order's state, what it was agreed at, and what went back of it."""
    deliver()
    order = orders.order(order_id)
    return order.state, order.total.amount, order.refunded.amount


def free(sku: str) -> int:
    return next(at.available for at in inventory.available([sku])[sku] if at.location == REYKJAVIK)


def balanced() -> bool:
    deliver()
    assert list(audit()) == []
    return True


# Where it goes


def test_a_parcel_goes_to_another_address():
    view = ordered(CUP)
    there = Particulars("Jón Jónsson", "Skólavörðustígur 3", "Reykjavík", "IS", "101")
    for _ in range(2):
        change_order.change_address(view.id, there, key="move")
    assert accounts.address(again(view).address_id or view.id).given == there
    (group,) = orders.order(view.order_id).groups
    assert group.address_id == again(view).address_id
    assert (again(view).promised_until, group.promised_until) == (view.promised_until, view.promised_until)
    with pytest.raises(KeyReused):
        change_order.change_address(view.id, HOME, key="move")
    assert balanced()


def test_an_address_that_will_not_do_changes_nothing():
    view, pickup = ordered(CUP), ordered(LAMP, method="pickup")
    with pytest.raises(OtherCountry):
        change_order.change_address(view.id, Particulars("Jón", "High Street 1", "London", "GB", "E1"), key="a")
    with pytest.raises(AddressIncomplete):
        change_order.change_address(view.id, Particulars("", "", "", "IS"), key="b")
    with pytest.raises(NotPermitted):
        change_order.change_address(pickup.id, HOME, key="c")
    fulfillment.start_picking(view.id)
    with pytest.raises(NotPermitted):
        change_order.change_address(view.id, HOME, key="d")
    assert again(view).address_id == view.address_id
    assert orders.order(view.order_id).groups[0].address_id == view.address_id


# When it comes


def test_a_parcel_comes_in_a_slot_then_in_another_then_by_carrier():
    view, (first, second, *_) = ordered(CUP), slots()
    for _ in range(2):
        change_order.change_slot(view.id, first.id, key="one")
    assert (again(view).slot_id, again(view).promised_from) == (first.id, first.starts_at)
    assert fulfillments.slot(first.id).left == 0
    change_order.change_slot(view.id, second.id, key="two")
    assert (fulfillments.slot(first.id).left, fulfillments.slot(second.id).left) == (1, 0)
    group = orders.order(view.order_id).groups[0]
    assert (group.slot_id, group.promised_until) == (second.id, second.ends_at)
    assert balanced()
    change_order.change_slot(view.id, None, key="three")
    assert again(view).slot_id is None
    assert again(view).promised_until == view.promised_until
    assert fulfillments.slot(second.id).left == 1
    assert balanced()


def test_a_slot_that_is_full_leaves_the_parcel_in_its_own():
    view, other, (first, second, *_) = ordered(CUP), ordered(CUP), slots()
    change_order.change_slot(view.id, first.id, key="one")
    change_order.change_slot(other.id, second.id, key="two")
    with pytest.raises(SlotFull):
        change_order.change_slot(view.id, second.id, key="three")
    with pytest.raises(UnknownSlot):
        change_order.change_slot(view.id, new_id(), key="four")
    assert again(view).slot_id == first.id
    assert balanced()


def test_a_slot_must_reach_where_the_parcel_goes():
    view, (near, *_) = ordered(CUP), slots(postcodes=("10",))
    slots(location="LON")
    far = fulfillments.slots("IS", "101", now(), ["LON"])[0]
    with pytest.raises(SlotDoesNotReach):
        change_order.change_slot(view.id, far.id, key="from elsewhere")
    change_order.change_slot(view.id, near.id, key="near")
    with pytest.raises(SlotDoesNotReach):
        change_order.change_address(view.id, Particulars("Jón", "Strandgata 1", "Akureyri", "IS", "600"), key="far")
    assert again(view).slot_id == near.id
    assert balanced()


def test_what_may_be_changed_is_told_until_it_is_picked():
    view, (slot, *_) = ordered(CUP), slots()
    (may,) = change_order.changeable(view.order_id)
    assert (may.redirects, slot.id in {one.id for one in may.slots}) == (True, True)
    fulfillment.start_picking(view.id)
    assert change_order.changeable(view.order_id) == ()
    (pickup,) = change_order.changeable(ordered(CUP, method="pickup").order_id)
    assert (pickup.redirects, pickup.slots) == (False, ())


def test_of_many_who_change_to_one_slot_at_once_one_gets_it():
    views, (slot, *_) = [ordered(CUP) for _ in range(4)], slots()
    answers = racing(*[partial(change_order.change_slot, view.id, slot.id, key=f"k{view.id}") for view in views])
    assert sum(isinstance(one, SlotFull) for one in answers) == 3
    assert fulfillments.slot(slot.id).left == 0
    assert balanced()


# Fewer of a line


def test_units_that_are_not_wanted_go_back_to_the_shelf_and_their_money_to_the_customer():
    view = ordered(CUP, CUP, CUP, LAMP, method="pickup")
    before = free(CUP)
    for _ in range(2):
        done = change_order.fewer(view.id, CUP, 2, key="less")
    assert done == Fewer(view.order_id, Money(2_980, "ISK"), cancelled=False)
    assert free(CUP) == before + 2
    assert [(line.sku, line.quantity, line.called_off) for line in again(view).lines] == [(CUP, 1, 2), (LAMP, 1, 0)]
    assert stands(view.order_id) == ("placed", 19_370, 2_980)
    assert balanced()


def test_a_line_may_be_taken_off_whole():
    view = ordered(CUP, LAMP, method="pickup")
    assert change_order.fewer(view.id, LAMP, 1, key="less").amount == Money(14_900, "ISK")
    assert [line.sku for line in again(view).lines] == [CUP]
    fulfillment.start_picking(view.id)
    fulfillment.pick(view.id, CUP, 1)
    finish_order.make_ready(view.id, in_future(days=3), key="ready")
    finish_order.hand_over(view.id, again(view).pickup_code or "", key="over")
    assert stands(view.order_id) == ("completed", 16_390, 14_900)
    assert balanced()


def test_the_last_units_call_the_order_off():
    view = ordered(CUP, CUP, method="pickup")
    assert not change_order.fewer(view.id, CUP, 1, key="one").cancelled
    for _ in range(2):
        last = change_order.fewer(view.id, CUP, 1, key="two")
        assert last.cancelled
    assert stands(view.order_id) == ("cancelled", 2_980, 2_980)
    assert {intent.state for intent in payments.of_order(view.order_id)} == {"refunded"}
    with pytest.raises(Refusal):
        change_order.fewer(view.id, CUP, 1, key="three")
    assert balanced()


def test_a_parcel_of_which_nothing_is_left_is_called_off_and_its_slot_free():
    stock.count("LON", (Position("LON", CUP, 0),), "none are there")
    order_id = bought(CUP, "LAST-TEN", method="ship").order_id
    views = fulfillments.of_order(order_id)
    assert {view.location for view in views} == {"RVK", "LON"}, "from two places"
    here = next(view for view in views if view.location == REYKJAVIK)
    (slot, *_) = slots()
    change_order.change_slot(here.id, slot.id, key="slot")
    change_order.fewer(here.id, CUP, 1, key="less")
    assert again(here).state == "cancelled"
    assert fulfillments.slot(slot.id).left == 1
    assert stands(order_id)[0] == "placed"
    assert balanced()


def test_what_cannot_be_taken_off_is_refused_and_nothing_changes():
    view = ordered(CUP, CUP, LAMP, method="pickup")
    for refusal, sku, many in ((TooFewOrdered, CUP, 3), (TooFewOrdered, "SOFA-GREY", 1)):
        with pytest.raises(refusal):
            change_order.fewer(view.id, sku, many, key=f"{sku}{many}")
    fulfillment.start_picking(view.id)
    with pytest.raises(NotPermitted):
        change_order.fewer(view.id, CUP, 1, key="late")
    assert stands(view.order_id) == ("placed", 17_880, 0)
    all_of_it = ordered(CUP, CUP, method="pickup")
    fulfillment.start_picking(all_of_it.id)
    with pytest.raises(NotPermitted):
        change_order.fewer(all_of_it.id, CUP, 2, key="later")
    assert stands(all_of_it.order_id) == ("placed", 2_980, 0)
    assert balanced()


def test_a_kill_before_the_money_went_back_loses_nothing(monkeypatch):
    view = ordered(CUP, CUP, method="pickup")

    def killed(*asked: Any, **how: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(change_order, "refund_order", killed)
    with pytest.raises(KeyboardInterrupt):
        change_order.fewer(view.id, CUP, 1, key="less")
    assert stands(view.order_id)[2] == 0
    with held_at(in_future(minutes=5)):
        reconciling.reconcile()
    assert stands(view.order_id)[2] == 1_490
    assert balanced()


def test_two_who_take_off_the_last_units_at_once_call_the_order_off_once():
    view = ordered(CUP, LAMP, method="pickup")
    answers = racing(
        partial(change_order.fewer, view.id, CUP, 1, key="cup"),
        partial(change_order.fewer, view.id, LAMP, 1, key="lamp"),
    )
    assert [type(one) for one in answers if isinstance(one, Refusal)] in ([], [NotPlaced])
    state, total, refunded = stands(view.order_id)
    assert (state, refunded) in (("cancelled", total), ("placed", 1_490), ("placed", 14_900))
    assert balanced()


def test_picking_and_taking_off_at_once_never_both_have_the_unit():
    for _ in range(4):
        view = ordered(CUP, CUP, method="pickup")
        racing(
            partial(fulfillment.start_picking, view.id), partial(change_order.fewer, view.id, CUP, 1, key=str(view.id))
        )
        now_is = again(view)
        assert sum(line.quantity for line in now_is.lines) == (1 if now_is.lines[0].called_off else 2)
    assert balanced()
