"""What may be kept of what was captured, by what the person allowed."""

from collections.abc import Sequence
from typing import Any

import msgspec

from samband.customers.consent import policy
from samband.customers.touchpoints.shapes import Happening, Origin


def as_allowed(origin: Origin, items: Sequence[Happening], *, gpc: bool = False) -> list[Happening]:
    """The items without what may not be kept: who it was, and what advertisers know a click by."""
    if not gpc and not origin.needs_consent and all(one.categories is None for one in items):
        return list(items)
    return [_as_allowed(one, origin, gpc) for one in items]


def _as_allowed(one: Happening, origin: Origin, gpc: bool) -> Happening:
    keep = policy.allowed(one.categories, gpc=gpc, needs_consent=origin.needs_consent)
    if not keep.who:
        return nobodys(one)
    if not keep.campaigns:
        return without_advertisers(one)
    return one


def nobodys(one: Happening) -> Happening:
    """That it happened, and with which goods; not who it was."""
    properties = msgspec.json.decode(one.payload).get("properties")
    kept = policy.nameless(properties) if isinstance(properties, dict) else {}
    payload = msgspec.json.encode({"properties": kept} if kept else {})
    return msgspec.structs.replace(one, identifiers=(), links=(), order_ref=None, payload=payload)


def without_advertisers(one: Happening) -> Happening:
    """Without the fields by which an advertiser knows a click or a person again, wherever they stand."""
    if not any(name.encode() in one.payload for name in policy.ADVERTISERS):
        return one
    payload = msgspec.json.encode(_without(msgspec.json.decode(one.payload)))
    return msgspec.structs.replace(one, payload=payload)


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(part) for name, part in value.items() if name not in policy.ADVERTISERS}
    return [_without(part) for part in value] if isinstance(value, list) else value
