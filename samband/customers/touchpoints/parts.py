"""Parts of calls that come again and again: a shop's goods, its pages and its visitors' browsers are few.

Each is read by its bytes and remembered for a while: what we count by, and its members of the JSON that is kept, each
with a comma before it (`,"page":{…}`; nothing of nothing). What is long is read anew every time.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from . import messages, vocabulary

MOST = 8_000
"""So many of a kind are remembered by a process: a few megabytes."""

LONGEST = 600
"""Bytes of a part that is remembered."""

LONGEST_AGENT = 300
LONGEST_CHANNEL = 40
LONGEST_ZONE = 60

SECRETS = frozenset("ip ip_address ipAddress user_agent userAgent authorization password".split())
"""What has no business in properties or traits, whoever sends it."""

_encode = msgspec.json.Encoder().encode


class Properties(NamedTuple):
    """What an event's properties say: as far as we count by it, which channel they name, and what is kept of them."""

    sku: str | None
    category: str | None
    order_ref: str | None
    worth: int | None
    currency: str | None
    place: str | None
    channel: str | None
    kept: bytes


NO_PROPERTIES = Properties(*vocabulary.NOTHING, None, b"")


def properties(raw: msgspec.Raw) -> Properties:
    """Properties as they were sent. Raises NotAnItem, TooDeep."""
    told = bytes(raw)
    return _remembered_properties(told) if len(told) <= LONGEST else _properties(told)


def page(raw: msgspec.Raw) -> bytes:
    """A page, without what is asked for in its addresses: a link in a mail may carry a name or a key there.

    Raises NotAnItem, TooDeep.
    """
    told = bytes(raw)
    return _remembered_page(told) if len(told) <= LONGEST else _page(told)


def surroundings(locale: str | None, timezone: str | None, user_agent: str | None) -> bytes:
    """Language, time zone, and of a browser no more than many people have."""
    if user_agent is not None:
        user_agent = user_agent[:LONGEST_AGENT]
    if (locale is not None and len(locale) > LONGEST_ZONE) or (timezone is not None and len(timezone) > LONGEST_ZONE):
        return _surroundings(locale, timezone, user_agent)
    return _remembered_surroundings(locale, timezone, user_agent)


def _surroundings(locale: str | None, timezone: str | None, user_agent: str | None) -> bytes:
    told = {"locale": locale, "timezone": timezone, "agent": coarse(user_agent) if user_agent else None}
    return members({name: value for name, value in told.items() if value is not None})


_remembered_surroundings = lru_cache(maxsize=MOST)(_surroundings)


def members(told: Any) -> bytes:
    """What stands in an object, to stand in another one."""
    written = _encode(told)
    return b"" if written == b"{}" else b"," + written[1:-1]


def clean(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Properties or traits without what nobody should have sent."""
    if not given:
        return None
    if isinstance(given, dict) and SECRETS.isdisjoint(given):
        return given
    return {name: value for name, value in given.items() if name not in SECRETS}


def _properties(raw: bytes) -> Properties:
    told = messages.things(raw)
    if not told:
        return NO_PROPERTIES
    kept = clean(told)
    return Properties(*vocabulary.told(told), _channel(told.get("channel")), members({"properties": kept}))


_remembered_properties = lru_cache(maxsize=MOST)(_properties)


def _channel(told: Any) -> str | None:
    fits = isinstance(told, str) and 0 < len(told) <= LONGEST_CHANNEL and told.isprintable()
    return told if fits else None


def _page(raw: bytes) -> bytes:
    page = messages.page(raw)
    if page is None:
        return b""
    # Each address once: the whole one says no more than its path.
    page.url = None if page.path else _bare(page.url)
    page.path, page.referrer = _bare(page.path), _bare(page.referrer)
    return members({"page": page})


_remembered_page = lru_cache(maxsize=MOST)(_page)


def _bare(address: str | None) -> str | None:
    return address and address.partition("?")[0].partition("#")[0]


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Android", "Android"), ("Mac OS", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def coarse(agent: str) -> str:
    """A user agent as browser and system alone, such as `Firefox, Android`: many people have the same."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "other")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "other")
    return f"{browser}, {system}"
