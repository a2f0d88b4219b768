"""What one line takes part in, of the promotions that each line may join by itself: of each stack group the best."""

from collections.abc import Collection, Iterable, Sequence
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


class Standing:
    """What comes off a line in any case, worked into its worth; and by group what it may choose from.

    Of a group that is the best share, or the best amount, or both: which is better depends on what else comes off.
    """

    __slots__ = ("amounts", "known", "left", "off", "parts", "shares", "taken_off", "whole", "worth")

    def __init__(self, worth: int) -> None:
        self.worth = worth
        self.parts = worth
        self.whole = 1
        self.taken_off = 0
        self.left: list[Cut] = []
        self.off: list[Cut] = []
        self.shares: dict[str, Choice] = {}
        self.amounts: dict[str, Choice] = {}
        self.known: dict[str, list[Choice]] | None = None

    def take_share(self, one: Cut, share: Share) -> None:
        """A share comes off in any case."""
        self.left.append(one)
        self.parts *= share[0]
        self.whole *= share[1]

    def choices(self) -> dict[str, list[Choice]]:
        """By group what the line may choose from, in order. Asked for when everything is offered."""
        if self.known is None:
            self.known = {group: [choice] for group, choice in self.shares.items()}
            for group, choice in self.amounts.items():
                rivals = self.known.setdefault(group, [])
                rivals.append(choice)
                if len(rivals) > 1:
                    rivals.sort(key=lambda one: one.cut.order)
        return self.known


class Mixing:
    """What stands for each line of a basket, and what it may choose from."""

    def __init__(self, basket: Basket) -> None:
        self.lines = [Standing(heap.worth) for heap in basket.heaps]

    def offer(self, one: Cut) -> None:
        """Let every line that it concerns have it, or choose it. Those that come earlier win a tie."""
        group = one.promotion.stack_group
        for at, share in one.left.items():
            line = self.lines[at]
            if not group:
                line.take_share(one, share)
                continue
            known = line.shares.get(group)
            if known is None or share[0] * known.of < known.share * share[1]:
                line.shares[group] = Choice(one, share[0], share[1], 0)
        for at, amount in one.off.items():
            line = self.lines[at]
            if not group:
                line.off.append(one)
                line.taken_off += amount
            elif (rival := line.amounts.get(group)) is None or amount > rival.off:
                line.amounts[group] = Choice(one, 1, 1, amount)

    def stand(self, one: Cut) -> None:
        """Have a promotion that is made as a whole stand for all its lines."""
        for at, share in one.left.items():
            self.lines[at].take_share(one, share)

    def chooses(self, at: int, group: str) -> bool:
        """Whether the line has something to choose in the group."""
        line = self.lines[at]
        return group in line.shares or group in line.amounts

    def least(self, at: int, without: Collection[str], more: Iterable[Share]) -> int:
        """What is left of a line at least, if some groups are taken and more shares come off."""
        line = self.lines[at]
        parts, whole, off = line.parts, line.whole, line.taken_off
        for share, of in more:
            parts *= share
            whole *= of
        several = []
        for group, choices in line.choices().items():
            if group in without:
                continue
            if len(choices) > 1:
                several.append(choices)
                continue
            choice = choices[0]
            parts *= choice.share
            whole *= choice.of
            off += choice.off
        if not several:
            return left_of_parts(line.worth, parts, whole, off)
        return min([_left(mix, line.worth, parts, whole, off) for mix in _mixes(several, line.worth)])

    def choose(self, at: int, without: Collection[str], more: Sequence[Share]) -> None:
        """Have the best choice of a line stand; of several, the first."""
        line = self.lines[at]
        rows = [choices for group, choices in line.choices().items() if group not in without]
        best: Sequence[Choice] = [row[0] for row in rows]
        if any(len(row) > 1 for row in rows):
            parts, whole = line.parts, line.whole
            for share, of in more:
                parts, whole = parts * share, whole * of
            mixes = _mixes(rows, line.worth)
            best = min(mixes, key=lambda mix: _left(mix, line.worth, parts, whole, line.taken_off))
        for choice in best:
            (line.off if choice.off else line.left).append(choice.cut)


def _mixes(rows: Sequence[Sequence[Choice]], worth: int) -> Iterable[Sequence[Choice]]:
    """Every way to choose one in each group; where those were too many, what is best by itself in each."""
    if prod(map(len, rows)) <= MOST_MIXES:
        return product(*rows)
    return [[min(row, key=lambda one: left_of_parts(worth, worth * one.share, one.of, one.off)) for row in rows]]


def _left(mix: Iterable[Choice], worth: int, parts: int, whole: int, off: int) -> int:
    for one in mix:
        parts, whole, off = parts * one.share, whole * one.of, off + one.off
    return left_of_parts(worth, parts, whole, off)
