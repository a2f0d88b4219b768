"""How amounts, goods and ways are written in a touchpoint's properties: as Segment's vocabulary has them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from samband.commerce.orders.sold import Sold, SoldLine
from samband.kernel.money import Money

from .facts import Facts, Paid


def major(amount: int, currency: str) -> float:
    """An amount of minor units as properties have it; what counts in sums is `worth`, which stays whole."""
    return float(Money(amount, currency).decimal)


def of_order(order: Sold, facts: Facts) -> dict[str, Any]:
    """What every touchpoint about an order says of it."""
    return _without_nothing(
        {
            "order_id": reference(order),
            "currency": order.currency,
            "language": order.language,
            "country": facts.countries.get(order.market, ""),
        }
    )


def in_full(order: Sold, facts: Facts) -> dict[str, Any]:
    """The whole order: what was bought, what it came to, how it is paid and how it comes to its customer."""
    paid, ways = facts.payments.get(order.id, ()), _ways(order)
    return of_order(order, facts) | _without_nothing(
        {
            "total": major(order.total, order.currency),
            "revenue": major(order.total - order.shipping - order.vat, order.currency),
            "tax": major(order.vat, order.currency),
            "shipping": major(order.shipping, order.currency),
            "discount": major(order.discount, order.currency),
            "coupon": ", ".join(order.coupons),
            "payment": _most(paid),
            "payments": [one.method for one in paid] if len(paid) > 1 else [],
            "delivery": next(iter(ways), ""),
            "deliveries": ways if len(ways) > 1 else [],
            "products": [_product(line, order, facts.categories) for line in order.lines],
        }
    )


def reference(order: Sold) -> str:
    """What an order is called wherever it is told of: history keeps the name it has in its own system."""
    return order.reference if order.source else order.number


def place(order: Sold) -> str | None:
    """The store where it was sold, or where it is picked up. What is sent comes from no place anybody was at."""
    if order.sold_at:
        return order.sold_at
    return next((way.location for way in order.ways if way.kind != "ship"), None)


def single(order: Sold, facts: Facts) -> tuple[str | None, str | None]:
    """The SKU, and the category, if there is but one in the order."""
    skus = {line.sku for line in order.lines}
    categories = {facts.categories.get(sku) for sku in skus}
    return next(iter(skus)) if len(skus) == 1 else None, next(iter(categories)) if len(categories) == 1 else None


def _product(line: SoldLine, order: Sold, categories: Mapping[str, str]) -> dict[str, Any]:
    return _without_nothing(
        {
            "sku": line.sku,
            "name": line.name,
            "category": categories.get(line.sku, ""),
            "quantity": abs(line.quantity),
            "price": major(line.unit, order.currency),
        }
    )


def _most(paid: Iterable[Paid]) -> str:
    """The method that most of it is paid by."""
    sums: Counter[str] = Counter()
    for one in paid:
        sums[one.method] += one.amount
    return max(sorted(sums), key=lambda method: sums[method], default="")


def _ways(order: Sold) -> list[str]:
    """How the goods come to the customer, the way of most pieces first."""
    sums: Counter[str] = Counter()
    for way in order.ways:
        sums[way.kind] += way.pieces
    return sorted(sums, key=lambda kind: (-sums[kind], kind))


def _without_nothing(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in ("", None, [], 0.0) or name == "total"}
