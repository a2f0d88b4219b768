"""What one line takes part in, of the promotions that each line may join by itself: of each stack group the best."""

from collections.abc import Collection, Iterable, Sequence
from itertools import product
from math import prod

from .cuts import Basket, Cut, Share
from .taking import left_of, left_of_parts

FEW_GROUPS, MOST_MIXES = 6, 64


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

    def least(self, at: int, without: Collection[str], more: Iterable[Share]) -> tuple[int, Sequence[Cut]]:
        """What is left of a line at least, and by which choice, if some groups are taken and more shares come off."""
        worth = self.basket.heaps[at].worth
        parts, whole, off = worth, 1, 0
        for share, of in more:
            parts, whole = parts * share, whole * of
        for one in self.left[at]:
            share, of = one.left[at]
            parts, whole = parts * share, whole * of
        for one in self.off[at]:
            off += one.off[at]
        found: tuple[int, Sequence[Cut]] = left_of_parts(worth, parts, whole, off), ()
        for mix in self._mixes(at, without):
            left = _after(mix, at, worth, parts, whole, off)
            if left < found[0]:
                found = left, mix
        return found

    def choose(self, at: int, without: Collection[str], more: Sequence[Share]) -> None:
        """Have the best choice of a line stand."""
        _, mix = self.least(at, without, more)
        self.shares[at], self.amounts[at] = {}, {}
        for one in mix:
            (self.left if at in one.left else self.off)[at].append(one)

    def _mixes(self, at: int, without: Collection[str]) -> Iterable[Sequence[Cut]]:
        """Every way to choose one in each group."""
        shares, amounts = self.shares[at], self.amounts[at]
        if not shares and not amounts:
            return ()
        rows = [[one] for group, one in shares.items() if group not in amounts and group not in without]
        for group, one in amounts.items():
            if group not in without:
                rival = shares.get(group)
                rows.append([one] if rival is None else sorted((one, rival), key=lambda each: each.order))
        if len(rows) > FEW_GROUPS and prod(map(len, rows)) > MOST_MIXES:
            rows = [[min(row, key=lambda one: self._alone(at, one))] for row in rows]
        return product(*rows)

    def _alone(self, at: int, one: Cut) -> int:
        shares = [one.left[at]] if at in one.left else []
        return left_of(self.basket.heaps[at].worth, shares, one.off.get(at, 0))


def _after(mix: Sequence[Cut], at: int, worth: int, parts: int, whole: int, off: int) -> int:
    for one in mix:
        if at in one.left:
            share, of = one.left[at]
            parts, whole = parts * share, whole * of
        else:
            off += one.off[at]
    return left_of_parts(worth, parts, whole, off)


def _less(one: Share, other: Share) -> bool:
    return one[0] * other[1] < other[0] * one[1]
