"""What one line takes part in, of the promotions that each line may join by itself: of each stack group the best."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

from .cuts import Basket, Cut, Share
from .taking import left_of_parts

MOST_MIXES = 64


class Choice(NamedTuple):
    """What a line may take part in: so many of so many parts stay, and an amount goes."""

    cut: Cut
    share: int
    of: int
    off: int


@dataclass(slots=True)
class Standing:
    """What comes off a line in any case, worked into its worth; and by group what it may choose from."""

    worth: int
    parts: int
    whole: int
    off: int
    groups: dict[str, tuple[Choice, ...]]


class Mixing:
    """What stands for each line, and what it may choose from in each group: the best share, and the best amount.

    Which of the two is better depends on what else comes off the line, so the few mixes there are get tried.
    """

    def __init__(self, basket: Basket) -> None:
        self.basket = basket
        lines = range(len(basket.heaps))
        self.left: list[list[Cut]] = [[] for _ in lines]
        self.off: list[list[Cut]] = [[] for _ in lines]
        self.shares: list[dict[str, Cut]] = [{} for _ in lines]
        self.amounts: list[dict[str, Cut]] = [{} for _ in lines]
        self.lines: list[Standing] = []

    def offer(self, one: Cut) -> None:
        """Let every line that it concerns have it, or choose it. Those that come earlier win a tie."""
        group = one.promotion.stack_group
        for at, share in one.left.items():
            if not group:
                self.left[at].append(one)
            elif (known := self.shares[at].get(group)) is None or _less(share, known.left[at]):
                self.shares[at][group] = one
        for at, amount in one.off.items():
            if not group:
                self.off[at].append(one)
            elif (rival := self.amounts[at].get(group)) is None or amount > rival.off[at]:
                self.amounts[at][group] = one

    def stand(self, one: Cut) -> None:
        """Have a promotion that is made as a whole stand for all its lines."""
        for at in one.left:
            self.left[at].append(one)

    def chooses(self, at: int, group: str) -> bool:
        """Whether the line has something to choose in the group."""
        return group in self.shares[at] or group in self.amounts[at]

    def settle(self) -> None:
        """Everything is offered, and stands: work it out for each line."""
        self.lines = [self._standing(at, heap.worth) for at, heap in enumerate(self.basket.heaps)]

    def _standing(self, at: int, worth: int) -> Standing:
        parts, whole = worth, 1
        for one in self.left[at]:
            share, of = one.left[at]
            parts, whole = parts * share, whole * of
        shares, amounts = self.shares[at], self.amounts[at]
        groups: dict[str, list[Cut]] = {group: [one] for group, one in shares.items()}
        for group, one in amounts.items():
            groups.setdefault(group, []).append(one)
        return Standing(
            worth,
            parts,
            whole,
            sum(one.off[at] for one in self.off[at]),
            {group: tuple(_choice(one, at) for one in _in_order(cuts)) for group, cuts in groups.items()},
        )

    def least(self, at: int, without: Collection[str], more: Iterable[Share]) -> int:
        """What is left of a line at least, if some groups are taken and more shares come off."""
        line = self.lines[at]
        parts, whole, off = line.parts, line.whole, line.off
        for share, of in more:
            parts, whole = parts * share, whole * of
        several = []
        for group, choices in line.groups.items():
            if group in without:
                continue
            if len(choices) > 1:
                several.append(choices)
                continue
            (choice,) = choices
            parts, whole, off = parts * choice.share, whole * choice.of, off + choice.off
        if not several:
            return left_of_parts(line.worth, parts, whole, off)
        return min(_left(mix, line.worth, parts, whole, off) for mix in _mixes(several, line.worth))

    def choose(self, at: int, without: Collection[str], more: Iterable[Share]) -> None:
        """Have the best choice of a line stand; of several, the first."""
        line = self.lines[at]
        if not line.groups:
            return
        parts, whole = line.parts, line.whole
        for share, of in more:
            parts, whole = parts * share, whole * of
        rows = [choices for group, choices in line.groups.items() if group not in without]
        best: Sequence[Choice] = [row[0] for row in rows]
        if any(len(row) > 1 for row in rows):
            mixes = _mixes(rows, line.worth)
            best = min(mixes, key=lambda mix: _left(mix, line.worth, parts, whole, line.off))
        for choice in best:
            (self.left if at in choice.cut.left else self.off)[at].append(choice.cut)


def _choice(one: Cut, at: int) -> Choice:
    share, of = one.left.get(at, (1, 1))
    return Choice(one, share, of, one.off.get(at, 0))


def _in_order(cuts: list[Cut]) -> list[Cut]:
    return sorted(cuts, key=lambda one: one.order) if len(cuts) > 1 else cuts


def _mixes(rows: Sequence[tuple[Choice, ...]], worth: int) -> Iterable[Sequence[Choice]]:
    """Every way to choose one in each group; where those were too many, what is best by itself in each."""
    if prod(map(len, rows)) > MOST_MIXES:
        return [[min(row, key=lambda one: left_of_parts(worth, worth * one.share, one.of, one.off)) for row in rows]]
    return product(*rows)


def _left(mix: Iterable[Choice], worth: int, parts: int, whole: int, off: int) -> int:
    for one in mix:
        parts, whole, off = parts * one.share, whole * one.of, off + one.off
    return left_of_parts(worth, parts, whole, off)


def _less(one: Share, other: Share) -> bool:
    return one[0] * other[1] < other[0] * one[1]
