"""When a fence gives its units back to everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_AHEAD = 15


@dataclass(frozen=True, kw_only=True)
class GiveBack:
    """When a fence gives its units back, whichever comes first; by a rule that is None it never does.

    `hours_before_closing` so long before its location next closes; `idle_days` after the channel took nothing out of
    it for so many days; `free_below` once fewer units than that are free for everybody, wherever they lie.
    """

    hours_before_closing: float | None = None
    idle_days: int | None = None
    free_below: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask about: when the fence was opened, when something was last taken out of it, how many units are
    free for everybody, and the hours of its location, in its own zone.
    """

    opened_at: datetime
    taken_at: datetime | None
    free: int
    opening: Mapping[str, tuple[str, str]]
    time_zone: str


def due(until: datetime | None, rules: GiveBack, facts: Facts, at: datetime) -> str:
    """What ends the fence at this moment: until, closing, idle or needed_elsewhere; "" while it stands."""
    if until is not None and until <= at:
        return "until"
    if rules.hours_before_closing is not None:
        closing = before_closing(facts, timedelta(hours=rules.hours_before_closing))
        if closing is not None and closing <= at:
            return "closing"
    if rules.idle_days is not None:
        taken = max(facts.opened_at, facts.taken_at or facts.opened_at)
        if taken + timedelta(days=rules.idle_days) <= at:
            return "idle"
    if rules.free_below is not None and facts.free < rules.free_below:
        return "needed_elsewhere"
    return ""


def before_closing(facts: Facts, ahead: timedelta) -> datetime | None:
    """The first moment after the fence was opened that lies so long before a closing time; None if it never closes."""
    zone = ZoneInfo(facts.time_zone)
    today = facts.opened_at.astimezone(zone).date()
    for days in range(DAYS_AHEAD):
        closes = _closes(facts.opening, today + timedelta(days=days), zone)
        if closes and closes - ahead > facts.opened_at:
            return closes - ahead
    return None


def _closes(opening: Mapping[str, tuple[str, str]], day: date, zone: ZoneInfo) -> datetime | None:
    if hours := opening.get(WEEKDAYS[day.weekday()]):
        midnight = hours[1] == "24:00"
        clock = time() if midnight else time.fromisoformat(hours[1])
        return datetime.combine(day + timedelta(days=midnight), clock, zone).astimezone(UTC)
    return None
