"""What a promotion that is made as a whole may gain at most, over what its lines could have in its group instead.

What else comes off a line is known only within bounds: a share between two of everything that other groups could take,
and an amount between two. What is gained on a line is greatest in a corner of these bounds, for it is the difference of
two lines that are cut off at nothing, and moves one way along each bound or falls before it rises.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .cuts import Basket, Cut
from .mixing import Mixing

ROUNDING = 1.0
"""Minor units by which rounding may move the difference between two ways to reduce a line."""


ALL_OF_IT = [(1.0, 0)]


@dataclass(slots=True)
class Bounds:
    """What may come off a line besides: it leaves between `least` and `most` of its worth, and an amount in between."""

    least: float
    most: float
    off_least: float
    off_most: float

    def corners(self) -> list[tuple[float, float]]:
        """Every share with every amount, once."""
        shares = (self.least,) if self.least == self.most else (self.least, self.most)
        amounts = (self.off_least,) if self.off_least == self.off_most else (self.off_least, self.off_most)
        return [(share, amount) for share in shares for amount in amounts]


class Hopes:
    """What may become of the lines that some rivals concern."""

    def __init__(self, rivals: Sequence[Cut], mixing: Mixing, basket: Basket) -> None:
        self.mixing = mixing
        self.basket = basket
        self.shares: dict[int, dict[str, float]] = {}
        """The best share of a rival, by line and group."""
        self.known: dict[tuple[int, str, float], float] = {}
        for one in rivals:
            group = one.promotion.stack_group
            for at in one.lines:
                self.shares.setdefault(at, {}).setdefault(group, 1.0)
            for at in one.left:
                self.shares[at][group] = min(self.shares[at][group], _share(one, at))

    def of(self, one: Cut) -> float:
        """The most that a rival may gain, whatever else is made. One with nothing to hope for may be left out."""
        group = one.promotion.stack_group
        gain = one.together + sum(self._known(at, group, _share(one, at)) for at in one.left)
        ahead = len(one.lines) - len(one.left)
        for at in one.lines:
            # On the lines that it only needs nothing is gained but by rounding.
            if gain + ahead * ROUNDING <= 0:
                break
            if at not in one.left:
                gain += self._known(at, group, 1.0)
                ahead -= 1
        return gain

    def _known(self, at: int, group: str, mine: float) -> float:
        key = (at, group, mine)
        known = self.known.get(key)
        if known is None:
            known = self.known[key] = self._gain(at, group, mine)
        return known

    def _gain(self, at: int, group: str, mine: float) -> float:
        """How much less this share leaves of a line at most, compared with the better of what it could choose."""
        worth, corners = self.basket.heaps[at].worth, self._bounds(at, group).corners()
        share, amount = self.mixing.shares[at].get(group), self.mixing.amounts[at].get(group)
        instead = [(_share(share, at), 0)] if share else []
        if amount:
            instead.append((1.0, amount.off[at]))
        return min(_most(worth, corners, part, more, mine) for part, more in instead or ALL_OF_IT) + ROUNDING

    def _bounds(self, at: int, group: str) -> Bounds:
        """What the other groups, and what stands in any case, may take off a line."""
        mixing, rivals = self.mixing, self.shares[at]
        bounds = Bounds(1.0, 1.0, 0.0, 0.0)
        for one in mixing.left[at]:
            bounds.least *= _share(one, at)
        bounds.most = bounds.least
        bounds.off_least = bounds.off_most = float(sum(one.off[at] for one in mixing.off[at]))
        others = {*mixing.shares[at], *mixing.amounts[at], *rivals}
        others.discard(group)
        for other in others:
            share, amount = mixing.shares[at].get(other), mixing.amounts[at].get(other)
            certain = other not in rivals and (share is None or amount is None)
            part = min(_share(share, at) if share else 1.0, rivals.get(other, 1.0))
            bounds.least *= part
            bounds.off_most += amount.off[at] if amount else 0
            if certain:
                bounds.most *= part
                bounds.off_least += amount.off[at] if amount else 0
        return bounds


def _most(worth: int, corners: Iterable[tuple[float, float]], part: float, more: int, mine: float) -> float:
    """The most by which the one way leaves more than the other."""
    most = -float(worth)
    for left, off in corners:
        kept = worth * left
        theirs, ours = kept * part - off - more, kept * mine - off
        gain = (theirs if theirs > 0 else 0.0) - (ours if ours > 0 else 0.0)
        if gain > most:
            most = gain
    return most


def _share(one: Cut, at: int) -> float:
    share = one.left.get(at)
    return share[0] / share[1] if share else 1.0
