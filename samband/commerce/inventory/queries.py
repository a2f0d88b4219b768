"""What inventory can be asked."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from samband.kernel.geography import Place

from .models import Hold, HoldLine, Level, Location, Move
from .refusals import UnknownFence, UnknownHold, UnknownLocation

REMEMBERED_SECONDS = 5.0
LEVELS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class LocationView:
    """A store or a warehouse. `opening` maps mon … sun to opening and closing time in its own `time_zone`."""

    code: str
    kind: str
    name: str
    names: Mapping[str, str]
    market: str
    country: str
    address: Mapping[str, str]
    place: Place | None
    time_zone: str
    opening: Mapping[str, tuple[str, str]]
    pickup: bool
    ships: bool
    position: int


@dataclass(frozen=True, slots=True)
class AtLocation:
    """Units at a location; `available` is what may still be promised to the channel that was asked for: on hand less
    held less safety less what is `fenced` for other channels, never below 0.
    """

    location: str
    on_hand: int
    held: int
    safety: int
    available: int
    fenced: int


@dataclass(frozen=True, slots=True)
class LevelView:
    """Units of a SKU at a location; `available` to everybody, for what is `fenced` belongs to its channels."""

    location: str
    sku: str
    on_hand: int
    held: int
    safety: int
    available: int
    fenced: int


@dataclass(frozen=True, slots=True)
class LevelPage:
    """One page of levels; `more` tells that another follows."""

    rows: tuple[LevelView, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class MoveView:
    """One line of the ledger. `quantity` is signed; `reference` of an issue is the hold it went out for."""

    id: UUID
    location: str
    sku: str
    quantity: int
    kind: str
    reason: str
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldLineView:
    """Units of a SKU at a location: `quantity` set aside at first, `left` still."""

    location: str
    sku: str
    quantity: int
    left: int


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold. `state`: live, kept, closed."""

    id: UUID
    state: str
    lapses_at: datetime
    created_at: datetime
    lines: tuple[HoldLineView, ...]


_remembered: tuple[float, dict[str, LocationView]] | None = None


def locations() -> dict[str, LocationView]:
    """Every location by its code, in the retailer's order. Remembered for a few seconds in each process."""
    global _remembered
    remembered = _remembered
    if remembered and time.monotonic() < remembered[0]:
        return remembered[1]
    found = {row.code: _location(row) for row in Location.objects.order_by("position", "code")}
    # Inside a transaction we may see what others never will: its own changes, rolled back after all.
    if not connection.in_atomic_block:
        _remembered = (time.monotonic() + REMEMBERED_SECONDS, found)
    return found


def location(code: str) -> LocationView:
    """One location. Raises UnknownLocation."""
    if found := locations().get(code):
        return found
    raise UnknownLocation(location=str(code)[:40])


def forget_locations() -> None:
    """Read the locations anew when they are next asked for."""
    global _remembered
    _remembered = None


def _location(row: Location) -> LocationView:
    place = None
    if row.latitude is not None and row.longitude is not None:
        place = Place(row.latitude, row.longitude)
    return LocationView(
        row.code, row.kind, row.name, row.names, row.market, row.country, row.address, place, row.time_zone,
        {day: (opens, closes) for day, (opens, closes) in row.opening.items()}, row.pickup, row.ships, row.position,
    )  # fmt: skip


_AVAILABLE = """
select sku, location, on_hand, held, safety, greatest(on_hand - held - safety - others, 0), others
from (
    select *, fenced - coalesce((fences -> %s::text ->> 'left')::bigint, 0) as others
    from inventory_level where sku = any(%s::text[])
) level
order by sku, location
"""


def available(skus: Sequence[str], channel: str = "") -> dict[str, tuple[AtLocation, ...]]:
    """What may be promised of each SKU to a channel (to any, if none is named) at each location that has a level of it.

    One statement; none is left out.
    """
    found: dict[str, list[AtLocation]] = {sku: [] for sku in skus}
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABLE, [channel, list(found)])
        for sku, *at in cursor.fetchall():
            found[sku].append(AtLocation(*at))
    return {sku: tuple(at) for sku, at in found.items()}


_PLACES = """
select string_agg(sku || E'\\t' || location, E'\\n')
from inventory_level where sku = any(%s::text[])
    and on_hand - held - safety - fenced + coalesce((fences -> %s::text ->> 'left')::bigint, 0) > 0
"""


def places(skus: Sequence[str], channel: str = "") -> dict[str, frozenset[str]]:
    """The locations where a channel can have each SKU now, for lists of many; one that is sold out is left out.

    One statement that answers in one row: a list asks this of a hundred SKUs at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [list(skus), channel])
        (told,) = cursor.fetchone()
    found: dict[str, set[str]] = {}
    for pair in told.split("\n") if told else ():
        sku, _, location = pair.partition("\t")
        found.setdefault(sku, set()).add(location)
    return {sku: frozenset(locations) for sku, locations in found.items()}


def levels(location: str | None = None, sku: str | None = None, page: int = 1) -> LevelPage:
    """Levels in the order of SKU and location, fifty a page; `sku` is the beginning of one."""
    rows = Level.objects.order_by("sku", "location_id")
    if location:
        rows = rows.filter(location_id=location)
    if sku:
        rows = rows.filter(sku__startswith=sku)
    start = (max(page, 1) - 1) * LEVELS_A_PAGE
    found = list(rows[start : start + LEVELS_A_PAGE + 1])
    return LevelPage(tuple(_level(row) for row in found[:LEVELS_A_PAGE]), max(page, 1), more=len(found) > LEVELS_A_PAGE)


def _level(row: Level) -> LevelView:
    free = max(row.on_hand - row.held - row.safety - row.fenced, 0)
    return LevelView(row.location_id, row.sku, row.on_hand, row.held, row.safety, free, row.fenced)


def ledger(sku: str, location: str | None = None, before: UUID | None = None, most: int = 50) -> tuple[MoveView, ...]:
    """The moves of a SKU, newest first; `before` is the id where the last page ended."""
    rows = Move.objects.filter(sku=sku)
    if location:
        rows = rows.filter(location=location)
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(
        MoveView(row.id, row.location, row.sku, row.quantity, row.kind, row.reason, row.reference, row.at)
        for row in rows.order_by("-id")[:most]
    )


def hold(hold_id: UUID) -> HoldView:
    """A hold and its lines, in the order of SKU and location. Raises UnknownHold."""
    found = Hold.objects.filter(pk=hold_id).first()
    if found is None:
        raise UnknownHold(hold_id=str(hold_id))
    lines = HoldLine.objects.filter(hold_id=hold_id).order_by("sku", "location")
    return HoldView(
        found.id, found.state, found.lapses_at, found.created_at,
        tuple(HoldLineView(line.location, line.sku, line.quantity, line.left) for line in lines),
    )  # fmt: skip


def claims(location: str, sku: str, most: int = 50) -> tuple[UUID, ...]:
    """The open holds that units of a level are set aside for, oldest first."""
    lines = HoldLine.objects.filter(location=location, sku=sku, left__gt=0).order_by("hold_id")
    return tuple(lines.values_list("hold_id", flat=True)[:most])


@dataclass(frozen=True, slots=True)
class HoldStanding:
    """A hold in the fewest words, for comparing books: its state, and how many units it still keeps."""

    state: str
    left: int


def hold_standings(hold_ids: Sequence[UUID]) -> dict[UUID, HoldStanding]:
    """How these holds stand; those we do not know are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            'select h.id, h.state, coalesce(sum(l."left"), 0)::bigint from inventory_hold h'
            " left join inventory_holdline l on l.hold = h.id where h.id = any(%s::uuid[]) group by h.id, h.state",
            [list(hold_ids)],
        )
        return {hold_id: HoldStanding(state, left) for hold_id, state, left in cursor.fetchall()}


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


@dataclass(frozen=True, slots=True)
class FenceView:
    """Units of a SKU at a location kept for a channel: `quantity` at first, `left` now, and what ends it.

    `ended_for` says why it ended: unfenced, stock_gone, until, closing, idle, needed_elsewhere.
    """

    id: UUID
    channel: str
    location: str
    sku: str
    quantity: int
    left: int
    until: datetime | None
    hours_before_closing: float | None
    idle_days: int | None
    free_below: int | None
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
    f.until, f.hours_before_closing, f.idle_days, f.free_below, f.opened_at, f.ended_at, f.ended_for
from inventory_fence f join inventory_level l on l.sku = f.sku and l.location = f.location
"""


def fence(fence_id: UUID) -> FenceView:
    """One fence. Raises UnknownFence."""
    for found in _fences("where f.id = %s::uuid", [fence_id]):
        return found
    raise UnknownFence(fence_id=str(fence_id))


def fences(location: str = "", channel: str = "", sku: str = "", page: int = 1) -> FencePage:
    """Open fences in the order of SKU, location and channel, fifty a page; `sku` is the beginning of one."""
    start = (max(page, 1) - 1) * LEVELS_A_PAGE
    found = _fences(
        "where f.ended_at is null and (%s = '' or f.location = %s) and (%s = '' or f.channel = %s)"
        " and starts_with(f.sku, %s) order by f.sku, f.location, f.channel offset %s limit %s",
        [location, location, channel, channel, sku, start, LEVELS_A_PAGE + 1],
    )
    return FencePage(tuple(found[:LEVELS_A_PAGE]), max(page, 1), more=len(found) > LEVELS_A_PAGE)


def _fences(which: str, values: list[Any]) -> list[FenceView]:
    with connection.cursor() as cursor:
        cursor.execute(_FENCES + which, values)
        return [FenceView(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class AllotmentView:
    """What a device may sell by itself until `sells_until`; freed at `lapses_at` if it never said what it sold."""

    id: UUID
    device: str
    channel: str
    state: str
    sells_until: datetime
    lapses_at: datetime
    lines: tuple[HoldLineView, ...]


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
    lines: dict[UUID, list[HoldLineView]] = {hold.id: [] for hold in holds}
    for line in HoldLine.objects.filter(hold_id__in=list(lines)).order_by("sku", "location"):
        lines[line.hold_id].append(HoldLineView(line.location, line.sku, line.quantity, line.left))
    return tuple(
        AllotmentView(
            hold.id, hold.device, hold.channel, hold.state, hold.sells_until or hold.lapses_at, hold.lapses_at,
            tuple(lines[hold.id]),
        )
        for hold in holds
    )  # fmt: skip
