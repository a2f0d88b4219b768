"""What can be asked about delivery slots: which there are, for whom, how full, and by which rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import connection

from .models import SlotRule
from .refusals import UnknownSlot

_COLUMNS = "select id, location, country, starts_at, ends_at, order_until, capacity, taken, capacity - taken"
_REACHES = "(postcodes = '{}' or exists (select from unnest(postcodes) begins where starts_with(%s, begins)))"


@dataclass(frozen=True, slots=True)
class SlotView:
    """A delivery slot. `left`: how many may still take it; `order_until` is when it closes."""

    id: UUID
    location: str
    country: str
    starts_at: datetime
    ends_at: datetime
    order_until: datetime
    capacity: int
    taken: int
    left: int


@dataclass(frozen=True, slots=True)
class SlotRuleView:
    """By which slots are opened every week; times are on the clocks of `time_zone`. No postcodes: the whole country."""

    id: UUID
    location: str
    country: str
    time_zone: str
    days: tuple[str, ...]
    starts: time
    ends: time
    capacity: int
    notice_minutes: int
    opens_days: int
    postcodes: tuple[str, ...]


def slots(country: str, postcode: str, at: datetime, locations: Sequence[str], most: int = 200) -> tuple[SlotView, ...]:
    """The slots in which one of these locations brings goods to a postcode, the soonest first; the full ones too."""
    return _slots(
        f"{_COLUMNS} from fulfillment_slot where country = %s and order_until > %s::timestamptz"
        f" and location = any(%s::text[]) and {_REACHES} order by starts_at, ends_at, location, id limit %s::int",
        [country, at, list(locations), _typed(postcode), most],
    )


def slot(slot_id: UUID) -> SlotView:
    """One delivery slot. Raises UnknownSlot."""
    found = _slots(f"{_COLUMNS} from fulfillment_slot where id = %s::uuid", [slot_id])
    if not found:
        raise UnknownSlot(slot=str(slot_id))
    return found[0]


def slot_reaches(slot_id: UUID, location: str, country: str, postcode: str) -> bool:
    """Whether in this slot something is brought from a location to a postcode."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from fulfillment_slot where id = %s::uuid and location = %s and country = %s"
            f" and {_REACHES})",
            [slot_id, location, country, _typed(postcode)],
        )
        return bool(cursor.fetchone()[0])


def slot_rules(location: str | None = None) -> tuple[SlotRuleView, ...]:
    """The rules that open slots, of one location or all, in the order of the day."""
    rows = SlotRule.objects.filter(active=True)
    if location is not None:
        rows = rows.filter(location=location)
    return tuple(_rule(row) for row in rows.order_by("location", "starts", "ends", "id"))


def slot_load(begins: datetime, until: datetime, location: str | None = None, most: int = 500) -> tuple[SlotView, ...]:
    """The slots that begin from a moment until another, of one location or all, the soonest first."""
    return _slots(
        f"{_COLUMNS} from fulfillment_slot where starts_at >= %s::timestamptz and starts_at < %s::timestamptz"
        " and (%s::text is null or location = %s::text) order by starts_at, location, id limit %s::int",
        [begins, until, location, location, most],
    )


def _typed(postcode: str) -> str:
    return "".join(postcode.upper().split()).replace("\x00", "")


def _slots(statement: str, values: Sequence[Any]) -> tuple[SlotView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(SlotView(*row) for row in cursor.fetchall())


def _rule(row: SlotRule) -> SlotRuleView:
    return SlotRuleView(
        id=row.pk,
        location=row.location,
        country=row.country,
        time_zone=row.time_zone,
        days=tuple(row.days),
        starts=row.starts,
        ends=row.ends,
        capacity=row.capacity,
        notice_minutes=row.notice_minutes,
        opens_days=row.opens_days,
        postcodes=tuple(row.postcodes),
    )
