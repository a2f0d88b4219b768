"""Which ways to pay there are, for which goods, on which channel. Where one is not to be had, the reason is stated.

What the law of the thing says, and nothing else: coins need a drawer, a terminal needs a counter, a courier needs a
parcel. Everything else is offered alike on every channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from samband.kernel.money import Money

from .plans import Plan

TILL = "pos"
"""The one channel with a drawer, a card terminal and somebody of ours behind them."""

REASONS = (
    "nothing_to_pay", "only_in_a_store", "needs_a_terminal", "terminal_instead", "only_for_parcels", "goods_leave_now",
    "below_smallest", "above_largest", "currency_not_taken", "not_set_up",
)  # fmt: skip
"""Why a way to pay cannot be had. A closed list: every channel words these."""

HERE_AND_NOW = frozenset({"carry", "serve"})


@dataclass(frozen=True, slots=True)
class Offer:
    """What a provider says of one of its methods for an amount. An empty `reason`: it can be had.

    `lasts`: how long it may take until the money is there, where that is longer than a payer looks at a page.
    """

    reason: str = ""
    plans: tuple[Plan, ...] = ()
    smallest: Money | None = None
    largest: Money | None = None
    lasts: timedelta | None = None


def hindrance(method: str, channel: str, total: Money, ways: Sequence[str]) -> str:
    """Why this method cannot be had here for goods that go these ways; empty if it can."""
    if total.amount <= 0:
        return "nothing_to_pay"
    match method:
        case "cash" if channel != TILL:
            return "only_in_a_store"
        case "card_present" if channel != TILL:
            return "needs_a_terminal"
        case "card" if channel == TILL:
            return "terminal_instead"
        case "on_delivery" if not ways or set(ways) != {"ship"}:
            return "only_for_parcels"
        case "transfer" if HERE_AND_NOW & set(ways):
            return "goods_leave_now"
        case _:
            return ""
