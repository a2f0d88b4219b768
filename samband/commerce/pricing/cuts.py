"""What one promotion would take off a basket by itself: a cut. Which cuts are made is decided in `combining`.

A cut is reckoned from what the goods cost before any promotion: what a shopper must buy, which units are the cheapest
and what a set is worth do not depend on what else is taken off.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from .promotions import (
    WHOLE,
    Amount,
    Bundle,
    BuyGet,
    FreeSample,
    FreeShipping,
    Goods,
    Needs,
    Percent,
    Promotion,
    Tier,
    Tiered,
)

Share = tuple[int, int]
"""What is left of a line's worth: so many of so many parts."""

NO_SHARES: Mapping[int, Share] = MappingProxyType({})
NO_AMOUNTS: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Heap:
    """Some units of one SKU in a basket: `unit` is what one costs, `worth` what all of them do."""

    sku: str
    category: str
    quantity: int
    unit: int
    worth: int


class Basket:
    """Heaps by their places, and where in it some goods are. `bringing` tells what shipping costs without classes."""

    def __init__(self, heaps: Sequence[Heap], currency: str, bringing: Callable[[frozenset[str]], int]) -> None:
        self.heaps = heaps
        self.currency = currency
        self.bringing = bringing
        self.everywhere = tuple(range(len(heaps)))
        self.worth = sum(heap.worth for heap in heaps)
        self.quantity = sum(heap.quantity for heap in heaps)
        self.of_sku: dict[str, list[int]] = {}
        self.of_category: dict[str, list[int]] = {}
        for place, heap in enumerate(heaps):
            self.of_sku.setdefault(heap.sku, []).append(place)
            self.of_category.setdefault(heap.category, []).append(place)
        self.skus = frozenset(self.of_sku)
        self.categories = frozenset(self.of_category)
        self.row_of_all: _Row | None = None
        self.asked_for: dict[frozenset[str], int] = {}
        self.worths: dict[int, int] | None = None

    def places(self, goods: Goods) -> Sequence[int]:
        """Where these goods are."""
        named = goods.skus or goods.categories
        if not named and not goods.but_not:
            return self.everywhere
        found = set() if named else set(self.everywhere)
        for sku in goods.skus & self.skus:
            found.update(self.of_sku[sku])
        for category in goods.categories & self.categories:
            found.update(self.of_category[category])
        for sku in goods.but_not & self.skus:
            found.difference_update(self.of_sku[sku])
        return list(found)

    def row(self, places: Sequence[int]) -> "_Row":
        """The units of these heaps in a row, the dearest first."""
        if places is not self.everywhere:
            return _Row(self, places)
        if self.row_of_all is None:
            self.row_of_all = _Row(self, places)
        return self.row_of_all

    def worths_at(self, places: Sequence[int]) -> dict[int, int]:
        """What the heaps there are worth."""
        if places is not self.everywhere:
            return {at: self.heaps[at].worth for at in places}
        if self.worths is None:
            self.worths = {at: heap.worth for at, heap in enumerate(self.heaps)}
        return self.worths

    def asked(self, without: frozenset[str] = frozenset()) -> int:
        """What is asked for bringing it, if some classes of goods cost nothing."""
        if without not in self.asked_for:
            self.asked_for[without] = self.bringing(without)
        return self.asked_for[without]

    def has(self, needs: Needs) -> bool:
        """Whether what must be in it is in it."""
        if not needs.worth and not needs.quantity:
            return True
        least = needs.worth.get(self.currency) if needs.worth else 0
        if least is None:
            return False
        goods = needs.goods
        if not (goods.skus or goods.categories or goods.but_not):
            return self.quantity >= needs.quantity and self.worth >= least
        places = self.places(goods)
        if needs.quantity and sum(self.heaps[at].quantity for at in places) < needs.quantity:
            return False
        return sum(self.heaps[at].worth for at in places) >= least


class Cut:
    """What a promotion takes off: of each line a share or an amount, or one amount off several lines together.

    `left` are the shares that stay, `off` the amounts that go, by line. `together` goes off the lines that `weights`
    name. One that is `whole` is made on all the `lines` that take part in it, or not at all. `order` says which is
    taken off and named first.
    """

    __slots__ = ("gift", "left", "lines", "off", "order", "promotion", "shipping", "together", "weights", "whole")

    def __init__(
        self,
        promotion: Promotion,
        *,
        left: Mapping[int, Share] = NO_SHARES,
        off: Mapping[int, int] = NO_AMOUNTS,
        together: int = 0,
        weights: Mapping[int, int] = NO_AMOUNTS,
        whole: bool = False,
        lines: frozenset[int] = frozenset(),
        shipping: int = 0,
        gift: tuple[str, int] | None = None,
    ) -> None:
        self.promotion = promotion
        self.left = left
        self.off = off
        self.together = together
        self.weights = weights
        self.whole = whole
        self.lines = lines
        self.shipping = shipping
        self.gift = gift
        self.order = (-promotion.priority, promotion.code)


def cut(promotion: Promotion, basket: Basket) -> Cut | None:
    """What the promotion would take off this basket, or nothing."""
    if not basket.has(promotion.needs):
        return None
    return _CUTS[type(promotion.deal)](promotion.deal, promotion, basket)


def _percent(deal: Percent, promotion: Promotion, basket: Basket) -> Cut | None:
    places = basket.places(deal.goods)
    share = (WHOLE - deal.basis_points, WHOLE)
    return Cut(promotion, left=dict.fromkeys(places, share)) if places else None


def _amount(deal: Amount, promotion: Promotion, basket: Basket) -> Cut | None:
    amount = deal.amounts.get(basket.currency)
    places = basket.places(deal.goods)
    if not amount or not places:
        return None
    if deal.each:
        return Cut(promotion, off={at: amount * basket.heaps[at].quantity for at in places})
    return _together(promotion, amount, basket.worths_at(places))


def _together(promotion: Promotion, amount: int, weights: Mapping[int, int]) -> Cut | None:
    amount = min(amount, sum(weights.values()))
    if amount <= 0:
        return None
    return Cut(promotion, together=amount, weights=weights, whole=True, lines=frozenset(weights))


def _tiered(deal: Tiered, promotion: Promotion, basket: Basket) -> Cut | None:
    places = basket.places(deal.goods)
    quantity = sum(basket.heaps[at].quantity for at in places)
    worth = sum(basket.heaps[at].worth for at in places)
    reached = [tier for tier in deal.tiers if _reaches(tier, quantity, worth, basket.currency)]
    if not reached:
        return None
    tier = reached[-1]
    if tier.basis_points:
        return Cut(promotion, left=dict.fromkeys(places, (WHOLE - tier.basis_points, WHOLE)))
    return _together(promotion, tier.amounts[basket.currency], basket.worths_at(places))


def _reaches(tier: Tier, quantity: int, worth: int, currency: str) -> bool:
    least = tier.worth.get(currency) if tier.worth else 0
    speaks = tier.basis_points or currency in tier.amounts
    return bool(speaks) and least is not None and quantity >= max(tier.quantity, 1) and worth >= least


def _bundle(deal: Bundle, promotion: Promotion, basket: Basket) -> Cut | None:
    price = deal.prices.get(basket.currency)
    if price is None or any(part.skus.isdisjoint(basket.skus) for part in deal.parts):
        return None
    parts = [
        (_Row(basket, [at for sku in sorted(part.skus & basket.skus) for at in basket.of_sku[sku]]), part.quantity)
        for part in deal.parts
    ]
    most = min(row.quantity // quantity for row, quantity in parts)
    most = most if deal.times is None else min(most, deal.times)

    def saved_by(nth: int) -> int:
        return sum(row.worth_between((nth - 1) * quantity, nth * quantity) for row, quantity in parts) - price

    sets = _last(most, lambda nth: saved_by(nth) > 0)
    if not sets:
        return None
    weights: dict[int, int] = {}
    for row, quantity in parts:
        for at, units in row.first(sets * quantity):
            heap = basket.heaps[at]
            weights[at] = weights.get(at, 0) + _half_up(heap.worth * units, heap.quantity)
    return _together(promotion, sum(weights.values()) - sets * price, weights)


def _buy_get(deal: BuyGet, promotion: Promotion, basket: Basket) -> Cut | None:
    bought = basket.places(deal.goods)
    if deal.got is None or deal.got == deal.goods:
        reduced = _of_the_same(deal, basket.row(bought))
        taking_part = frozenset(bought)
    else:
        reduced = _of_others(deal, basket, bought, basket.places(deal.got))
        taking_part = frozenset(bought).union(at for at, _ in reduced)
    if not reduced:
        return None
    left = {}
    for at, units in reduced:
        whole = basket.heaps[at].quantity * WHOLE
        left[at] = (whole - units * deal.basis_points, whole)
    return Cut(promotion, left=left, whole=True, lines=taking_part)


def _of_the_same(deal: BuyGet, row: "_Row") -> list[tuple[int, int]]:
    """Sets are formed from the dearest down; in each the cheapest are reduced. How many of each heap those are."""
    size = deal.buy + deal.get
    sets = row.quantity // size
    sets = sets if deal.times is None else min(sets, deal.times)
    reduced: list[tuple[int, int]] = []
    before, last = 0, sets * size
    for at, end in zip(row.places, row.ends, strict=True) if sets else ():
        full, rest = divmod(end if end < last else last, size)
        upto = full * deal.get + (rest - deal.buy if rest > deal.buy else 0)
        if upto > before:
            reduced.append((at, upto - before))
            before = upto
        if end >= last:
            break
    return reduced


def _of_others(deal: BuyGet, basket: Basket, bought: Sequence[int], got: Sequence[int]) -> list[tuple[int, int]]:
    """The dearest of what they get are reduced. What is both is reduced only where enough is left to have bought."""
    both = set(bought) & set(got)
    paid = sum(basket.heaps[at].quantity for at in bought)
    row = basket.row(got)

    def reduced(sets: int) -> list[tuple[int, int]]:
        units, spare = sets * deal.get, paid - sets * deal.buy
        taken = []
        for at, begin, end in row.spans():
            part = min(end - begin, units, spare) if at in both else min(end - begin, units)
            units -= part
            spare -= part if at in both else 0
            if part:
                taken.append((at, part))
        return taken

    def worth(sets: int) -> int:
        return sum(basket.heaps[at].unit * units for at, units in reduced(sets))

    most = paid // deal.buy if deal.times is None else min(paid // deal.buy, deal.times)
    # Each further set adds no more than the one before: more is reduced, but less may be.
    return reduced(_last(most, lambda nth: worth(nth) > worth(nth - 1)))


def _free_shipping(deal: FreeShipping, promotion: Promotion, basket: Basket) -> Cut | None:
    saved = basket.asked() - (basket.asked(deal.classes) if deal.classes else 0)
    off = _half_up(saved * deal.basis_points, WHOLE)
    return Cut(promotion, shipping=off) if off > 0 else None


def _free_sample(deal: FreeSample, promotion: Promotion, basket: Basket) -> Cut | None:
    return Cut(promotion, gift=(deal.sku, deal.quantity)) if basket.heaps else None


_CUTS: dict[type, Callable[[Any, Promotion, Basket], Cut | None]] = {
    Percent: _percent,
    Amount: _amount,
    Tiered: _tiered,
    Bundle: _bundle,
    BuyGet: _buy_get,
    FreeShipping: _free_shipping,
    FreeSample: _free_sample,
}


class _Row:
    """Units in a row, the dearest first."""

    def __init__(self, basket: Basket, places: Iterable[int]) -> None:
        self.heaps = basket.heaps
        self.places = sorted(places, key=lambda at: (-basket.heaps[at].unit, at))
        self.ends = list(accumulate(basket.heaps[at].quantity for at in self.places))
        self.quantity = self.ends[-1] if self.ends else 0

    def spans(self) -> list[tuple[int, int, int]]:
        """Each place with where its units begin and end in the row."""
        return [(at, end - self.heaps[at].quantity, end) for at, end in zip(self.places, self.ends, strict=True)]

    def first(self, units: int) -> list[tuple[int, int]]:
        """The dearest so many units, by their places."""
        return [(at, min(end, units) - begin) for at, begin, end in self.spans() if begin < units]

    def worth_between(self, begin: int, end: int) -> int:
        """What the units between these two places in the row cost."""
        return sum(
            self.heaps[at].unit * (min(end, last) - max(begin, first))
            for at, first, last in self.spans()
            if first < end and last > begin
        )


def _last(most: int, holds: Callable[[int], bool]) -> int:
    """The last number from 1 to `most` for which something holds that holds up to a point; 0 if it never does."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
