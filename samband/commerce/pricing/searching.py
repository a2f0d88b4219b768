"""Of promotions that are made whole or not at all, and that stand against others: which ones leave least to pay.

Branch and bound over the promotions, the largest first. The bound is what would be left if every promotion not yet
decided were made, and every line took part in everything: no plan leaves less. What is left of a line depends only on
those that concern it, and is worked out once.
"""

from collections.abc import Mapping, Sequence

from .cuts import Basket, Cut
from .mixing import Mixing
from .taking import off_together, still_there

MOST_STEPS = 1_500


class Search:
    """The rivals, the largest first, and the lines that they concern.

    Where amounts off several lines might not fit, `tight` are those that come off in any case: then they count, and
    all are shared out. Without it every amount fits, whatever is chosen.
    """

    def __init__(self, rivals: Sequence[Cut], tight: Sequence[Cut] | None, mixing: Mixing, basket: Basket) -> None:
        self.rivals = rivals
        self.fits = tight is None
        self.standing = tight or ()
        self.mixing = mixing
        self.basket = basket
        self.lines = sorted(frozenset[int]().union(*(one.lines for one in (*rivals, *self.standing))))
        self.concerning = {
            line: sum(1 << nth for nth, one in enumerate(rivals) if line in one.lines) for line in self.lines
        }
        self.against = [sum(1 << nth for nth, rival in enumerate(rivals) if _clash(one, rival)) for one in rivals]
        self.known: dict[tuple[int, int, int], int] = {}
        self.steps = 0
        self.found = 0
        self.least = self.left(0)

    def run(self) -> list[Cut]:
        """Which of the rivals are made."""
        self._go_on(0, 0)
        return [one for nth, one in enumerate(self.rivals) if self.found >> nth & 1]

    def _go_on(self, nth: int, made: int) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return
        if nth == len(self.rivals):
            left = self.left(made)
            if left < self.least:
                self.least, self.found = left, made
            return
        if self.bound(made, nth) >= self.least:
            return
        if not made & self.against[nth]:
            self._go_on(nth + 1, made | 1 << nth)
        self._go_on(nth + 1, made)

    def left(self, made: int) -> int:
        """What is left of the lines if these are made."""
        lefts = {line: self._left_of(line, made & mask, 0) for line, mask in self.concerning.items()}
        return self._after([*self._together(made), *self.standing], lefts)

    def bound(self, made: int, nth: int) -> int:
        """What is left of them at least, from here on."""
        still_open = 0
        for other in range(nth, len(self.rivals)):
            if not made & self.against[other]:
                still_open |= 1 << other
        left = sum(self._left_of(line, made & mask, still_open & mask) for line, mask in self.concerning.items())
        together = sum(one.together for one in (*self._together(made | still_open), *self.standing))
        return max(left - together, 0)

    def _left_of(self, line: int, made: int, still_open: int) -> int:
        key = (line, made, still_open)
        if (known := self.known.get(key)) is None:
            made_here = [one for nth, one in enumerate(self.rivals) if made >> nth & 1]
            taken = {one.promotion.stack_group for one in made_here}
            shares = [
                one.left[line]
                for nth, one in enumerate(self.rivals)
                if (made | still_open) >> nth & 1 and line in one.left
            ]
            if still_open:
                known = self.mixing.least_of_all(line, taken, shares)
            else:
                known, _ = self.mixing.least(line, taken, shares)
            self.known[key] = known
        return known

    def _together(self, made: int) -> list[Cut]:
        return [one for nth, one in enumerate(self.rivals) if made >> nth & 1 and one.together]

    def _after(self, cuts: Sequence[Cut], lefts: Mapping[int, int]) -> int:
        """What is left after amounts off several lines."""
        if self.fits or fits(cuts, lefts, self.basket):
            return sum(lefts.values()) - sum(one.together for one in cuts)
        rest = [lefts.get(line, 0) for line in self.basket.everywhere]
        for one in sorted(cuts, key=lambda one: one.order):
            for line, amount in off_together(one, rest, self.basket).items():
                rest[line] -= amount
        return sum(rest)


def fits(cuts: Sequence[Cut], lefts: Mapping[int, int], basket: Basket) -> bool:
    """Whether every one of these amounts surely finds as much left of its goods, whatever the others take."""
    for one in cuts:
        others = sum(other.together for other in cuts if other is not one and other.lines & one.lines)
        # Rounding may leave each line a unit short.
        if sum(still_there(one, lefts, basket).values()) < one.together + others + len(one.lines):
            return False
    return True


def _clash(one: Cut, other: Cut) -> bool:
    """Whether a line would take part in two promotions of a group."""
    return (
        one is not other and one.promotion.stack_group == other.promotion.stack_group and bool(one.lines & other.lines)
    )
