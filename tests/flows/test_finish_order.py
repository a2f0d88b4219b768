"""Goods leave the house, or go back to the shelf: stock, order and money go along."""

from collections.abc import Iterator
from datetime import time
from uuid import UUID

import pytest

from samband.commerce.fulfillment import arranging, labels, slotting
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.promise import DAYS
from samband.commerce.fulfillment.refusals import NotPermitted
from samband.commerce.inventory import queries as inventory
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import queries as payments
from samband.engagement.messaging import queries as messages
from samband.flows import carry_parcels, finish_order
from samband.kernel.clock import held_at, in_future, now
from samband.kernel.goods import Line
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline.delivering import deliver
from tests.console.counter import bought
from tests.worlds import CUP, LAMP, REYKJAVIK, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    yield
    fresh_processes()


def picked(sku: str, **how: str) -> tuple[UUID, UUID]:
    """Bought and in the basket; the order and its fulfillment."""
    order_id = bought(sku, **how).order_id  # type: ignore[arg-type]
    (one,) = fulfillments.of_order(order_id)
    fulfillment.start_picking(one.id)
    fulfillment.pick(one.id, sku, 1)
    return order_id, one.id


def state(one: UUID) -> str:
    return fulfillments.fulfillment(one).state


def test_a_pickup_that_cannot_expire_keeps_no_other_from_expiring() -> None:
    until = in_future(days=3)
    odd_order, odd = picked(LAMP)
    fulfillment.make_ready(odd, until)
    order_commands.complete(odd_order)  # its goods never left: an expiry cannot call this order off any more
    order_id, one = picked(CUP)
    fulfillment.make_ready(one, in_future(days=4))
    with held_at(in_future(days=5)):
        finish_order.expire_pickups()
    assert state(odd) == "ready"
    assert state(one) == "expired"
    assert orders.order(order_id).state == "cancelled"
    assert {intent.state for intent in payments.of_order(order_id)} == {"refunded"}


def refund(order_id: UUID, amount: Money | None = None, key: str = "all") -> None:
    (intent,) = payments.of_order(order_id)
    asking.ask_to_refund(intent.id, amount or intent.kept, "goodwill", key)


def test_goods_stay_with_us_once_all_their_money_went_back() -> None:
    pickup_order, pickup = picked(CUP)
    parcel_order, parcel = picked(LAMP, method="ship")
    waiting_order, waiting = picked(CUP)
    finish_order.make_ready(waiting, in_future(days=3), key="ready")
    for order_id in (pickup_order, parcel_order, waiting_order):
        refund(order_id)
    code = fulfillments.fulfillment(waiting).pickup_code or ""
    for step in (
        lambda: finish_order.make_ready(pickup, in_future(days=3), key="step"),
        lambda: finish_order.ship(parcel, "Post", key="step"),
        lambda: finish_order.hand_over(waiting, code, key="step"),
    ):
        with pytest.raises(finish_order.NothingIsPaid):
            step()
    assert [state(one) for one in (pickup, parcel, waiting)] == ["picking", "picking", "ready"]


def test_what_is_partly_paid_leaves_and_what_left_may_be_told_again() -> None:
    order_id, parcel = picked(LAMP, method="ship")
    refund(order_id, Money(100, "ISK"), key="a part")
    sent = finish_order.ship(parcel, "Post", key="sent")
    refund(order_id)
    assert finish_order.ship(parcel, "Post", key="sent") == sent


def asked_for(order_id: UUID, kind: str) -> UUID:
    """Instead of being picked up, it is served or carried along."""
    (pickup,) = fulfillments.of_order(order_id)
    fulfillment.cancel(pickup.id, "another way")
    one = new_id()
    at = in_future(minutes=1)
    fulfillment.request(one, order_id, None, kind, REYKJAVIK, (Line(LAMP, 1),), at, at, place="table-7")
    return one


def test_what_is_carried_along_or_served_needs_no_code_and_leaves_the_shelf() -> None:
    carried, served = (asked_for(bought(LAMP).order_id, kind) for kind in ("carry", "serve"))
    for _ in range(2):
        finish_order.hand_over(carried, key="gone")
    with pytest.raises(NotPermitted):
        finish_order.hand_over(served, key="not ready")
    fulfillment.start_picking(served)
    fulfillment.pick(served, LAMP, 1)
    fulfillment.ready_to_serve(served)
    finish_order.hand_over(served, key="brought")
    assert (state(carried), state(served)) == ("handed_over", "handed_over")
    (there,) = [at for at in inventory.available([LAMP])[LAMP] if at.location == REYKJAVIK]
    assert (there.on_hand, there.held) == (3, 0)


def test_what_nobody_pays_for_any_more_is_not_carried_away() -> None:
    order_id = bought(LAMP).order_id
    carried = asked_for(order_id, "carry")
    refund(order_id)
    with pytest.raises(finish_order.NothingIsPaid):
        finish_order.hand_over(carried, key="gone")
    assert state(carried) == "requested"


def test_an_order_that_is_called_off_leaves_its_slot_and_its_label() -> None:
    order_id, parcel = picked(LAMP, method="ship")
    arranging.save_slot_rule(
        new_id(), location=REYKJAVIK, country="IS", time_zone="Atlantic/Reykjavik", days=DAYS, starts=time(17),
        ends=time(19), capacity=1,
    )  # fmt: skip
    slotting.open_slots()
    slot = fulfillments.slots("IS", "101", now(), [REYKJAVIK])[0]
    slotting.reserve_slot(slot.id, order_id)
    slotting.keep_slot(order_id)
    label = carry_parcels.buy_label(parcel, "sandbox", label_id=new_id())
    finish_order.cancel_order(order_id, "customer", key="off")
    assert fulfillments.slot(slot.id).left == 1
    deliver()
    assert labels.label(label.id).unwanted


def test_two_refunds_of_the_same_amount_are_two_mails() -> None:
    order_id = bought(LAMP).order_id
    for key in ("one", "two", "two"):
        refund(order_id, Money(500, "ISK"), key)
    deliver()
    (intent,) = payments.of_order(order_id)
    told = [one for one in messages.about(f"intent:{intent.id}") if one.kind == "refunded"]
    assert len(told) == 2
    assert orders.order(order_id).refunded == Money(1_000, "ISK")
