"""For whom, where and when a promotion holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from .promotions import WEEKDAYS, Promotion

MIDNIGHT, DAYS_END = "00:00", "24:00"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a price, and where. An absent group or place is none."""

    market: str
    channel: str
    group: str | None = None
    segments: frozenset[str] = frozenset()
    place: str = ""


def holds_for(promotion: Promotion, asker: Asker) -> bool:
    """Whether the promotion is for them, at some time."""
    return (
        (not promotion.channels or asker.channel in promotion.channels)
        and (not promotion.markets or asker.market in promotion.markets)
        and (not promotion.groups or asker.group in promotion.groups)
        and (not promotion.segments or not promotion.segments.isdisjoint(asker.segments))
        and (not promotion.places or any(_covers(place, asker.place) for place in promotion.places))
    )


def _covers(place: str, spot: str) -> bool:
    return spot == place or spot.startswith(f"{place}/")


def holds_at(promotion: Promotion, at: datetime, zone: str) -> bool:
    """Whether it holds at this moment; days and hours are those of the zone."""
    if promotion.valid_from is not None and at < promotion.valid_from:
        return False
    if promotion.valid_until is not None and at >= promotion.valid_until:
        return False
    return not is_weekly(promotion) or _in_hours(promotion, at.astimezone(ZoneInfo(zone)))


def is_timed(promotion: Promotion) -> bool:
    """Whether it holds at some moments only."""
    return promotion.valid_from is not None or promotion.valid_until is not None or is_weekly(promotion)


def is_weekly(promotion: Promotion) -> bool:
    """Whether it comes and goes with days of the week or hours of the day."""
    return bool(promotion.weekdays or promotion.from_hour or promotion.until_hour)


def _in_hours(promotion: Promotion, local: datetime) -> bool:
    since, until = promotion.from_hour or MIDNIGHT, promotion.until_hour or DAYS_END
    hour, day = f"{local:%H:%M}", local.weekday()
    if since < until:
        return since <= hour < until and _on(promotion, day)
    # Past midnight: the small hours belong to the day before.
    return (hour >= since and _on(promotion, day)) or (hour < until and _on(promotion, (day - 1) % 7))


def _on(promotion: Promotion, day: int) -> bool:
    return not promotion.weekdays or WEEKDAYS[day] in promotion.weekdays


def ever_holds(promotion: Promotion, zone: str) -> bool:
    """Whether it holds at any moment of its window."""
    if promotion.valid_from is None or promotion.valid_until is None:
        return True
    if promotion.valid_from >= promotion.valid_until:
        return False
    return any(holds_at(promotion, moment, zone) for moment in _turns(promotion, zone))


def _turns(promotion: Promotion, zone: str) -> Iterator[datetime]:
    """Moments at which it could begin to hold: its first, and every hour of beginning within the eight days after."""
    assert promotion.valid_from is not None
    yield promotion.valid_from
    local = promotion.valid_from.astimezone(ZoneInfo(zone))
    hour, minute = map(int, (promotion.from_hour or MIDNIGHT).split(":"))
    for days in range(9):
        day = local.date() + timedelta(days=days)
        yield datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
