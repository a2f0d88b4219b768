"""What is kept of a call's context: where on the site or in the app, never from which address on the net."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LONGEST = 300

_PARTS: Mapping[str, tuple[str, ...]] = {
    "campaign": ("name", "source", "medium", "term", "content"),
    "app": ("name", "version", "build"),
    "os": ("name", "version"),
    "device": ("type", "manufacturer", "model"),
    "library": ("name", "version"),
}
"""Of these parts of a context, these fields; a device's name and its advertising id are not among them."""

_PAGE = ("path", "title")
_TEXTS = ("locale", "timezone", "groupId")

SECRETS = frozenset("ip ip_address ipAddress user_agent userAgent authorization password token".split())
"""What has no business in properties or traits, whoever sends it."""


def kept(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context without addresses, agents and whatever else names a person or a machine."""
    found: dict[str, Any] = {}
    page = context.get("page")
    if isinstance(page, dict):
        found["page"] = {**_short(page, _PAGE), **_addresses(page)}
    for name, fields in _PARTS.items():
        part = context.get(name)
        if isinstance(part, dict) and (short := _short(part, fields)):
            found[name] = short
    for name in _TEXTS:
        text = context.get(name)
        if isinstance(text, str) and 0 < len(text) <= LONGEST:
            found[name] = text
    agent = context.get("userAgent")
    if isinstance(agent, str) and agent:
        found["agent"] = coarse(agent[:LONGEST])
    return found


def _short(part: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: text[:LONGEST] for name in fields if isinstance(text := part.get(name), str) and text}


def _addresses(page: Mapping[str, Any]) -> dict[str, str]:
    """Addresses without what is asked for in them: a link in a mail may carry a name or a key there."""
    found = {}
    for name in ("url", "referrer"):
        text = page.get(name)
        if isinstance(text, str) and text:
            found[name] = text.partition("?")[0].partition("#")[0][:LONGEST]
    return found


def without_secrets(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Properties or traits without what nobody should have sent."""
    return given if SECRETS.isdisjoint(given) else {k: v for k, v in given.items() if k not in SECRETS}


_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Android", "Android"), ("Mac OS", "macOS"),
            ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


@lru_cache(maxsize=2000)
def coarse(agent: str) -> str:
    """A user agent as browser and system alone, such as `Firefox, Android`: many people have the same."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "other")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "other")
    return f"{browser}, {system}"


def categories(context: Mapping[str, Any]) -> Mapping[str, bool] | None:
    """What the person allowed, as consent managers tell it; None if nothing was told."""
    consent = context.get("consent")
    if not isinstance(consent, dict):
        return None
    said = consent.get("categoryPreferences")
    return {str(name): value is True for name, value in said.items()} if isinstance(said, dict) else None
