"""The traits of one customer reckoned a second time, by hand and in Python, to hold the statement against."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.customers.touched import KINDS, Told

NEWEST = datetime(1, 1, 1, tzinfo=UTC)
TRUST = {kind: nth for nth, kind in enumerate(KINDS)}
ORDERED = {"Order Completed", "Order Updated"}


def reckoned(told: Sequence[Told]) -> dict[str, Any]:
    """What is known of somebody of whom this was told."""
    orders = {ref: said for ref, said in _by_order(told).items() if not _called_off(said) and _tellings(said)}
    bought = [_Order(said) for said in orders.values()]
    purse = _purse(bought)
    return {
        "first_seen": min((one.at for one in told), default=None),
        "last_seen": max((one.at for one in told), default=None),
        "first_channel": _first(told, lambda one: one.channel),
        "last_channel": _latest(told, lambda one: one.channel),
        "channels": len({one.channel for one in told if one.channel}),
        "touchpoints": len(told),
        "active_days": len({one.at.date() for one in told}),
        "orders": len(bought),
        "first_order_at": min((one.at for one in bought), default=None),
        "last_order_at": max((one.at for one in bought), default=None),
        "order_gap_days": _gap([one.at for one in bought]),
        **purse,
        "returns": len({ref for ref, said in _by_order(told).items() if any("Return" in one.event for one in said)}),
        "favourite_category": _favourite(told, bought),
        "preferred_store": _store(told),
        "payment_habit": _habit([(one.payment, one.at) for one in bought]),
        "delivery_habit": _habit([(one.delivery, one.at) for one in bought]),
        "country": _latest(told, lambda one: _country(one)),
        "language": _latest(told, lambda one: _language(one)),
    }


def _by_order(told: Sequence[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for nth, one in enumerate(told):
        if one.event.startswith(("Order", "Return")):
            found[f"#{one.order}" if one.order is not None else f"@{nth}"].append(one)
    return found


def _called_off(said: Iterable[Told]) -> bool:
    return any(one.event == "Order Cancelled" for one in said)


def _tellings(said: Iterable[Told]) -> list[Told]:
    return [one for one in said if one.event in ORDERED]


class _Order:
    """One order as its sources tell it together."""

    def __init__(self, said: Sequence[Told]) -> None:
        tellings = _tellings(said)
        most_trusted = min(TRUST[one.source] for one in tellings)
        self.at = min(one.at for one in tellings if TRUST[one.source] == most_trusted)
        priced = [one for one in tellings if one.worth is not None and one.currency is not None]
        best = min(
            priced, key=lambda one: (TRUST[one.source], -one.at.timestamp(), -one.worth, one.currency), default=None
        )
        self.worth, self.currency = (best.worth, best.currency) if best else (None, None)
        self.payment = self._said(tellings, "payment_method")
        self.delivery = self._said(tellings, "shipping_method")
        self.products = self._said(tellings, "products") or []
        self.mentioned = {one.category for one in tellings if one.category}
        self.back = self._given_back(said)

    def _said(self, tellings: Sequence[Told], name: str) -> Any:
        telling = [one for one in tellings if one.properties.get(name)]
        best = min(
            telling, key=lambda one: (TRUST[one.source], -one.at.timestamp(), str(one.properties[name])), default=None
        )
        return best.properties[name] if best else None

    def _given_back(self, said: Sequence[Told]) -> int:
        refunds = [one for one in said if one.event == "Order Refunded"]
        if self.worth is None or not refunds:
            return 0
        most_trusted = min(TRUST[one.source] for one in refunds)
        ours = [one for one in refunds if TRUST[one.source] == most_trusted and one.currency in (None, self.currency)]
        if not ours:
            return 0
        if any(one.worth is None for one in ours):
            return max(self.worth, 0)
        return max(min(sum(one.worth for one in ours), self.worth), 0)


def _purse(bought: Sequence[_Order]) -> dict[str, Any]:
    purses: dict[str, list[_Order]] = defaultdict(list)
    for one in bought:
        if one.currency is not None:
            purses[one.currency].append(one)
    spent = {currency: sum(one.worth - one.back for one in ours) for currency, ours in purses.items()}
    if not purses:
        return {"currency": None, "value": 0, "average_order": None, "refunded": 0, "spent": {}}
    ranked = sorted(
        purses, key=lambda code: (-len(purses[code]), -max(one.at for one in purses[code]).timestamp(), code)
    )
    most = ranked[0]
    count = len(purses[most])
    return {
        "currency": most,
        "value": spent[most],
        "average_order": int((Decimal(spent[most]) / count).quantize(Decimal(1), ROUND_HALF_UP)),
        "refunded": sum(one.back for one in purses[most]),
        "spent": spent,
    }


def _first(told: Sequence[Told], says: Callable[[Told], str | None]) -> str | None:
    found = min(((one.at, said) for one in told if (said := says(one))), default=None)
    return found[1] if found else None


def _latest(told: Sequence[Told], says: Callable[[Told], str | None]) -> str | None:
    found = min(((-one.at.timestamp(), said) for one in told if (said := says(one))), default=None)
    return found[1] if found else None


def _gap(moments: Sequence[datetime]) -> int | None:
    return (max(moments) - min(moments)) // (len(moments) - 1) // _DAY if len(moments) > 1 else None


_DAY = datetime(2026, 1, 2) - datetime(2026, 1, 1)


def _habit(used: Sequence[tuple[str | None, datetime]]) -> str | None:
    times = Counter(way for way, _ in used if way)
    last = {way: max(at for one, at in used if one == way) for way in times}
    return min(times, key=lambda way: (-times[way], -last[way].timestamp(), way), default=None)


def _store(told: Sequence[Told]) -> str | None:
    days: dict[str, set[Any]] = defaultdict(set)
    last: dict[str, datetime] = {}
    for one in told:
        if one.place:
            days[one.place].add(one.at.date())
            last[one.place] = max(one.at, last.get(one.place, NEWEST))
    return min(days, key=lambda place: (-len(days[place]), -last[place].timestamp(), place), default=None)


def _favourite(told: Sequence[Told], bought: Sequence[_Order]) -> str | None:
    orders: Counter[str] = Counter()
    looked: Counter[str] = Counter(one.category for one in told if one.category)
    last: dict[str, datetime] = {}
    for one in told:
        if one.category:
            last[one.category] = max(one.at, last.get(one.category, NEWEST))
    for order in bought:
        for category in {product.get("category") for product in order.products} | order.mentioned:
            if category:
                orders[category] += 1
                last[category] = max(order.at, last.get(category, NEWEST))
    every = orders.keys() | looked.keys()
    return min(every, key=lambda one: (-orders[one], -looked[one], -last[one].timestamp(), one), default=None)


def _country(one: Told) -> str | None:
    said = one.traits.get("country")
    return said.upper() if said and re.fullmatch("[A-Za-z]{2}", said) else None


def _language(one: Told) -> str | None:
    said = one.context.get("locale")
    found = re.fullmatch("([A-Za-z]{2})(?:[-_].*)?", said) if said else None
    return found[1].lower() if found else None
