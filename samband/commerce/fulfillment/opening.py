"""Which delivery slots a rule opens, and when. Pure: values in, values out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .promise import DAYS, is_holiday


@dataclass(frozen=True, slots=True)
class Opened:
    """A slot: from when to when, and until when it may be ordered."""

    starts_at: datetime
    ends_at: datetime
    order_until: datetime


def slots_of(
    days: Sequence[str],
    starts: time,
    ends: time,
    *,
    country: str,
    time_zone: str,
    notice: timedelta,
    opens_days: int,
    at: datetime,
) -> Iterator[Opened]:
    """The slots that a rule has open at a moment: on its days that are no holiday, and not closed for orders yet.

    `starts` and `ends` are on the clocks of the zone; where those are set forward over them, the slot is left out.
    """
    zone = ZoneInfo(time_zone)
    today = at.astimezone(zone).date()
    for ahead in range(opens_days + 1):
        day = today + timedelta(days=ahead)
        if DAYS[day.weekday()] not in days or is_holiday(day, country):
            continue
        begins, ends_at = _moment(day, starts, zone), _moment(day, ends, zone)
        if begins < ends_at and begins - notice > at:
            yield Opened(begins, ends_at, begins - notice)


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
