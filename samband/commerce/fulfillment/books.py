"""What must balance in fulfillment: nothing half-picked, nothing empty, each slot counts who has a place in it."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.clock import now

LONGEST_RESERVED = timedelta(days=10)
"""Longer than any draft waits to be paid: a transfer takes seven days."""

RELATION = """
select id as fulfillment_id, number, order_id, customer_id, address_id, state,
       handed_over_at is not null as was_handed_over, shipped_at is not null as was_shipped
from fulfillment_fulfillment
"""
"""Every parcel, pickup and handing over that was ever asked for."""

WORKLOADS = """
select f.order_id, sum(l.quantity)::bigint as asked,
       coalesce(sum(l.quantity - l.called_off) filter (where f.state in ('requested', 'picking', 'ready')), 0)::bigint
           as with_us
from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id group by f.order_id
"""
"""How many units were asked for of each order, and how many of them have not left the house yet."""

SUBSTITUTIONS = "select id as substitution_id from fulfillment_substitution"
"""What was proposed instead of something; its goods are held under its id."""

PLACES = "select id as place_id, slot, order_id, state from fulfillment_slotplace"
"""Places in delivery slots."""

CHECKS = (
    Check(
        "empty",
        "Fulfillment {number} has no lines.",
        """
select number from fulfillment_fulfillment f
where not exists (select from fulfillment_fulfillmentline l where l.fulfillment = f.id)
order by number
""",
    ),
    Check(
        "half_picked",
        "Fulfillment {number} is {state}, but only {picked} of {quantity} of {sku} were picked.",
        """
select f.number, f.state, l.sku, l.picked, l.quantity - l.called_off as quantity
from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id
where l.picked < l.quantity - l.called_off and f.state in ('ready', 'handed_over', 'expired', 'shipped', 'delivered')
order by f.number, l.sku
""",
    ),
    Check(
        "picked_too_early",
        "Fulfillment {number} is only requested, but something was picked for it.",
        """
select distinct f.number from fulfillment_fulfillment f join fulfillment_fulfillmentline l on l.fulfillment = f.id
where l.picked > 0 and f.state = 'requested'
order by f.number
""",
    ),
    Check(
        "untimed",
        "Fulfillment {number} is {state}, but nobody knows since when.",
        """
select number, state from fulfillment_fulfillment
where case state
    when 'picking' then picking_at when 'ready' then ready_at when 'handed_over' then handed_over_at
    when 'shipped' then shipped_at when 'delivered' then delivered_at when 'expired' then expired_at
    when 'cancelled' then cancelled_at else created_at end is null
order by number
""",
    ),
    Check(
        "nothing_left",
        "Of fulfillment {number} everything was called off, but it was not cancelled.",
        """
select f.number from fulfillment_fulfillment f join (
    select fulfillment from fulfillment_fulfillmentline group by fulfillment having sum(quantity - called_off) = 0
) l on l.fulfillment = f.id
where f.state <> 'cancelled' order by f.number
""",
    ),
    Check(
        "slots_miscounted",
        "Delivery slot {slot} counts {taken} orders, but {places} have a place in it.",
        """
select slot.id as slot, slot.taken, count(place.id) as places
from fulfillment_slot slot left join fulfillment_slotplace place on place.slot = slot.id and place.state <> 'freed'
group by slot.id having slot.taken <> count(place.id) order by slot.id
""",
    ),
    Check(
        "reserved_for_long",
        "Order {order_id} has a place in delivery slot {slot} that was neither kept nor freed.",
        """
select slot, order_id from fulfillment_slotplace
where state = 'reserved' and reserved_at < %(before)s::timestamptz order by reserved_at, id
""",
        lambda: {"before": now() - LONGEST_RESERVED},
    ),
    Check(
        "brought_without_a_place",
        "Fulfillment {number} is brought in delivery slot {slot}, in which its order has no place.",
        """
select f.number, f.slot_id as slot from fulfillment_fulfillment f
where f.slot_id is not null and f.state in ('requested', 'picking') and not exists (
    select from fulfillment_slotplace place
    where place.slot = f.slot_id and place.order_id = f.order_id and place.state = 'kept')
order by f.number
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each fulfillment that does not add up."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
