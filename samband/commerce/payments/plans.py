"""Paying later: what each plan comes to before anybody agrees to it.

A plan's instalments sum to its total exactly. Interest is counted on what is still owed, by days over 365; the annual
percentage rate is that of Directive 2008/48/EC, annex I: the rate at which all instalments are worth the amount today.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samband.kernel.money import Money

from .words import PLAN_NAMES

PERIOD_DAYS = 30
YEAR_DAYS = 365
BASIS = 10_000


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part to pay so many days after the purchase."""

    after_days: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to pay later, with its name in every language. `each` is the usual instalment; the last may differ by what
    rounding left.

    `annual_rate_basis_points` is the annual percentage rate, 1,000 for 10 %. `cost` is what it costs to pay later.
    """

    id: str
    names: Mapping[str, str]
    instalments: int
    each: Money
    first_after_days: int
    total: Money
    cost: Money
    annual_rate_basis_points: int
    parts: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a plan is given. `rate` is the nominal yearly interest in basis points."""

    id: str
    instalments: int
    first_after_days: int
    rate: int = 0


TERMS = (
    Terms("in-30-days", 1, 30),
    Terms("in-3", 3, 0),
    Terms("in-12", 12, 30, rate=1_190),
)

BOUNDS = {
    "EUR": (20_00, 3_000_00),
    "GBP": (20_00, 2_500_00),
    "PLN": (100_00, 12_000_00),
    "ISK": (3_000, 450_000),
}
"""The smallest and the largest amount (minor units) that may be paid later."""


def plans(amount: Money, terms: Sequence[Terms] = TERMS) -> tuple[Plan, ...]:
    """Every plan for this amount; none outside the bounds."""
    least, most = bounds(amount.currency)
    if not least <= amount <= most:
        return ()
    return tuple(plan(amount, one) for one in terms)


def bounds(currency: str) -> tuple[Money, Money]:
    """What may be paid later at least and at most."""
    least, most = BOUNDS[currency]
    return Money(least, currency), Money(most, currency)


def plan(amount: Money, terms: Terms) -> Plan:
    """What these terms come to for an amount."""
    days = [terms.first_after_days + PERIOD_DAYS * turn for turn in range(terms.instalments)]
    parts = _with_interest(amount.amount, terms, days) if terms.rate else _even(amount.amount, terms.instalments)
    total = sum(parts)
    return Plan(
        id=terms.id,
        names=PLAN_NAMES.get(terms.id, {"en": terms.id}),
        instalments=terms.instalments,
        each=Money(parts[0], amount.currency),
        first_after_days=terms.first_after_days,
        total=Money(total, amount.currency),
        cost=Money(total - amount.amount, amount.currency),
        annual_rate_basis_points=annual_rate(amount.amount, list(zip(days, parts, strict=True))),
        parts=tuple(Instalment(after, Money(part, amount.currency)) for after, part in zip(days, parts, strict=True)),
    )


def _even(amount: int, instalments: int) -> list[int]:
    """Equal parts; what does not divide is paid last, so that nobody pays more now than later."""
    part = amount // instalments
    return [part] * (instalments - 1) + [amount - part * (instalments - 1)]


def _with_interest(amount: int, terms: Terms, days: Sequence[int]) -> list[int]:
    """Level payments of a loan, rounded up to the minor unit; the last is whatever is then still owed, and no more.

    Interest is rounded part by part, so that the annuity may fall short by a unit or two: then each pays that more.
    """
    rate = terms.rate * PERIOD_DAYS / (YEAR_DAYS * BASIS)
    level = -int(-amount * rate / (1 - (1 + rate) ** -terms.instalments) // 1)
    while (parts := _paid_back(amount, level, terms.rate, days))[-1] > level:
        level += 1
    return parts


def _paid_back(amount: int, level: int, rate: int, days: Sequence[int]) -> list[int]:
    parts, owed, before = [], amount, 0
    for after in days:
        owed += _interest(owed, rate, after - before)
        part = min(level, owed) if after != days[-1] else owed
        parts.append(part)
        owed, before = owed - part, after
    return parts


def _interest(owed: int, rate: int, days: int) -> int:
    """Simple interest of so many days, rounded half up to the minor unit."""
    whole = BASIS * YEAR_DAYS
    return (2 * owed * rate * days + whole) // (2 * whole)


def annual_rate(amount: int, parts: Sequence[tuple[int, int]]) -> int:
    """The annual percentage rate in basis points of an amount paid back in parts of (days, amount)."""
    if sum(part for _, part in parts) <= amount:
        return 0

    def worth(rate: float) -> float:
        return math.fsum(part / math.pow(1 + rate, days / YEAR_DAYS) for days, part in parts)

    low, high = 0.0, 1.0
    while worth(high) > amount:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > amount else (low, middle)
    return round(low * BASIS)
