"""Goods leave the house, or go back to the shelf: stock, order and money go along."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.payments import queries as payments
from samband.flows import finish_order
from samband.kernel.clock import held_at, in_future
from tests.console.counter import bought
from tests.worlds import CUP, LAMP, fresh_processes, small_world

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
