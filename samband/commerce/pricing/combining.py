"""Which promotions are taken together so that the shopper pays least.

Shares come off before amounts, each of what the others leave, so nothing goes below nothing and one promotion more
never costs more. What is to be decided is what may not go together: a line takes part in one promotion of a stack
group, and an exclusive promotion is alone in its basket. For promotions that each line may join by itself the best of
a group is found line by line (`mixing`). Where promotions that are made whole or not at all stand against others, plans
are searched (`searching`). The answer is the best there is as long as the search ends within its MOST_STEPS; if not, it
is the best found until then: never less than without any of them, or with the largest, the next largest and so on.

Of plans that come to the same, the first in the order of size, priority and code holds: the order in which lines and
promotions are given never matters.
"""

from collections.abc import Callable, Iterable, Sequence

from .cuts import Basket, Cut, Share
from .hoping import Hopes
from .mixing import Mixing
from .searching import Search, SharingOut
from .taking import Plan, Taken, left_of, take

FEW_RIVALS = 10


def best(cuts: Iterable[Cut], basket: Basket) -> Taken:
    """What is taken off at best. An exclusive promotion must be worth more than all the others together."""
    ordered = sorted(cuts, key=lambda one: one.order)
    found = _best_together([one for one in ordered if not one.promotion.exclusive], basket)
    alone = [one for one in ordered if one.promotion.exclusive]
    if not alone:
        return found
    rival = _best_together([max(alone, key=lambda one: _alone(one, basket))], basket)
    return rival if rival.worth > found.worth else found


def _best_together(cuts: Sequence[Cut], basket: Basket) -> Taken:
    """The same of promotions none of which is exclusive."""
    mixing = Mixing(basket)
    for one in cuts:
        if not one.whole:
            mixing.offer(one)
    standing, rivals = _sort_out([one for one in cuts if one.whole], mixing)
    for one in standing:
        mixing.stand(one)
    made = _decide(rivals, [one for one in standing if one.together], mixing, basket)
    for at in basket.everywhere:
        mixing.choose(at, *_of_line(at, made))
    for one in made:
        mixing.stand(one)
    plan = Plan(
        left=[line.left for line in mixing.lines],
        off=[line.off for line in mixing.lines],
        together=[one for one in (*standing, *made) if one.together],
        shipping=_best_of_groups([one for one in cuts if one.shipping], lambda one: one.shipping),
        gifts=_best_of_groups([one for one in cuts if one.gift], lambda one: 0),
    )
    return take(plan, basket)


def _alone(one: Cut, basket: Basket) -> tuple[int, int]:
    """What a promotion is worth by itself."""
    shares = sum(basket.heaps[at].worth - left_of(basket.heaps[at].worth, [share]) for at, share in one.left.items())
    amounts = sum(min(off, basket.heaps[at].worth) for at, off in one.off.items())
    return shares + amounts + one.together + one.shipping, one.gift[1] if one.gift else 0


def _sort_out(wholes: Sequence[Cut], mixing: Mixing) -> tuple[list[Cut], list[Cut]]:
    """Those that nothing stands against, and those that are rivals of each other or of what a line could choose."""
    standing: list[Cut] = []
    rivals: list[Cut] = []
    for one in wholes:
        group = one.promotion.stack_group
        contested = group and (
            any(mixing.chooses(at, group) for at in one.lines)
            or any(
                other is not one and other.promotion.stack_group == group and other.lines & one.lines
                for other in wholes
            )
        )
        (rivals if contested else standing).append(one)
    return standing, rivals


def _decide(rivals: Sequence[Cut], amounts: Sequence[Cut], mixing: Mixing, basket: Basket) -> list[Cut]:
    """Which of the rivals are made, beside amounts that come off several lines in any case.

    Plans are compared as if every amount off several lines found as much left as it is. If that is so of the best, no
    other is better. If not, they are compared once more with all of these amounts shared out: all plans of few rivals,
    of many those of the hopeful.
    """
    if not rivals:
        return []
    hopes = Hopes(rivals, mixing)
    hoped = {id(one): hopes.of(one) for one in rivals}
    hopeful = [one for one in rivals if hoped[id(one)] > 0]
    made = [one for some in _apart(hopeful) for one in Search(some, hoped, mixing).made()]
    sharing = SharingOut(amounts, basket)
    lefts = [mixing.least(at, *_of_line(at, made)) for at in basket.everywhere]
    if sharing.in_full(made, lefts):
        return made
    return Search(rivals if len(rivals) <= FEW_RIVALS else hopeful, hoped, mixing, sharing, made).made()


def _of_line(at: int, made: Sequence[Cut]) -> tuple[set[str], list[Share]]:
    """Of wholes that are made: the groups in which a line has its part, and the shares that come off it."""
    here = [one for one in made if at in one.lines]
    return {one.promotion.stack_group for one in here}, [one.left[at] for one in here if at in one.left]


def _apart(rivals: Sequence[Cut]) -> list[list[Cut]]:
    """The rivals in sets that have no line in common."""
    sets: list[tuple[set[int], list[Cut]]] = []
    for one in rivals:
        touched = [entry for entry in sets if not entry[0].isdisjoint(one.lines)]
        sets = [entry for entry in sets if entry[0].isdisjoint(one.lines)]
        lines = set(one.lines).union(*(entry[0] for entry in touched))
        sets.append((lines, [*(member for entry in touched for member in entry[1]), one]))
    return [members for _, members in sets]


def _best_of_groups(cuts: Iterable[Cut], worth: Callable[[Cut], int]) -> list[Cut]:
    """Those without a group, and of each group the one that is worth most, the first of several."""
    chosen: dict[str, Cut] = {}
    free = []
    for one in cuts:
        group = one.promotion.stack_group
        if not group:
            free.append(one)
        elif group not in chosen or worth(one) > worth(chosen[group]):
            chosen[group] = one
    return sorted([*free, *chosen.values()], key=lambda one: one.order)
