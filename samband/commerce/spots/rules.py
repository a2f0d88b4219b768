"""When a code is good, who is in the store, and who is looked at at the door. Values in, values out."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from samband.kernel.geography import Place, distance_km

from .refusals import CodeAhead, CodeStale, InvalidSpot
from .signing import Shown

KINDS = ("table", "seat", "shelf", "product", "door")
SERVED = ("table", "seat")
"""Kinds to which goods are brought."""

SELLING = ("shelf", "product")
"""Kinds that speak of one SKU."""

SHOWN_LASTS = timedelta(minutes=3)
"""How long a code from a screen is good: long enough to find the camera, too short to send to a friend."""

CLOCKS_DIFFER = timedelta(minutes=1)
"""By how much the clocks of two of our servers may differ."""

VISIT_LASTS = timedelta(hours=4)
AFTER_CLOSING = timedelta(minutes=30)
"""How long after closing somebody who is inside may still pay and leave."""

NEAR_METRES = 250.0
MOST_INACCURATE_METRES = 300.0
"""A phone between walls is told its place to some hundred metres; one that knows less says nothing."""

WORD_DIGITS = 5
MOST_WRONG_WORDS = 10
"""In an hour, from one address."""

LOOKED_AT_PERCENT = 8
LOOKED_AT_PERCENT_OF_MANY = 25
MANY_PIECES = 15

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_spot(kind: str, code: str, name: str, sku: str | None, category: str) -> None:
    """Raises InvalidSpot with the `field` that cannot be so."""
    if kind not in KINDS:
        raise InvalidSpot(field="kind")
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise InvalidSpot(field="code")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 60 or not name.isprintable():
        raise InvalidSpot(field="name")
    if (kind in SELLING) != (sku is not None):
        raise InvalidSpot(field="sku")
    if category and kind not in SERVED:
        raise InvalidSpot(field="category")


# --- a code on a screen


def minute_of(at: datetime) -> int:
    """The minute since 1970 (UTC)."""
    return int(at.timestamp() // 60)


def check_fresh(said: Shown, at: datetime) -> None:
    """Raises CodeStale for a code that has left the screen, CodeAhead for one that was not there yet."""
    began = datetime.fromtimestamp(said.minute * 60, UTC)
    if at >= began + SHOWN_LASTS:
        raise CodeStale()
    if at < began - CLOCKS_DIFFER:
        raise CodeAhead()


# --- being there


def closes_at(opening: Mapping[str, Sequence[str]], zone: str, at: datetime) -> datetime | None:
    """When a store that is open now closes; None if it is closed. Hours are on the store's own clocks."""
    local = at.astimezone(ZoneInfo(zone))
    hours = opening.get(DAYS[local.weekday()])
    if not hours:
        return None
    opens, closes = (_moment(local.date(), clock, zone) for clock in hours)
    return closes if opens <= at < closes else None


def opens_at(opening: Mapping[str, Sequence[str]], zone: str, day: date) -> datetime | None:
    """When a store opens on a day of its own calendar; None if it does not."""
    hours = opening.get(DAYS[day.weekday()])
    return _moment(day, hours[0], zone) if hours else None


def _moment(day: date, clock: str, zone: str) -> datetime:
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def good_until(at: datetime, closes: datetime) -> datetime:
    """Until when a visit that begins now lasts."""
    return min(at + VISIT_LASTS, closes + AFTER_CLOSING)


def is_near(store: Place | None, phone: Place, accuracy_metres: float) -> bool:
    """Whether a phone is at the store, giving it the benefit of its own doubt, up to a limit."""
    if store is None or not 0 <= accuracy_metres <= MOST_INACCURATE_METRES:
        return False
    return distance_km(store, phone) * 1000 <= NEAR_METRES + accuracy_metres


def word_of_the_day(key: bytes, location: str, edition: int, day: date) -> str:
    """The store's word for a day: five digits, which everybody can read and type in any alphabet."""
    said = f"{location}\n{edition}\n{day.isoformat()}".encode()
    number = int.from_bytes(hmac.digest(key, b"word\n" + said, hashlib.sha256)[:8])
    return f"{number % 10**WORD_DIGITS:0{WORD_DIGITS}}"


def is_the_word(typed: str, word: str) -> bool:
    """However it was typed: with spaces, dashes, or the digits of another script."""
    digits = "".join(str(int(letter)) for letter in typed if letter.isdecimal())
    return hmac.compare_digest(digits.encode(), word.encode())


def whose(key: bytes, address: str, location: str, day: date) -> bytes:
    """Stands for an address at a store on a day, so that tries can be counted and nobody be found by it."""
    return hmac.digest(key, f"tries\n{address}\n{location}\n{day.isoformat()}".encode(), hashlib.sha256)[:16]


# --- leaving


def is_looked_at(drawn: int, pieces: int) -> bool:
    """Whether the staff is asked to look into the bag; `drawn` is a number from 0 to 99. Many pieces, more often."""
    return drawn < (LOOKED_AT_PERCENT_OF_MANY if pieces >= MANY_PIECES else LOOKED_AT_PERCENT)
