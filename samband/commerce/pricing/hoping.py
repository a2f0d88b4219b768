"""What a promotion that is made as a whole may gain at most, over what its lines could have in its group instead.

What else comes off a line is known only within bounds: a share between two of everything that other groups could take,
and an amount between two. What is gained on a line is greatest in a corner of these bounds, for it is the difference of
two lines that are cut off at nothing, and moves one way along each bound or falls before it rises.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .cuts import Cut
from .mixing import Mixing

ROUNDING = 1.0
"""Minor units by which rounding may move the difference between two ways to reduce a line."""


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

    def __init__(self, rivals: Sequence[Cut], mixing: Mixing) -> None:
        self.mixing = mixing
        self.shares: dict[int, dict[str, float]] = {}
        """The best share of a rival, by line and group."""
        self.known: dict[tuple[int, str, float], float] = {}
        self.corners: dict[tuple[int, str], list[tuple[float, float]]] = {}
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
        line = self.mixing.lines[at]
        if (corners := self.corners.get((at, group))) is None:
            corners = self.corners[at, group] = self._bounds(at, group).corners()
        choices = line.groups.get(group)
        if not choices:
            return _most(line.worth, corners, 1.0, 0, mine) + ROUNDING
        return min(_most(line.worth, corners, one.share / one.of, one.off, mine) for one in choices) + ROUNDING

    def _bounds(self, at: int, group: str) -> Bounds:
        """What the other groups, and what stands in any case, may take off a line."""
        line, rivals = self.mixing.lines[at], self.shares[at]
        least = most = line.parts / (line.whole * line.worth) if line.worth else 1.0
        off_least = off_most = float(line.off)
        for other, choices in line.groups.items():
            if other == group:
                continue
            part, amount = min(one.share / one.of for one in choices), max(one.off for one in choices)
            if other in rivals or len(choices) > 1:
                least *= min(part, rivals.get(other, 1.0))
            else:
                least, most, off_least = least * part, most * part, off_least + amount
            off_most += amount
        for other, part in rivals.items():
            if other != group and other not in line.groups:
                least *= part
        return Bounds(least, most, off_least, off_most)


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
