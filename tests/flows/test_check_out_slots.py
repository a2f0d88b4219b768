"""Goods brought in a delivery slot: the one that was chosen, however many others there are."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest

from samband.commerce.cart import commands as carts
from samband.commerce.fulfillment import arranging, slotting
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.promise import DAYS
from samband.commerce.payments.providers.sandbox import tokenise
from samband.customers.accounts.rules import Particulars
from samband.flows.basket import basket
from samband.flows.check_out import Checkout, NoSuchWay, Outcome, Part, Tender, check_out
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from tests.worlds import CUP, REYKJAVIK, fresh_processes, small_world

pytestmark = pytest.mark.django_db(transaction=True)

HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
RULE = {
    "location": REYKJAVIK, "country": "IS", "time_zone": "Atlantic/Reykjavik", "days": DAYS, "capacity": 1,
    "notice_minutes": 60, "opens_days": 14,
}  # fmt: skip
HOURS = range(6, 22)


@pytest.fixture(autouse=True)
def _house(transactional_db: None) -> Iterator[None]:
    small_world()
    for hour in HOURS:
        arranging.save_slot_rule(new_id(), **RULE, starts=time(hour), ends=time(hour + 1))
    slotting.open_slots()
    yield
    fresh_processes()


def bought_in(slot: fulfillments.SlotView) -> Outcome:
    cart = carts.open_cart("IS")
    carts.put(cart.id, CUP, 1)
    seen = basket(cart.id, "shop", None, "ship")
    assert seen.quote is not None
    return check_out(
        Checkout(
            cart_id=cart.id,
            version=seen.cart.version,
            customer_id=None,
            channel="shop",
            language="is",
            email="anna@example.com",
            name="Anna",
            parts=(Part(kind="ship", address=HOME, slot_id=slot.id),),
            tenders=(Tender(method="card", token=tokenise("4242424242424242", "12/99", "123")),),
            seen_total=seen.quote.total,
        ),
        key=str(slot.id),
    )


def test_the_last_of_many_slots_is_as_good_as_the_first():
    slots = fulfillments.slots("IS", "101", now(), [REYKJAVIK], most=1000)
    assert len(slots) > 200
    assert [bought_in(slot).state for slot in (slots[0], slots[-1])] == ["placed", "placed"]
    assert [fulfillments.slot(slot.id).left for slot in (slots[0], slots[-1])] == [0, 0]


def test_nobody_comes_where_the_slot_does_not_reach_nor_once_it_is_closed():
    soon = fulfillments.slots("IS", "101", now(), [REYKJAVIK])[0]
    with held_at(soon.order_until + timedelta(seconds=1)), pytest.raises(NoSuchWay):
        bought_in(soon)
    arranging.save_slot_rule(new_id(), **{**RULE, "postcodes": ("600",)}, starts=time(5), ends=time(6))
    slotting.open_slots()
    (far, *_) = [slot for slot in fulfillments.slots("IS", "600", now(), [REYKJAVIK], most=1000)
                 if slot not in fulfillments.slots("IS", "101", now(), [REYKJAVIK], most=1000)]  # fmt: skip
    with pytest.raises(NoSuchWay):
        bought_in(far)
