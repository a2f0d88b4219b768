"""What may be kept of something captured. Asked for every touchpoint: no database, no clock, no objects made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ALIASES = {
    "analytics": "statistics",
    "performance": "statistics",
    "functional": "preferences",
    "personalisation": "preferences",
    "personalization": "preferences",
    "advertising": "marketing",
    "targeting": "marketing",
}
"""What consent managers call the categories in `context.consent.categoryPreferences`."""

MOST_CATEGORIES = 50


@dataclass(frozen=True, slots=True)
class Keep:
    """What may be kept of a touchpoint.

    Without `who` it is kept without identifiers, address, IP, user agent and with nothing in its payload that names
    somebody (`nameless`). Without `campaigns` what advertisers know a click by is left out (`ADVERTISERS`).
    """

    who: bool
    preferences: bool
    campaigns: bool


_EACH = tuple(Keep(bool(n & 1), bool(n & 2), bool(n & 4)) for n in range(8))
EVERYTHING = _EACH[7]

ADVERTISERS = frozenset(
    "gclid gbraid wbraid dclid fbclid msclkid ttclid twclid li_fat_id epik rdt_cid irclickid yclid sccid _ga".split()
)
"""Query parameters and fields by which an advertiser knows a click or a person again."""


def allowed(categories: Mapping[str, Any] | None, *, gpc: bool = False, needs_consent: bool = True) -> Keep:
    """What may be kept, by the categories agreed to; nothing said is not agreed. Only `true` itself is a yes.

    A source that needs no consent (`needs_consent`: a server of ours, telling what fulfils a contract) may tell who it
    was; a refusal that comes along is heeded all the same. `gpc` is the browser's `Sec-GPC: 1`.
    """
    said = _read(categories) if categories else {}
    otherwise = not needs_consent
    who = said.get("statistics", otherwise)
    return _EACH[who | said.get("preferences", otherwise) << 1 | (said.get("marketing", otherwise) and not gpc) << 2]


def _read(categories: Mapping[str, Any]) -> dict[str, bool]:
    """The categories by our names. One that is told twice, under two names, is told as strictly as once."""
    said: dict[str, bool] = {}
    for name, value in list(categories.items())[:MOST_CATEGORIES]:
        known = str(name).lower()
        known = ALIASES.get(known, known)
        said[known] = said.get(known, True) and value is True
    return said


PROPERTIES = frozenset(
    "brand cart_size category category_id channel currency delivery depth discount format language list_id method"
    " payment position price product_id promotion_id quantity results revenue shipping sku step store subtotal tax"
    " total type unit value variant worth".split()
)
"""Properties of an event that speak of goods and pages, never of a person."""

MOST_PRODUCTS = 200
LONGEST = 200


def nameless(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Of an event's properties, what speaks of goods alone: known names with short plain values, and its products."""
    kept = _plain(properties)
    products = properties.get("products")
    if isinstance(products, list):
        kept["products"] = [_plain(one) for one in products[:MOST_PRODUCTS] if isinstance(one, Mapping)]
    return kept


def _plain(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name in PROPERTIES if _says_little(value := properties.get(name))}


def _says_little(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST and "@" not in value
    return isinstance(value, (int, float))
