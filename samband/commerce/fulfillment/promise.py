"""When a customer can have the goods: the one promise that every channel gives.

A parcel leaves on the day it is ordered if it can be packed before the carrier comes and the day is a working day where
it leaves, else on the next working day; then it travels for so many working days of the country it goes to. A pickup is
ready once the store has been open for two hours, or for as long as it takes to work off what is waiting there already.
Weekends are Saturday and Sunday; holidays are the national ones (England's for Great Britain), half days counting as
whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from samband.kernel.geography import TIME_ZONES
from samband.kernel.refusal import Invalid

from .refusals import InvalidOpening, NoPromise

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
READY_AFTER_OPEN = timedelta(hours=2)
TO_PICK_ONE = timedelta(minutes=30)
"""What an order takes once it is its turn; so much work that is waiting counts as none."""

MOST_WAITING = timedelta(hours=80)
"""More waiting work than this is counted as this: the retailer finds more hands before we stop selling."""

STEP = timedelta(minutes=15)
"""Work that is waiting is counted in such steps, so that a promise does not waver with every unit."""

LONGEST_WAIT_DAYS = 60
"""A store that is not open for two hours within so many days promises nothing."""

CUT_OFF: dict[str, time] = {
    "IS": time(14),
    "PL": time(15),
    "LV": time(14),
    "GR": time(13),
    "GB": time(16),
}
"""When the carrier comes, by the country a parcel leaves, on the origin's clocks; ordered that minute is too late."""

DELIVERY_HOURS = (time(8), time(20))
"""Between which hours carriers deliver, on the clocks of the country they deliver in."""

TRANSIT_DAYS: dict[tuple[str, str], tuple[int, int]] = {
    ("IS", "IS"): (1, 2), ("IS", "PL"): (5, 8), ("IS", "LV"): (5, 9), ("IS", "GR"): (6, 10), ("IS", "GB"): (3, 6),
    ("PL", "IS"): (5, 8), ("PL", "PL"): (1, 2), ("PL", "LV"): (2, 3), ("PL", "GR"): (4, 6), ("PL", "GB"): (4, 6),
    ("LV", "IS"): (5, 9), ("LV", "PL"): (2, 3), ("LV", "LV"): (1, 2), ("LV", "GR"): (4, 7), ("LV", "GB"): (4, 7),
    ("GR", "IS"): (6, 10), ("GR", "PL"): (4, 6), ("GR", "LV"): (4, 7), ("GR", "GR"): (1, 3), ("GR", "GB"): (5, 8),
    ("GB", "IS"): (3, 6), ("GB", "PL"): (4, 6), ("GB", "LV"): (4, 7), ("GB", "GR"): (5, 8), ("GB", "GB"): (1, 2),
}  # fmt: skip
"""Working days on the way, at least and at most, from country to country."""

STANDARD = "standard"
"""The carrier's ordinary service."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A way that a carrier goes: when it comes, on the origin's clocks, and working days on the way, at least and most.

    Ordered that minute is too late.
    """

    carrier: str
    cut_off: time
    least_days: int
    most_days: int


Lanes = Mapping[tuple[str, str, str], Lane]
"""Ways by the country they leave, the country they reach, and the service."""

USUAL_LANES: Lanes = {
    (one, other, STANDARD): Lane("", CUT_OFF[one], *days) for (one, other), days in TRANSIT_DAYS.items()
}
"""What holds unless the retailer has written something else down."""

Opening = Mapping[str, Sequence[str]]
"""Opening and closing time by day, such as {"mon": ("10:00", "18:00")}; a day that is not named is closed."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the goods are now: the country, the clocks there, when the place is open, and how much work waits there."""

    country: str
    time_zone: str
    opening: Opening
    backlog: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Promise:
    """Not before `earliest`, not after `latest`: moments on the clocks of the store, or of the country shipped to.

    For a pickup `earliest` is when somebody can begin and `latest` when it is ready; for a parcel they are the first
    and the last delivery hour.
    """

    kind: str
    earliest: datetime
    latest: datetime


def promise(
    kind: str,
    origin: Origin,
    at: datetime,
    destination: str = "",
    *,
    service: str = STANDARD,
    lanes: Lanes = USUAL_LANES,
) -> Promise:
    """What is promised to somebody who orders at this moment: `kind` pickup at the origin, or ship to a country.

    Raises NoPromise if the store does not open, or no carrier goes that way; InvalidOpening for hours that are none.
    """
    if kind == "pickup":
        return pickup_promise(origin, at)
    if kind != "ship":
        raise Invalid("Goods are shipped or picked up.", kind=str(kind)[:20])
    return parcel_promise(origin, at, destination, service=service, lanes=lanes)


def pickup_promise(origin: Origin, at: datetime) -> Promise:
    """Ready once the store has been open for two hours from now, or longer if more waits. Raises as `promise`.

    Counted from the next full minute: nobody is promised microseconds, and whoever asks twice is told the same.
    """
    zone = ZoneInfo(origin.time_zone)
    begins, ready = _worked(origin, _next_minute(at), max(READY_AFTER_OPEN, _waiting(origin) + TO_PICK_ONE))
    return Promise("pickup", begins.astimezone(zone), ready.astimezone(zone))


def _next_minute(at: datetime) -> datetime:
    return at + timedelta(microseconds=-(at.second * 1_000_000 + at.microsecond) % 60_000_000)


def parcel_promise(
    origin: Origin, at: datetime, destination: str, *, service: str = STANDARD, lanes: Lanes = USUAL_LANES
) -> Promise:
    """Delivered on working days of the destination, counted from the day the parcel leaves. Raises NoPromise."""
    lane = lanes.get((origin.country, destination, service))
    if lane is None or destination not in TIME_ZONES:
        raise NoPromise(reason="no_carrier", country=str(destination)[:8])
    leaves = departure(origin, at, lane.cut_off)
    zone = ZoneInfo(TIME_ZONES[destination])
    first, last = (working_day_after(leaves, days, destination) for days in (lane.least_days, lane.most_days))
    return Promise(
        "ship",
        datetime.combine(first, DELIVERY_HOURS[0], zone),
        datetime.combine(last, DELIVERY_HOURS[1], zone),
    )


def departure(origin: Origin, at: datetime, cut_off: time | None = None) -> date:
    """The day on which a parcel ordered now leaves its origin. Raises NoPromise if it is never worked off there."""
    there = _packed(origin, at).astimezone(ZoneInfo(origin.time_zone))
    missed = there.time() >= (cut_off or CUT_OFF[origin.country])
    day = there.date() + timedelta(days=1 if missed else 0)
    while not is_working_day(day, origin.country):
        day += timedelta(days=1)
    return day


def _packed(origin: Origin, at: datetime) -> datetime:
    """When the work that waits is done; a place without opening hours works around the clock."""
    waiting = _waiting(origin)
    if not waiting:
        return at
    return _worked(origin, at, waiting)[1] if any(origin.opening.values()) else at + waiting


def _waiting(origin: Origin) -> timedelta:
    """The work that waits, in whole steps; little enough is none."""
    if origin.backlog <= TO_PICK_ONE:
        return timedelta()
    return -(-min(origin.backlog, MOST_WAITING) // STEP) * STEP


def _worked(origin: Origin, at: datetime, still: timedelta) -> tuple[datetime, datetime]:
    """When the place is next open, and when it has been open for so long since. Raises NoPromise, InvalidOpening."""
    begins: datetime | None = None
    for opens, closes in _open_from(origin, at):
        begins = begins or opens
        if opens + still <= closes:
            return begins, opens + still
        still -= closes - opens
    raise NoPromise(reason="closed")


def working_day_after(day: date, days: int, country: str) -> date:
    """The so-manieth working day of a country after a day."""
    while days:
        day += timedelta(days=1)
        if is_working_day(day, country):
            days -= 1
    return day


def is_working_day(day: date, country: str) -> bool:
    """Neither Saturday, Sunday nor a national holiday."""
    return day.weekday() < 5 and not is_holiday(day, country)


def is_holiday(day: date, country: str) -> bool:
    """A national holiday of the country, or half of one. Raises NoPromise for a country we do not trade in."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> HolidayBase:
    if country not in TIME_ZONES:
        raise NoPromise(reason="unknown_country", country=str(country)[:8])
    if country == "GB":
        return country_holidays("GB", subdiv="ENG", years=year)
    if country == "IS":
        return country_holidays("IS", categories=("public", "half_day"), years=year)
    return country_holidays(country, years=year)


def _open_from(origin: Origin, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretches in which the store is open from a moment on, in UTC: an hour stays an hour when clocks change."""
    zone = ZoneInfo(origin.time_zone)
    at = at.astimezone(UTC)
    today = at.astimezone(zone).date()
    for day in (today + timedelta(days=days) for days in range(LONGEST_WAIT_DAYS)):
        hours = _hours(origin.opening, day)
        if hours is None or is_holiday(day, origin.country):
            continue
        opens, closes = (_moment(day, clock, zone) for clock in hours)
        opens = max(opens, at)
        if opens < closes:
            yield opens, closes


def _hours(opening: Opening, day: date) -> tuple[str, str] | None:
    hours = opening.get(DAYS[day.weekday()])
    if not hours:
        return None
    if len(hours) != 2:
        raise InvalidOpening()
    return (hours[0], hours[1])


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    try:
        return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)
    except ValueError as error:
        raise InvalidOpening() from error
