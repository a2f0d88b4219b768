"""What one unit costs with the promotions that hold for everybody who asks so: what may be written on its price tag."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from samband.kernel.money import Money

from .combining import best
from .cuts import Basket, Heap, cut
from .promotions import Amount, Needs, Percent, Promotion
from .tagging import Announced, PriceTag


def announces(promotion: Promotion) -> bool:
    """Whether it lowers the price of each unit for whoever it is for, whatever else they buy."""
    deal = promotion.deal
    lowers = isinstance(deal, Percent) or (isinstance(deal, Amount) and deal.each)
    bound = promotion.by_coupon or promotion.exclusive or promotion.needs != Needs()
    limited = promotion.limit_total is not None or promotion.limit_per_customer is not None
    return lowers and not bound and not limited


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
    tags: dict[str, PriceTag], categories: dict[str, str], promotions: Iterable[Promotion]
) -> dict[str, PriceTag]:
    """The same tags with what promotions take off each."""
    speaking = [one for one in promotions if announces(one)]
    if not speaking:
        return tags
    return {sku: replace(tag, announced=announced(tag, categories.get(sku, ""), speaking)) for sku, tag in tags.items()}
