"""Of promotions that are made whole or not at all, and that stand against others: which ones leave least to pay.

Branch and bound over the promotions, those with most to hope for first. A plan gains no more than its promotions may
hope for together; and as two of a group never share a line, no more than the largest hope on each line of each group
if every promotion spreads its hope evenly over its lines. What is left of a line depends only on those that concern it,
and is worked out once.

Amounts off several lines are counted in full. Where they might find less left than they are, plans are compared by what
is `exactly` left after sharing them out; that is never less, so the same bounds hold.
"""

from collections.abc import Iterator, Mapping, Sequence

from .cuts import Basket, Cut
from .mixing import Mixing
from .taking import in_order, off_together

MOST_STEPS = 1_000
MOST_STEPS_SHARING_OUT = 300
STEPS_OF_SHARING_OUT = 15


class Search:
    """Rivals, and the lines that they concern. `hoped` says what each may gain at most.

    `best_so_far` is a plan that is known already.
    """

    def __init__(
        self,
        rivals: Sequence[Cut],
        hoped: Mapping[int, float],
        mixing: Mixing,
        exactly: "SharingOut | None" = None,
        best_so_far: Sequence[Cut] = (),
    ) -> None:
        self.rivals = sorted(rivals, key=lambda one: (-hoped[id(one)], one.order))
        self.hopes = [hoped[id(one)] for one in self.rivals]
        self.mixing = mixing
        self.exactly = exactly
        self.most = MOST_STEPS_SHARING_OUT if exactly else MOST_STEPS
        self.concerning = _concerning(self.rivals)
        self.against = _against(self.rivals)
        self.ahead = self._ahead()
        self.known: dict[tuple[int, int], int] = {}
        self.steps = 0
        known = {id(one) for one in best_so_far}
        self.found = sum(1 << nth for nth, one in enumerate(self.rivals) if id(one) in known)
        self.least = exactly.left(self, self.found) if exactly else self.left(self.found)
        self._go_on(0, 0, self.left(0))

    def made(self) -> list[Cut]:
        """Which of the rivals are made."""
        return list(self.those(self.found))

    def those(self, bits: int) -> Iterator[Cut]:
        """The rivals that these bits stand for."""
        while bits:
            last = bits & -bits
            yield self.rivals[last.bit_length() - 1]
            bits ^= last

    def _go_on(self, nth: int, made: int, left: int) -> None:
        """Decide on the nth rival; `left` is what those leave that are made so far."""
        self.steps += 1
        if left < self.least:
            self._compare(made, left)
        if self.steps > self.most or nth == len(self.rivals) or left - self.ahead[nth] >= self.least:
            return
        if not made & self.against[nth]:
            self._go_on(nth + 1, made | 1 << nth, left - self._gained(nth, made))
        self._go_on(nth + 1, made, left)

    def _compare(self, made: int, left: int) -> None:
        if self.exactly:
            self.steps += STEPS_OF_SHARING_OUT
            left = self.exactly.left(self, made)
        if left < self.least:
            self.least, self.found = left, made

    def _gained(self, nth: int, made: int) -> int:
        one = self.rivals[nth]
        gained = one.together
        for line in one.lines:
            gained += self.left_of(line, made) - self.left_of(line, made | 1 << nth)
        return gained

    def left(self, made: int) -> int:
        """What is left of the lines if these are made, with every amount counted in full."""
        together = sum(one.together for one in self.those(made))
        return sum(self.left_of(line, made) for line in self.concerning) - together

    def left_of(self, line: int, made: int) -> int:
        """What is left of a line before amounts off several lines."""
        here = made & self.concerning.get(line, 0)
        if (known := self.known.get((line, here))) is None:
            groups, shares = set(), []
            for one in self.those(here):
                groups.add(one.promotion.stack_group)
                if line in one.left:
                    shares.append(one.left[line])
            known = self.known[line, here] = self.mixing.least(line, groups, shares)
        return known

    def _ahead(self) -> list[float]:
        """What those from each one on may gain at most, all together."""
        ahead = [0.0] * (len(self.rivals) + 1)
        largest: dict[tuple[str, int], float] = {}
        spread = summed = 0.0
        for nth in reversed(range(len(self.rivals))):
            one, hope = self.rivals[nth], max(self.hopes[nth], 0.0)
            part = hope / len(one.lines)
            summed += hope
            for line in one.lines:
                known = largest.get((one.promotion.stack_group, line), 0.0)
                if part > known:
                    largest[one.promotion.stack_group, line] = part
                    spread += part - known
            ahead[nth] = min(spread, summed)
        return ahead


class SharingOut:
    """Amounts off several lines, those of rivals and those that `stand` in any case, shared out over a whole basket."""

    def __init__(self, standing: Sequence[Cut], basket: Basket) -> None:
        self.standing = standing
        self.basket = basket

    def in_full(self, made: Sequence[Cut], lefts: Sequence[int]) -> bool:
        """Whether every amount finds as much left as it is, if these rivals are made and leave this of each line."""
        amounts = [*self.standing, *(one for one in made if one.together)]
        return sum(lefts) - self._shared_out(amounts, lefts) == sum(one.together for one in amounts)

    def left(self, search: Search, made: int) -> int:
        """What is left if these rivals are made; as the search counts, of its lines and before what stands."""
        lefts = [search.left_of(line, made) for line in self.basket.everywhere]
        left = self._shared_out([*self.standing, *(one for one in search.those(made) if one.together)], lefts)
        others = sum(lefts[line] for line in self.basket.everywhere if line not in search.concerning)
        return left - others + sum(one.together for one in self.standing)

    def _shared_out(self, amounts: Sequence[Cut], lefts: Sequence[int]) -> int:
        """What is left after these amounts."""
        rest = list(lefts)
        for one in in_order(amounts):
            for line, amount in off_together(one, rest, self.basket).items():
                rest[line] -= amount
        return sum(rest)


def _concerning(rivals: Sequence[Cut]) -> dict[int, int]:
    """Which of the rivals concern each line, as bits."""
    found: dict[int, int] = {}
    for nth, one in enumerate(rivals):
        for line in one.lines:
            found[line] = found.get(line, 0) | 1 << nth
    return found


def _against(rivals: Sequence[Cut]) -> list[int]:
    """Which of them cannot be made beside each: those of its group that share a line with it, as bits."""
    by_place: dict[tuple[str, int], int] = {}
    for nth, one in enumerate(rivals):
        for line in one.lines:
            place = (one.promotion.stack_group, line)
            by_place[place] = by_place.get(place, 0) | 1 << nth
    found = []
    for nth, one in enumerate(rivals):
        mask = 0
        for line in one.lines:
            mask |= by_place[one.promotion.stack_group, line]
        found.append(mask & ~(1 << nth))
    return found
