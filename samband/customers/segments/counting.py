"""Customers by how often something happened under all that they are known by: one select of a segment's statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Counting:
    """Counts touchpoints where something holds. With `orders`, those with an order number count once for each order.

    An order of which `but_not` holds as well (a cancellation, whenever) does not count. What is asked for is said with
    the methods; every text given to them is SQL of our own with parameters in it.
    """

    where: str
    orders: bool = False
    but_not: str = ""
    _having: list[str] = field(default_factory=list)
    _times: bool = False

    def at_least(self, times: str) -> None:
        self._times = True
        self._having.append(f"{{times}} >= {times}")

    def at_most(self, times: str) -> None:
        self._times = True
        self._having.append(f"{{times}} <= {times}")

    def more_than(self, times: str) -> None:
        self._times = True
        self._having.append(f"{{times}} > {times}")

    def total(self, currency: str, bounds: Sequence[str]) -> None:
        """What came to so much in all, in one currency."""
        self._times = True
        self.where = f"{self.where} and currency = {currency} and worth is not null"
        self._having += [bound.replace("{worth}", "sum(worth)") for bound in bounds]

    def when(self, holds: str, end: str) -> None:
        """The first or last time was when this holds of it."""
        self._having.append(holds.replace(f"{{{end}}}", {"first": "min(first)", "last": "max(last)"}[end]))

    def select(self) -> str:
        """Those of whom all that is asked holds, in brackets."""
        if self.but_not or (self.orders and self._times):
            return self._by_order()
        if not self._having:
            return (
                f"(select distinct m.customer from (select distinct identifier from told where {self.where}) c"
                " join member m on m.id = c.identifier)"
            )
        having = self._asked("sum(times)")
        return (
            f"(select m.customer from (select identifier, {self._columns(having)} from told where {self.where}"
            f" group by identifier) c join member m on m.id = c.identifier group by m.customer having {having})"
        )

    def _by_order(self) -> str:
        """One row an order, whoever told of it and under whatever the customer was known there."""
        rows, only, counts = self.where, "", ""
        if self.but_not:
            rows, only = f"({self.where}) or {self.but_not}", f" filter (where {self.where})"
            counts = f" having bool_or({self.where}) and not coalesce(bool_or({self.but_not}), false)"
        having = self._asked("count(*)")
        return (
            "(select customer from (select m.customer, coalesce(order_ref, '@' || position) as ref,"
            f" max(worth){only} as worth, min(occurred_at){only} as first, max(occurred_at){only} as last"
            f" from told t join member m on m.id = t.identifier where {rows} group by 1, 2{counts}) o"
            f" group by customer having {having})"
        )

    def _asked(self, times: str) -> str:
        return " and ".join(self._having).replace("{times}", times) or "true"

    def _columns(self, having: str) -> str:
        """Only what is asked: what needs no more than the index has is read from the index alone."""
        kept = {"times": "count(*) as times", "worth": "sum(worth) as worth", "first": "min(occurred_at) as first",
                "last": "max(occurred_at) as last"}  # fmt: skip
        return ", ".join(text for name, text in kept.items() if f"({name})" in having)
