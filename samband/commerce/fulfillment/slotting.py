"""What fulfillment can be told about delivery slots: an order's place in one is reserved, kept or freed.

Whoever also touches stock in the same transaction does that first: everybody then waits in one order and nobody
deadlocks.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.events.fulfillment import SlotFreed, SlotReserved
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.timeline import command, record_all

from .models import Slot, SlotPlace, SlotRule
from .opening import slots_of
from .refusals import SlotClosed, SlotFull, UnknownSlot

LIVE = ("reserved", "kept")

# An order that has a place takes no second one; the place is counted by whoever wrote it down.
_RESERVE = """
with made as (
    insert into fulfillment_slotplace (id, slot, order_id, state, reserved_at)
    select %(id)s::uuid, slot.id, %(order)s::uuid, 'reserved', %(now)s::timestamptz
    from fulfillment_slot slot
    where slot.id = %(slot)s::uuid and slot.taken < slot.capacity and slot.order_until > %(now)s::timestamptz
    on conflict (order_id, slot) where state in ('reserved', 'kept') do nothing
    returning slot
), counted as (
    update fulfillment_slot slot set taken = taken + 1 from made
    where slot.id = made.slot and slot.taken < slot.capacity returning slot.id
)
select slot.starts_at, slot.ends_at, exists (select from made), exists (select from counted)
from fulfillment_slot slot where slot.id = %(slot)s::uuid
"""

_FREE = """
with freed as (
    update fulfillment_slotplace set state = 'freed', freed_at = %(now)s::timestamptz
    where order_id = %(order)s::uuid and state in ('reserved', 'kept')
      and (%(slot)s::uuid is null or slot = %(slot)s::uuid)
    returning slot
), counted as (
    update fulfillment_slot slot set taken = taken - 1 from freed where slot.id = freed.slot
)
select slot from freed order by slot
"""


@command
def reserve_slot(slot_id: UUID, order_id: UUID) -> SlotReserved:
    """Give an order a place in a slot. Asking twice is asking once.

    Raises UnknownSlot, SlotClosed with `order_until`, or SlotFull; then nothing is reserved.
    """
    values = {"id": new_id(), "slot": slot_id, "order": order_id, "now": now()}
    row = _one(_RESERVE, values)
    if row is None:
        raise UnknownSlot(slot=str(slot_id))
    starts_at, ends_at, made, counted = row
    if not counted and (made or not _has_place(order_id, slot_id)):
        raise _why_not(slot_id)
    return SlotReserved(order_id=order_id, slot_id=slot_id, starts_at=starts_at, ends_at=ends_at)


def _has_place(order_id: UUID, slot_id: UUID) -> bool:
    return SlotPlace.objects.filter(order_id=order_id, slot_id=slot_id, state__in=LIVE).exists()


def _why_not(slot_id: UUID) -> SlotClosed | SlotFull:
    slot = Slot.objects.get(pk=slot_id)
    if slot.order_until <= now():
        return SlotClosed(slot=str(slot_id), order_until=slot.order_until.isoformat())
    return SlotFull(slot=str(slot_id), capacity=slot.capacity)


def keep_slot(order_id: UUID) -> bool:
    """The order stands: its places in slots are kept. Safe to repeat; tells whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update fulfillment_slotplace set state = 'kept' where order_id = %s::uuid and state in"
            " ('reserved', 'kept')",
            [order_id],
        )
        return bool(cursor.rowcount)


@transaction.atomic(savepoint=False)
def free_slot(order_id: UUID, slot_id: UUID | None = None) -> bool:
    """Free an order's place in this slot, or in all it has. Safe to repeat; tells whether there was one."""
    with connection.cursor() as cursor:
        cursor.execute(_FREE, {"order": order_id, "slot": slot_id, "now": now()})
        freed = [SlotFreed(order_id=order_id, slot_id=slot) for (slot,) in cursor.fetchall()]
    record_all(freed)
    return bool(freed)


_OPEN = """
insert into fulfillment_slot (
    id, rule_id, location, country, postcodes, starts_at, ends_at, order_until, capacity, taken)
select slot.id, rule.id, rule.location, rule.country, rule.postcodes, slot.starts_at, slot.ends_at, slot.order_until,
       rule.capacity, 0
from fulfillment_slotrule rule, unnest(
    %(ids)s::uuid[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(until)s::timestamptz[]
) as slot (id, starts_at, ends_at, order_until)
where rule.id = %(rule)s::uuid and rule.active
on conflict (rule_id, starts_at) do nothing
"""


def open_slots() -> int:
    """Open what the rules say is open by now; returns how many slots are new. Safe to repeat."""
    at, opened = now(), 0
    for rule in SlotRule.objects.filter(active=True).order_by("id"):
        due = list(
            slots_of(
                rule.days,
                rule.starts,
                rule.ends,
                country=rule.country,
                time_zone=rule.time_zone,
                notice=timedelta(minutes=rule.notice_minutes),
                opens_days=rule.opens_days,
                at=at,
            )
        )
        values: dict[str, Any] = {
            "rule": rule.id,
            "ids": [new_id() for _ in due],
            "starts": [slot.starts_at for slot in due],
            "ends": [slot.ends_at for slot in due],
            "until": [slot.order_until for slot in due],
        }
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, values)
            opened += cursor.rowcount
    return opened


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
