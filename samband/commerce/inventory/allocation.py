"""What inventory can be asked about goods that are spoken for in advance: fences of channels, allotments of devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from .giving_back import GiveBack
from .models import Hold, HoldLine
from .refusals import UnknownFence, UnknownHold

FENCES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class FenceView:
    """Units of a SKU at a location kept for a channel: `quantity` at first, `left` now, and the rules that end it.

    `ended_for` says why it ended: unfenced, stock_gone, until, closing, idle, needed_elsewhere.
    """

    id: UUID
    channel: str
    location: str
    sku: str
    quantity: int
    left: int
    until: datetime | None
    give_back: GiveBack
    opened_at: datetime
    ended_at: datetime | None
    ended_for: str


@dataclass(frozen=True, slots=True)
class FencePage:
    """One page of fences; `more` tells that another follows."""

    rows: tuple[FenceView, ...]
    page: int
    more: bool


_FENCES = """
select f.id, f.channel, f.location, f.sku, f.quantity,
    coalesce(case when f.ended_at is null then (l.fences -> f.channel ->> 'left')::bigint end, 0),
    f.opened_at, f.ended_at, f.ended_for, f.until, f.hours_before_closing, f.idle_days, f.free_below
from inventory_fence f join inventory_level l on l.sku = f.sku and l.location = f.location
"""


def fence(fence_id: UUID) -> FenceView:
    """One fence. Raises UnknownFence."""
    for found in _fences("where f.id = %s::uuid", [fence_id]):
        return found
    raise UnknownFence(fence_id=str(fence_id))


def fences(location: str = "", channel: str = "", sku: str = "", page: int = 1) -> FencePage:
    """Open fences in the order of SKU, location and channel, fifty a page; `sku` is the beginning of one."""
    start = (max(page, 1) - 1) * FENCES_A_PAGE
    found = _fences(
        "where f.ended_at is null and (%s = '' or f.location = %s) and (%s = '' or f.channel = %s)"
        " and starts_with(f.sku, %s) order by f.sku, f.location, f.channel offset %s limit %s",
        [location, location, channel, channel, sku, start, FENCES_A_PAGE + 1],
    )
    return FencePage(tuple(found[:FENCES_A_PAGE]), max(page, 1), more=len(found) > FENCES_A_PAGE)


def ruled_fences() -> list[FenceView]:
    """The open fences that something may end, the one that was opened last before the others."""
    return _fences(
        "where f.ended_at is null and num_nonnulls(f.until, f.hours_before_closing, f.idle_days, f.free_below) > 0"
        " order by f.opened_at desc, f.id desc",
        [],
    )


def last_taken(fence_id: UUID) -> datetime | None:
    """When something was last taken out of a fence, by an order or a device."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select max(h.created_at) from inventory_holdline l join inventory_hold h on h.id = l.hold"
            " where l.fence = %s::uuid",
            [fence_id],
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def free_anywhere(sku: str) -> int:
    """Units of a SKU that are free for everybody, over all locations."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(greatest(on_hand - held - safety - fenced, 0)), 0)::bigint"
            " from inventory_level where sku = %s",
            [sku],
        )
        return int(cursor.fetchone()[0])


def _fences(which: str, values: list[Any]) -> list[FenceView]:
    with connection.cursor() as cursor:
        cursor.execute(_FENCES + which, values)
        return [_fence(row) for row in cursor.fetchall()]


def _fence(row: Sequence[Any]) -> FenceView:
    fence_id, channel, location, sku, quantity, left, opened_at, ended_at, ended_for, until, hours, days, below = row
    rules = GiveBack(hours_before_closing=hours, idle_days=days, free_below=below)
    return FenceView(fence_id, channel, location, sku, quantity, left, until, rules, opened_at, ended_at, ended_for)


@dataclass(frozen=True, slots=True)
class AllotmentLine:
    """Units of a SKU at a location: `quantity` ever given to the device, `left` still set aside for it."""

    location: str
    sku: str
    quantity: int
    left: int


@dataclass(frozen=True, slots=True)
class AllotmentView:
    """What a device may sell by itself until `sells_until`; freed at `lapses_at` if it never said what it sold."""

    id: UUID
    device: str
    channel: str
    state: str
    sells_until: datetime
    lapses_at: datetime
    lines: tuple[AllotmentLine, ...]


def allotment(allotment_id: UUID) -> AllotmentView:
    """One allotment, open or over. Raises UnknownHold, also for what is no allotment."""
    for found in _allotments(Hold.objects.filter(pk=allotment_id, kind="allotment")):
        return found
    raise UnknownHold(hold_id=str(allotment_id))


def allotments(location: str = "") -> tuple[AllotmentView, ...]:
    """The open allotments (of a location, if one is named), the one that ends first before the others."""
    found = _allotments(Hold.objects.filter(kind="allotment", state="live").order_by("sells_until", "id"))
    if not location:
        return found
    return tuple(each for each in found if any(line.location == location for line in each.lines))


def _allotments(rows: QuerySet[Hold]) -> tuple[AllotmentView, ...]:
    holds = list(rows)
    lines: dict[UUID, list[AllotmentLine]] = {hold.id: [] for hold in holds}
    for line in HoldLine.objects.filter(hold_id__in=list(lines)).order_by("sku", "location"):
        lines[line.hold_id].append(AllotmentLine(line.location, line.sku, line.quantity, line.left))
    return tuple(
        AllotmentView(
            hold.id, hold.device, hold.channel, hold.state, hold.sells_until or hold.lapses_at, hold.lapses_at,
            tuple(lines[hold.id]),
        )
        for hold in holds
    )  # fmt: skip


_ALLOTTED = """
select l.location, l.sku, sum(l."left")::bigint
from inventory_holdline l
join unnest(%s::text[], %s::text[]) as s (location, sku) on s.sku = l.sku and s.location = l.location
join inventory_hold h on h.id = l.hold
where l."left" > 0 and h.kind = 'allotment'
group by l.location, l.sku
"""


def allotted(spots: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """How many units till devices have of the levels (location, SKU); those without any are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_ALLOTTED, [[spot[0] for spot in spots], [spot[1] for spot in spots]])
        return {(location, sku): units for location, sku, units in cursor.fetchall()}
