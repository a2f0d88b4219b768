"""Taking a plan's cuts off a basket: what each promotion takes off each line, to the minor unit.

Off a line first come shares, each of what the others leave, and rounding happens once: the line's reduction as a whole
is rounded half up, and what each share adds to it is the difference. Then come amounts of the line, then amounts that
go off several lines together, shared in proportion to what is left of the goods they are about. Nothing goes below
nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .cuts import Basket, Cut, Share


@dataclass(slots=True)
class Plan:
    """The cuts to be made: of each line, off several lines together, off shipping, and what is given."""

    left: list[list[Cut]]
    off: list[list[Cut]]
    together: list[Cut] = field(default_factory=list)
    shipping: list[Cut] = field(default_factory=list)
    gifts: list[Cut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came off: of each line and of shipping by promotion, in their order; and what is given."""

    lines: list[list[tuple[Cut, int]]]
    shipping: list[tuple[Cut, int]]
    gifts: list[Cut]

    @property
    def worth(self) -> tuple[int, int]:
        """What it is worth to the shopper: an amount, and how many things are given."""
        off = sum(amount for line in self.lines for _, amount in line) + sum(amount for _, amount in self.shipping)
        return off, sum(one.gift[1] for one in self.gifts if one.gift)


def left_of(worth: int, shares: Iterable[Share], off: int = 0) -> int:
    """What is left of a line after shares and amounts."""
    parts, whole = worth, 1
    for share, of in shares:
        parts *= share
        whole *= of
    return left_of_parts(worth, parts, whole, off)


def left_of_parts(worth: int, parts: int, whole: int, off: int) -> int:
    """The same when so many parts of so many are left: what goes is rounded half up, and then the amounts go."""
    left = worth - (2 * (worth * whole - parts) + whole) // (2 * whole) - off
    return left if left > 0 else 0


def take(plan: Plan, basket: Basket) -> Taken:
    """Make these cuts."""
    lines = []
    left = []
    for at, heap in enumerate(basket.heaps):
        taken, rest = _off_line(heap.worth, at, plan.left[at], plan.off[at])
        lines.append(taken)
        left.append(rest)
    for one in in_order(plan.together):
        for at, amount in off_together(one, left, basket).items():
            left[at] -= amount
            lines[at].append((one, amount))
    for taken in lines:
        if len(taken) > 1:
            taken.sort(key=lambda entry: entry[0].order)
    return Taken(lines, _off_shipping(plan.shipping, basket), plan.gifts)


def in_order(cuts: Sequence[Cut]) -> Sequence[Cut]:
    """Cuts in the order in which they are taken off and named."""
    return sorted(cuts, key=lambda one: one.order) if len(cuts) > 1 else cuts


def _off_line(worth: int, at: int, shares: list[Cut], amounts: list[Cut]) -> tuple[list[tuple[Cut, int]], int]:
    taken: list[tuple[Cut, int]] = []
    left, made = worth, []
    for one in in_order(shares):
        made.append(one.left[at])
        rest = left_of(worth, made)
        if rest < left:
            taken.append((one, left - rest))
        left = rest
    for one in in_order(amounts):
        if amount := min(one.off[at], left):
            taken.append((one, amount))
            left -= amount
    return taken, left


def off_together(one: Cut, left: Sequence[int], basket: Basket) -> dict[int, int]:
    """How an amount off several lines is shared: in proportion to what is left of its goods on each, never more.

    The largest-remainder method; ties go to the earlier line.
    """
    there = still_there(one, left, basket)
    whole = sum(there.values())
    amount = min(one.together, whole)
    if not amount:
        return {}
    parts = {at: amount * part // whole for at, part in there.items()}
    by_remainder = sorted(there, key=lambda at: (-(amount * there[at] % whole), at))
    for at in by_remainder[: amount - sum(parts.values())]:
        parts[at] += 1
    return {at: part for at, part in parts.items() if part}


def still_there(one: Cut, left: Sequence[int] | Mapping[int, int], basket: Basket) -> Mapping[int, int]:
    """What is left of the goods that an amount goes off: of a line only in part, only that part of what is left."""
    return {
        at: left[at] if weight == (worth := basket.heaps[at].worth) else left[at] * weight // worth
        for at, weight in one.weights.items()
        if weight
    }


def _off_shipping(cuts: Sequence[Cut], basket: Basket) -> list[tuple[Cut, int]]:
    left = basket.asked() if cuts else 0
    taken = []
    for one in cuts:
        if amount := min(one.shipping, left):
            taken.append((one, amount))
            left -= amount
    return taken
