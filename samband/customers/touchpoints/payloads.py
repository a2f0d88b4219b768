"""What is kept with a touchpoint: what was said, and where on the site or in the app, never from which address."""

from collections.abc import Mapping
from typing import Any

import msgspec

from . import parts
from .messages import Campaign, Context, Device, Item, Program, Things


class _Around(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """What few calls have in their context."""

    campaign: Campaign | None = None
    app: Program | None = None
    os: Program | None = None
    device: Device | None = None


class _Person(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """What calls have that are no `track`."""

    traits: Things = None
    name: str | None = None
    category: str | None = None
    group: Mapping[str, Any] | None = None


def payload(
    call: str, item: Item, properties: bytes, traits: Mapping[str, Any] | None, context: Context | None
) -> bytes:
    """The JSON that is kept of a call, put together from its parts; `properties` is one already."""
    kept = properties
    if call != "track":
        kept += parts.members(_person(call, item, traits))
    if context is not None:
        kept += parts.page(context.page)
        if context.campaign is not None or context.app is not None or context.os is not None or context.device:
            kept += parts.members(_around(context))
        kept += parts.surroundings(context.locale, context.timezone, context.user_agent)
    return b"{%b}" % kept[1:]


def _person(call: str, item: Item, traits: Mapping[str, Any] | None) -> _Person:
    person = _Person(traits=parts.clean(traits), name=item.name or None, category=item.category or None)
    if call == "group":
        person.group = {"id": item.group_id, "traits": parts.clean(item.traits) or {}}
    return person


def _around(context: Context) -> _Around:
    device = context.device
    return _Around(
        campaign=context.campaign,
        app=context.app,
        os=context.os,
        device=device if device is None or device.id is None else msgspec.structs.replace(device, id=None),
    )


def categories(context: Context | None) -> Mapping[str, bool] | None:
    """What the person allowed; None if nothing was told."""
    if context is None or context.consent is None or context.consent.category_preferences is None:
        return None
    return {name: value is True for name, value in context.consent.category_preferences.items()}
