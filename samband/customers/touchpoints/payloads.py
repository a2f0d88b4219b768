"""What is kept with a touchpoint: what was said, and where on the site or in the app, never from which address."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from .messages import Campaign, Context, Device, Item, Page, Program, Things

SECRETS = frozenset("ip ip_address ipAddress user_agent userAgent authorization password".split())
"""What has no business in properties or traits, whoever sends it."""

LONGEST_AGENT = 300


class Payload(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """What is kept beside the columns; `agent` is a browser and a system that many people have."""

    properties: Things = None
    traits: Things = None
    name: str | None = None
    category: str | None = None
    group: Mapping[str, Any] | None = None
    page: Page | None = None
    campaign: Campaign | None = None
    app: Program | None = None
    os: Program | None = None
    device: Device | None = None
    locale: str | None = None
    timezone: str | None = None
    agent: str | None = None


def payload(call: str, item: Item, traits: Mapping[str, Any] | None, context: Context | None) -> Payload:
    """What is kept of a call."""
    kept = Payload(properties=_clean(item.properties)) if context is None else _with_context(item, context)
    if call != "track":
        kept.traits = _clean(traits)
        kept.name, kept.category = item.name or None, item.category or None
        if call == "group":
            kept.group = {"id": item.group_id, "traits": _clean(item.traits) or {}}
    return kept


def _with_context(item: Item, context: Context) -> Payload:
    device, agent = context.device, context.user_agent
    return Payload(
        properties=_clean(item.properties),
        page=None if context.page is None else _without_questions(context.page),
        campaign=context.campaign,
        app=context.app,
        os=context.os,
        device=device if device is None or device.id is None else msgspec.structs.replace(device, id=None),
        locale=context.locale,
        timezone=context.timezone,
        agent=coarse(agent[:LONGEST_AGENT]) if agent else None,
    )


def _without_questions(page: Page) -> Page:
    """Addresses without what is asked for in them: a link in a mail may carry a name or a key there. Each once."""
    if page.path:
        page.url = None
    elif page.url and ("?" in page.url or "#" in page.url):
        page.url = _bare(page.url)
    if page.referrer and ("?" in page.referrer or "#" in page.referrer):
        page.referrer = _bare(page.referrer)
    if page.path and ("?" in page.path or "#" in page.path):
        page.path = _bare(page.path)
    return page


def _bare(address: str) -> str:
    return address.partition("?")[0].partition("#")[0]


def _clean(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Properties or traits without what nobody should have sent."""
    if not given:
        return None
    if isinstance(given, dict) and SECRETS.isdisjoint(given):
        return given
    return {name: value for name, value in given.items() if name not in SECRETS}


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


def categories(context: Context | None) -> Mapping[str, bool] | None:
    """What the person allowed; None if nothing was told."""
    if context is None or context.consent is None or context.consent.category_preferences is None:
        return None
    return {name: value is True for name, value in context.consent.category_preferences.items()}
