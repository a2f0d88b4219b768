"""What inventory can be asked."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.geography import Place

from .allocation import AllotmentView as AllotmentView
from .allocation import FencePage as FencePage
from .allocation import FenceView as FenceView
from .allocation import allotment as allotment
from .allocation import allotments as allotments
from .allocation import allotted as allotted
from .allocation import fence as fence
from .allocation import fences as fences
from .models import Hold, HoldLine, Level, Location, Move
from .refusals import UnknownHold, UnknownLocation

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


# An array that comes out of an inner select has no length that the planner could plan anew for.
_AVAILABLE = """
select sku, location, on_hand, held, safety, greatest(on_hand - held - safety - others, 0), others
from (
    select *, fenced - coalesce((fences -> %s::text ->> 'left')::bigint, 0) as others
    from inventory_level where sku = any((select %s::text[])::text[])
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
from inventory_level where sku = any((select %s::text[])::text[])
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
