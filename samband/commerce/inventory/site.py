"""How a store or a warehouse may be described."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from samband.kernel.geography import TIME_ZONES
from samband.kernel.languages import LANGUAGES

from .reading import LOCATION
from .refusals import InvalidLocation

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KINDS = ("store", "warehouse")
LONGEST_TEXT = 200

_OPENS = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CLOSES = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def check(code: str, fields: Mapping[str, Any]) -> None:
    """Raises InvalidLocation with the first `field` that cannot be so."""
    fit = {
        "code": isinstance(code, str) and LOCATION.fullmatch(code) is not None,
        "kind": fields["kind"] in KINDS,
        "name": _text(fields["name"]) and bool(fields["name"].strip()),
        "names": _texts(fields["names"]) and fields["names"].keys() <= LANGUAGES.keys(),
        "market": _text(fields["market"]) and 1 <= len(fields["market"]) <= 8,
        "country": fields["country"] in TIME_ZONES,
        "address": _texts(fields["address"]),
        "latitude": _degrees(fields["latitude"], 90),
        "longitude": _degrees(fields["longitude"], 180),
        "time_zone": _zone(fields["time_zone"]),
        "opening": all(_open(day, hours) for day, hours in fields["opening"].items()),
        "position": isinstance(fields["position"], int) and abs(fields["position"]) < 2**31,
    }
    fit["longitude"] &= (fields["latitude"] is None) == (fields["longitude"] is None)
    for field, fits in fit.items():
        if not fits:
            raise InvalidLocation(field=field)


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\x00" not in value


def _texts(values: Mapping[str, object]) -> bool:
    return all(_text(name) and _text(value) for name, value in values.items())


def _degrees(value: object, most: int) -> bool:
    return value is None or (isinstance(value, int | float) and -most <= value <= most)


def _zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        return False
    return True


def _open(day: str, hours: object) -> bool:
    if day not in DAYS or not isinstance(hours, list) or len(hours) != 2:
        return False
    opens, closes = hours
    if not isinstance(opens, str) or not isinstance(closes, str):
        return False
    return bool(_OPENS.fullmatch(opens)) and bool(_CLOSES.fullmatch(closes)) and opens < closes
