"""What one unit costs with the promotions that hold for everybody who asks so: what may be written on its price tag."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from samband.kernel.money import Money

from .combining import best
from .cuts import Basket, Heap, cut
from .promotions import Amount, Needs, Percent, Promotion
from .tagging import Announced, PriceTag

NOTHING = Needs()


def announces(promotion: Promotion) -> bool:
    """Whether it lowers the price of each unit for whoever it is for, whatever else they buy."""
    deal = promotion.deal
    lowers = isinstance(deal, Percent) or (isinstance(deal, Amount) and deal.each)
    return lowers and not promotion.by_coupon and promotion.needs == NOTHING


def announcing(
    skus: Sequence[str], categories: Mapping[str, str], promotions: Iterable[Promotion]
) -> dict[str, list[Promotion]]:
    """Of these promotions the ones that announce something of each SKU; those of which nothing is are left out."""
    heaps = [Heap(sku, categories.get(sku, ""), 1, 0, 0) for sku in skus]
    shelf = Basket(heaps, "", lambda classes: 0)
    found: dict[str, list[Promotion]] = {}
    for one in promotions:
        if announces(one) and isinstance(one.deal, Percent | Amount):
            for at in shelf.places(one.deal.goods):
                found.setdefault(skus[at], []).append(one)
    return found


def announced(tag: PriceTag, category: str, promotions: Sequence[Promotion]) -> Announced | None:
    """What one unit of this comes to with these promotions, which announce something; None if nothing comes off."""
    unit = tag.unit
    if not promotions or not unit:
        return None
    basket = Basket([Heap(tag.sku, category, 1, unit.amount, unit.amount)], unit.currency, lambda classes: 0)
    taken = best((found for one in promotions if (found := cut(one, basket))), basket)
    off, _ = taken.worth
    if not off:
        return None
    made = [one.promotion for one, _ in taken.lines[0]]
    return Announced(
        unit - Money(off, unit.currency), tuple(one.code for one in made), tuple(one.names for one in made)
    )


def with_announced(
    tags: dict[str, PriceTag], categories: Mapping[str, str], told: Mapping[str, Sequence[Promotion]]
) -> dict[str, PriceTag]:
    """The same tags with what the promotions that are told of each make of it."""
    lower = {sku: announced(tags[sku], categories.get(sku, ""), promotions) for sku, promotions in told.items()}
    return {**tags, **{sku: replace(tags[sku], announced=found) for sku, found in lower.items() if found}}
