"""Statements on levels and holds that the caller has locked before, in the order of `ledger`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.clock import now

from .claims import Kept, Part
from .reading import Spot, columns

_DRAW = """
update inventory_level l
set held = l.held + part.quantity, fenced = l.fenced - part.drawn,
    fences = case when part.drawn > 0 then jsonb_set(
        l.fences, array[%(channel)s::text, 'left'],
        to_jsonb((l.fences -> %(channel)s::text ->> 'left')::bigint - part.drawn)
    ) else l.fences end
from unnest(%(locations)s::text[], %(skus)s::text[], %(quantities)s::bigint[], %(drawn)s::bigint[])
    as part (location, sku, quantity, drawn)
where l.sku = part.sku and l.location = part.location
"""


def draw(parts: Sequence[Part], channel: str) -> None:
    """Take units out of their levels for a claim, those `drawn` out of the channel's fence."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, {**_parts(parts), "channel": channel})


_GROW = """
insert into inventory_holdline as l (hold, location, sku, quantity, "left", drawn, fence)
select %(hold)s::uuid, location, sku, quantity, quantity, drawn, fence
from unnest(
    %(locations)s::text[], %(skus)s::text[], %(quantities)s::bigint[], %(drawn)s::bigint[], %(fences)s::uuid[]
) as part (location, sku, quantity, drawn, fence)
on conflict (hold, sku, location) do update
set quantity = l.quantity + excluded.quantity, "left" = l."left" + excluded."left",
    drawn = excluded.drawn + case when coalesce(excluded.fence, l.fence) = l.fence then l.drawn else 0 end,
    fence = coalesce(excluded.fence, l.fence)
"""


def grow(allotment_id: UUID, parts: Sequence[Part]) -> None:
    """Put units that were drawn into an allotment. What it had of a fence that ended by now counts as free units."""
    with connection.cursor() as cursor:
        cursor.execute(_GROW, {**_parts(parts), "hold": allotment_id})


_PROLONG = "update inventory_hold set sells_until = %s::timestamptz, lapses_at = %s::timestamptz where id = %s::uuid"


def prolong(allotment_id: UUID, sells_until: datetime, lapses_at: datetime) -> None:
    """Let a device sell until a later moment."""
    with connection.cursor() as cursor:
        cursor.execute(_PROLONG, [sells_until, lapses_at, allotment_id])


_HAND_ON = """
with hold as (
    insert into inventory_hold (id, kind, state, channel, lapses_at, created_at)
    values (%(order)s::uuid, 'order', 'kept', %(channel)s::text, %(at)s::timestamptz, %(at)s::timestamptz)
    on conflict (id) do nothing
    returning id
),
line as (
    insert into inventory_holdline (hold, location, sku, quantity, "left", drawn, fence)
    select hold.id, part.location, part.sku, part.quantity, part.quantity, part.drawn, part.fence
    from hold, unnest(
        %(locations)s::text[], %(skus)s::text[], %(quantities)s::bigint[], %(drawn)s::bigint[], %(fences)s::uuid[]
    ) as part (location, sku, quantity, drawn, fence)
),
less as (
    update inventory_holdline l set "left" = l."left" - part.quantity, drawn = l.drawn - part.drawn
    from hold, unnest(
        %(from_locations)s::text[], %(from_skus)s::text[], %(from_quantities)s::bigint[], %(from_drawn)s::bigint[]
    ) as part (location, sku, quantity, drawn)
    where l.hold = %(allotment)s::uuid and l.sku = part.sku and l.location = part.location
)
select exists (select from hold)
"""


def hand_on(
    allotment_id: UUID, order_id: UUID, channel: str, lines: Sequence[Part], of_allotment: Sequence[Part]
) -> bool:
    """Make lines the allocation of an order, some of them out of an allotment; False if there is such a hold."""
    asked: dict[str, Any] = {
        **_parts(lines),
        "order": order_id,
        "allotment": allotment_id,
        "channel": channel,
        "at": now(),
    }
    asked |= {f"from_{name}": values for name, values in _parts(of_allotment).items() if name != "fences"}
    with connection.cursor() as cursor:
        cursor.execute(_HAND_ON, asked)
        return bool(cursor.fetchone()[0])


_OPEN = """
insert into inventory_fence (id, channel, location, sku, quantity, until, hours_before_closing, idle_days, free_below,
    opened_at, ended_for)
values (%s::uuid, %s, %s, %s, %s::bigint, %s::timestamptz, %s::float8, %s::int, %s::bigint, %s::timestamptz, '')
on conflict (id) do nothing
"""


def open_fence(fence_id: UUID, channel: str, spot: Spot, quantity: int, *rules: datetime | float | None) -> bool:
    """Write a fence down with its rules (until, hours before closing, idle days, free below); False if it is known."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [fence_id, channel, *spot, quantity, *rules, now()])
        return bool(cursor.rowcount)


_END = "update inventory_fence set ended_at = %s::timestamptz, ended_for = %s where id = any(%s::uuid[])"


def end_fences(fence_ids: Sequence[UUID], reason: str) -> None:
    """Write down that fences ended, and why."""
    with connection.cursor() as cursor:
        cursor.execute(_END, [now(), reason, list(fence_ids)])


_REFENCE = """
update inventory_level set fenced = %s::bigint, fences = %s::jsonb where location = %s and sku = %s
"""


def refence(spot: Spot, fences: Mapping[str, Kept]) -> None:
    """Let these be the fences of a level."""
    told = msgspec.json.encode(fences).decode() if fences else None
    with connection.cursor() as cursor:
        cursor.execute(_REFENCE, [sum(kept.left for kept in fences.values()), told, *spot])


def _parts(parts: Sequence[Part]) -> dict[str, Any]:
    return {
        **columns(parts),
        "drawn": [part.drawn for part in parts],
        "fences": [part.fence for part in parts],
    }
