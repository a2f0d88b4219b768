"""Reading what a form sent: cleaned and checked, in the form's own words; what cannot be read is refused by name."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from samband.kernel.goods import SKU
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, NotFound

LONGEST = 20_000
MOST_DIGITS = 15


class NotRead(Invalid):
    """A field of the form cannot be read; `field` says which and `want` what it should hold."""

    code = "form_not_read"


def text(given: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """A text without spaces around it; nothing if it was not sent. Raises NotRead for one that is too long."""
    found = given.get(name, "").replace("\r\n", "\n").strip()
    if len(found) > longest or "\x00" in found:
        raise NotRead(field=name, want="text")
    return found


def asked(request: HttpRequest, name: str = "q", longest: int = 120) -> str:
    """What somebody searches for: cut to a sane length, never refused."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]


def needed(given: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """A text that must be there."""
    if found := text(given, name, longest):
        return found
    raise NotRead(field=name, want="something")


def texts(given: Mapping[str, str], name: str, longest: int = LONGEST) -> dict[str, str]:
    """A text in each language, from the fields `name-en`, `name-is` and so on; empty ones are left out."""
    found = {language: text(given, f"{name}-{language}", longest) for language in LANGUAGES}
    return {language: said for language, said in found.items() if said}


def chosen(given: Mapping[str, str], name: str, among: Mapping[str, object] | frozenset[str] | tuple[str, ...]) -> str:
    """One of these."""
    found = given.get(name, "")
    if found not in among:
        raise NotRead(field=name, want="choice")
    return found


def whole(given: Mapping[str, str], name: str, least: int = 0, most: int = 1_000_000) -> int:
    """A whole number between these; spaces between thousands are forgiven."""
    found = re.sub(r"\s", "", given.get(name, ""))
    if not re.fullmatch(r"[+-]?\d{1,9}", found, re.ASCII) or not least <= int(found) <= most:
        raise NotRead(field=name, want="whole")
    return int(found)


def maybe_whole(given: Mapping[str, str], name: str, least: int = 0, most: int = 1_000_000) -> int | None:
    """The same, or nothing for nothing."""
    return whole(given, name, least, most) if given.get(name, "").strip() else None


def number(given: Mapping[str, str], name: str) -> int | float:
    """A number with a point or a comma before its decimals."""
    found = re.sub(r"\s", "", given.get(name, "")).replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,6})?", found, re.ASCII):
        raise NotRead(field=name, want="number")
    return float(found) if "." in found else int(found)


def amount(given: Mapping[str, str], name: str, currency: str) -> Money:
    """An amount of major units, with a point or a comma before the cents. Raises NotRead also for one below zero."""
    found = re.sub(r"\s", "", given.get(name, ""))
    if found.count(",") == 1 and "." not in found:
        found = found.replace(",", ".")
    try:
        if len(found) > MOST_DIGITS or not re.fullmatch(r"\d+(\.\d*)?", found, re.ASCII):
            raise NotRead(field=name, want="amount")
        return Money.parse(Decimal(found), currency)
    except (InvalidOperation, Invalid) as error:
        raise NotRead(field=name, want="amount") from error


def moment(given: Mapping[str, str], name: str, zone: str) -> datetime | None:
    """A day and time on the clocks of a zone, or nothing for nothing."""
    found = given.get(name, "").strip()
    if not found:
        return None
    try:
        return datetime.fromisoformat(found).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotRead(field=name, want="moment") from error


def end_of_day(given: Mapping[str, str], name: str, zone: str) -> datetime:
    """The last minute of a day that was given, on the clocks of a zone."""
    try:
        day = date.fromisoformat(given.get(name, "").strip())
        return datetime.combine(day, time(23, 59), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotRead(field=name, want="day") from error


def clock(given: Mapping[str, str], name: str) -> time:
    """A time of day, on whatever clocks."""
    found = given.get(name, "").strip()
    try:
        if re.fullmatch(r"\d{1,2}:\d{2}", found, re.ASCII):
            return time.fromisoformat(found.zfill(5))
    except ValueError:
        pass
    raise NotRead(field=name, want="clock")


def ticked(given: Mapping[str, str], name: str) -> bool:
    """Whether a box is ticked."""
    return bool(given.get(name))


def key(request: HttpRequest) -> str:
    """The idempotency key that the form was rendered with."""
    return needed(request.POST, "key", 100)


def uuid(given: Mapping[str, str], name: str) -> UUID:
    """An id from a hidden field. Raises NotFound for what is none."""
    return as_uuid(given.get(name, ""))


def as_uuid(found: str) -> UUID:
    """The same for one at hand."""
    try:
        return UUID(found)
    except ValueError as error:
        raise NotFound() from error


def cursor(request: HttpRequest, name: str = "before") -> UUID | None:
    """Where the page before ended. Raises NotFound for what is no place."""
    found = request.GET.get(name, "")
    return as_uuid(found) if found else None


def page_number(request: HttpRequest) -> int:
    """Which page; the first for what is none."""
    found = request.GET.get("page", "1")
    return min(int(found), 10_000) if re.fullmatch(r"[1-9]\d{0,4}", found, re.ASCII) else 1


def sku(found: str) -> str:
    """A SKU in an address. Raises NotFound for what is none."""
    if SKU.fullmatch(found):
        return found
    raise NotFound()


def numbered(given: Mapping[str, str], name: str, most: int = 500) -> Iterator[int]:
    """The numbers of the rows a form sent: those with a field such as `sku-3`."""
    begins = f"{name}-"
    rows = [field.removeprefix(begins) for field in given if field.startswith(begins)]
    yield from sorted({int(row) for row in rows if re.fullmatch(r"\d{1,4}", row, re.ASCII)})[:most]
