"""What a promotion that is made as a whole may gain at most, over what its lines could have in its group instead.

What else comes off a line is known only within bounds: a share between two of everything that other groups could take,
and an amount between two. What is gained on a line is greatest in a corner of these bounds, for it is the difference of
two lines that are cut off at nothing, and moves one way along each bound or falls before it rises.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .cuts import Cut
from .mixing import Mixing

ROUNDING = 1.0
"""Minor units by which rounding may move the difference between two ways to reduce a line."""


INFINITE = float("inf")

Corner = tuple[float, float, float]
"""What a choice leaves, what a line is worth besides, and the amount that comes off besides."""


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
        self.lost: dict[tuple[str, frozenset[int]], float] = {}
        self.ways: dict[tuple[int, str], list[list[Corner]]] = {}
        for group, lines in {(one.promotion.stack_group, one.lines) for one in rivals}:
            for at in lines:
                self.shares.setdefault(at, {})[group] = 1.0
        for one in rivals:
            for at, (share, of) in one.left.items():
                groups, group = self.shares[at], one.promotion.stack_group
                groups[group] = min(groups[group], share / of)

    def of(self, one: Cut) -> float:
        """The most that a rival may gain, whatever else is made. One with nothing to hope for may be left out."""
        group = one.promotion.stack_group
        lost = self._lost(group, one.lines)
        own = sum(self.mixing.lines[at].worth * (1.0 - share / of) for at, (share, of) in one.left.items())
        # Most have nothing to hope for even if all that comes off the goods were theirs.
        if one.together + own + lost <= 0 or not one.left:
            return one.together + lost
        gained = sum(self._known(at, group, _share(one, at)) - self._known(at, group, 1.0) for at in one.left)
        return one.together + gained + lost

    def _lost(self, group: str, lines: frozenset[int]) -> float:
        """What is gained on lines on which nothing comes off: less than nothing."""
        key = (group, lines)
        known = self.lost.get(key)
        if known is None:
            known = self.lost[key] = sum(self._known(at, group, 1.0) for at in lines)
        return known

    def _known(self, at: int, group: str, mine: float) -> float:
        """How much less this share leaves of a line at most, compared with the better of what it could choose."""
        key = (at, group, mine)
        known = self.known.get(key)
        if known is None:
            ways = self.ways.get((at, group))
            if ways is None:
                ways = self.ways[at, group] = self._ways(at, group)
            known = self.known[key] = min([_most(way, mine) for way in ways]) + ROUNDING
        return known

    def _ways(self, at: int, group: str) -> list[list[Corner]]:
        """For each choice of a line in a group, what it leaves in every corner of what may come off besides."""
        line, corners = self.mixing.lines[at], self._bounds(at, group).corners()
        choices = line.choices().get(group)
        parts = [(one.share / one.of, one.off) for one in choices] if choices else [(1.0, 0)]
        return [
            [(max(line.worth * left * part - off - more, 0.0), line.worth * left, off) for left, off in corners]
            for part, more in parts
        ]

    def _bounds(self, at: int, group: str) -> Bounds:
        """What the other groups, and what stands in any case, may take off a line."""
        line, rivals = self.mixing.lines[at], self.shares[at]
        least = most = line.parts / (line.whole * line.worth) if line.worth else 1.0
        off_least = off_most = float(line.taken_off)
        for other in {*line.choices(), *rivals}:
            if other == group:
                continue
            share, amount = line.shares.get(other), line.amounts.get(other)
            part, more = share.share / share.of if share else 1.0, amount.off if amount else 0
            if other in rivals or (share and amount):
                least *= min(part, rivals.get(other, 1.0))
            else:
                least, most, off_least = least * part, most * part, off_least + more
            off_most += more
        return Bounds(least, most, off_least, off_most)


def _most(way: list[Corner], mine: float) -> float:
    """The most by which a choice leaves more than this share does."""
    most = -INFINITE
    for theirs, kept, off in way:
        ours = kept * mine - off
        gain = theirs - ours if ours > 0 else theirs
        if gain > most:
            most = gain
    return most


def _share(one: Cut, at: int) -> float:
    share = one.left.get(at)
    return share[0] / share[1] if share else 1.0
