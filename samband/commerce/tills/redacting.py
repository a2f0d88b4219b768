"""A sale as a device told it, without whoever bought it: money and goods stay, whatever else came along goes."""

from typing import Any

import msgspec

from .rules import CashTender, OfflineSale, SaleLine


def _members(shape: type) -> frozenset[str]:
    return frozenset(field.name for field in msgspec.structs.fields(shape))


SALE = _members(OfflineSale) - {"customer_id"}
LINE, TENDER = _members(SaleLine), _members(CashTender)


def redacted(payload: str) -> str:
    """The sale's own members and nothing beside them; nothing at all of what is no sale."""
    told = msgspec.json.decode(payload)
    if not isinstance(told, dict):
        return "{}"
    kept = _only(told, SALE)
    for name, members in (("lines", LINE), ("tenders", TENDER)):
        parts = told.get(name)
        kept[name] = [_only(one, members) for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    return msgspec.json.encode(kept).decode()


def _only(told: dict[str, Any], members: frozenset[str]) -> dict[str, Any]:
    """Plain values alone: what is nested where nothing should be is not a sale's."""
    return {name: value for name, value in told.items() if name in members and not isinstance(value, dict | list)}
