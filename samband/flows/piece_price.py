"""What one piece costs somebody who has nothing in their cart yet, on every channel by the same reckoning.

A price tag, less the offers that anybody who buys one piece here and now gets: what needs a coupon, a fuller basket or
a second piece is for the cart to tell.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from samband.commerce.catalog.views import Item
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.promotions import Amount, Needs, Percent, Promotion
from samband.commerce.pricing.quotes import PricedLine, QuoteLine, Terms
from samband.commerce.pricing.quoting import quote
from samband.commerce.pricing.tagging import PriceTag
from samband.kernel.money import Money

ANYBODY = Needs()


@dataclass(frozen=True, slots=True)
class Kind:
    """What pricing has to know of goods: how they are taxed and sent, and where in the assortment they hang.

    A VAT class of None is whatever pricing has learnt of them.
    """

    vat_class: str | None
    shipping_class: str
    category: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: its price tag, and the line of a quote for it where an offer takes something off."""

    tag: PriceTag
    line: PricedLine | None = None

    @property
    def unit(self) -> Money:
        """What is paid for it, VAT included."""
        return self.line.total if self.line else self.tag.unit

    @property
    def regular(self) -> Money | None:
        """What it costs without the reduction, where there is one."""
        return self.tag.regular or (self.tag.unit if self.line else None)

    @property
    def lowest_30(self) -> Money | None:
        """The lowest price of the thirty days before the reduction, where one is announced (2019/2161, article 6a)."""
        return getattr(self.tag, "lowest_30", None) if self.regular else None

    @property
    def promotions(self) -> tuple[str, ...]:
        """The codes of the offers that take something off."""
        return tuple(sorted({discount.promotion for discount in self.line.discounts})) if self.line else ()


def kinds(items: Iterable[Item]) -> dict[str, Kind]:
    """What pricing has to know of these goods, by SKU."""
    return {item.sku: Kind(item.vat_class, item.shipping_class, item.category) for item in items}


def pieces(
    goods: Mapping[str, Kind],
    market: str,
    channel: str,
    group: str | None = None,
    at: datetime | None = None,
    *,
    place: str = "",
    segments: Collection[str] = (),
) -> dict[str, Piece]:
    """What one piece of each costs; goods without a price there are left out. One statement. Raises UnknownMarket."""
    classes = {sku: (kind.vat_class, kind.shipping_class) for sku, kind in goods.items()}
    terms = pricing.terms(classes, market, channel, group, None, at, place=place, segments=segments)
    return priced(goods, terms)


def priced(goods: Mapping[str, Kind], terms: Terms) -> dict[str, Piece]:
    """The same from terms that are at hand."""
    for_one = replace(terms, promotions=tuple(one for one in terms.promotions if is_for_one(one)))
    if not for_one.promotions:
        return {sku: Piece(tag) for sku, tag in terms.tags.items()}
    return {sku: _piece(sku, goods[sku], tag, for_one) for sku, tag in terms.tags.items()}


def is_for_one(promotion: Promotion) -> bool:
    """Whether anybody gets it who buys one piece and has nothing else in mind."""
    deal = promotion.deal
    off_each = isinstance(deal, Percent) or (isinstance(deal, Amount) and deal.each)
    return off_each and promotion.needs == ANYBODY and not promotion.by_coupon


def _piece(sku: str, kind: Kind, tag: PriceTag, terms: Terms) -> Piece:
    one = QuoteLine(sku, 1, kind.vat_class or "standard", kind.shipping_class, category=kind.category)
    line = quote([one], terms, None).lines[0]
    return Piece(tag, line if line.discount else None)
