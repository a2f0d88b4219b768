"""What must balance in fulfillment: nothing half-picked, nothing empty, each slot counts who has a place in it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection

from samband.kernel.clock import now

LONGEST_RESERVED = timedelta(days=10)
"""Longer than any draft waits to be paid: a transfer takes seven days."""

_EMPTY = """
select number from fulfillment_fulfillment f
where not exists (select from fulfillment_fulfillmentline l where l.fulfillment = f.id)
order by number
"""

_HALF_PICKED = """
select f.number, f.state, l.sku, l.picked, l.quantity - l.called_off
from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id
where l.picked < l.quantity - l.called_off and f.state in ('ready', 'handed_over', 'expired', 'shipped', 'delivered')
order by f.number, l.sku
"""

_PICKED_TOO_EARLY = """
select distinct f.number from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id
where l.picked > 0 and f.state = 'requested'
order by f.number
"""

_UNTIMED = """
select number, state from fulfillment_fulfillment
where case state
    when 'picking' then picking_at when 'ready' then ready_at when 'handed_over' then handed_over_at
    when 'shipped' then shipped_at when 'delivered' then delivered_at when 'expired' then expired_at
    when 'cancelled' then cancelled_at else created_at end is null
order by number
"""


_NOTHING_LEFT = """
select f.number from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id
where f.state <> 'cancelled' group by f.id having sum(l.quantity - l.called_off) = 0 order by f.number
"""

_SLOTS_MISCOUNTED = """
select slot.id, slot.taken, count(place.id)
from fulfillment_slot slot left join fulfillment_slotplace place on place.slot = slot.id and place.state <> 'freed'
group by slot.id having slot.taken <> count(place.id) order by slot.id
"""

_RESERVED_FOR_LONG = """
select slot, order_id from fulfillment_slotplace
where state = 'reserved' and reserved_at < %s::timestamptz order by reserved_at, id
"""

_BROUGHT_WITHOUT_A_PLACE = """
select f.number, f.slot_id from fulfillment_fulfillment f
where f.slot_id is not null and f.state in ('requested', 'picking') and not exists (
    select from fulfillment_slotplace place
    where place.slot = f.slot_id and place.order_id = f.order_id and place.state = 'kept')
order by f.number
"""


def findings() -> Iterator[str]:
    """One sentence for each fulfillment that does not add up."""
    for (number,) in _rows(_EMPTY):
        yield f"Fulfillment {number} has no lines."
    for number, state, sku, picked, quantity in _rows(_HALF_PICKED):
        yield f"Fulfillment {number} is {state}, but only {picked} of {quantity} of {sku} were picked."
    for (number,) in _rows(_PICKED_TOO_EARLY):
        yield f"Fulfillment {number} is only requested, but something was picked for it."
    for number, state in _rows(_UNTIMED):
        yield f"Fulfillment {number} is {state}, but nobody knows since when."
    for (number,) in _rows(_NOTHING_LEFT):
        yield f"Of fulfillment {number} everything was called off, but it was not cancelled."
    for slot, taken, places in _rows(_SLOTS_MISCOUNTED):
        yield f"Delivery slot {slot} counts {taken} orders, but {places} have a place in it."
    for slot, order in _rows(_RESERVED_FOR_LONG, now() - LONGEST_RESERVED):
        yield f"Order {order} has a place in delivery slot {slot} that was neither kept nor freed."
    for number, slot in _rows(_BROUGHT_WITHOUT_A_PLACE):
        yield f"Fulfillment {number} is brought in delivery slot {slot}, in which its order has no place."


def _rows(statement: str, *values: Any) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        while batch := cursor.fetchmany(1000):
            yield from batch
