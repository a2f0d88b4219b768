"""What one piece costs somebody who has nothing in their cart yet, on every channel by the same reckoning.

A price tag, less the offers that anybody who buys one piece here and now gets: what needs a coupon, a fuller basket or
a second piece is for the cart to tell.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from samband.commerce.catalog.views import Item
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.announcing import announces
from samband.commerce.pricing.promotions import Bundle, BuyGet, FreeSample, FreeShipping, Goods, Promotion
from samband.commerce.pricing.quotes import PricedLine, QuoteLine, Terms
from samband.commerce.pricing.quoting import quote
from samband.commerce.pricing.tagging import PriceTag, Reason
from samband.kernel.money import Money


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
    """One piece: its price tag, and the line of a quote for it where an offer takes something off.

    `offers` are all that hold for whoever asks and have to do with it, also those that ask for more than one piece.
    """

    tag: PriceTag
    line: PricedLine | None = None
    offers: tuple[Promotion, ...] = ()

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
        return self.tag.lowest_30 if self.regular else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it costs that, without words of any language."""
        return self.line.reasons if self.line else self.tag.reasons

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
    """What one piece of each costs; goods without a price there are left out.

    One statement; where something is reduced one more, unless this process knows what was asked before it.
    Raises UnknownMarket.
    """
    classes = {sku: (kind.vat_class, kind.shipping_class) for sku, kind in goods.items()}
    return priced(
        goods,
        pricing.terms(classes, market, channel, group, None, at, place=place, segments=segments, lowest=True),
    )


def priced(goods: Mapping[str, Kind], terms: Terms) -> dict[str, Piece]:
    """The same from terms that are at hand."""
    told = tuple(one for one in terms.promotions if not one.by_coupon)
    if not told:
        return {sku: Piece(tag) for sku, tag in terms.tags.items()}
    for_one = replace(terms, promotions=tuple(one for one in told if announces(one)))
    found = {}
    for sku, tag in terms.tags.items():
        category = goods[sku].category or terms.categories.get(sku, "")
        offers = tuple(one for one in told if concerns(one, sku, category))
        line = _line(sku, goods[sku], for_one) if any(one in offers for one in for_one.promotions) else None
        found[sku] = Piece(tag, line, offers)
    return found


def concerns(promotion: Promotion, sku: str, category: str) -> bool:
    """Whether these goods have a part in an offer: as what is bought, or as what is had for less."""
    match promotion.deal:
        case Bundle(parts=parts):
            return any(sku in part.skus for part in parts)
        case BuyGet(goods=bought, got=got):
            return _covers(bought, sku, category) or (got is not None and _covers(got, sku, category))
        case FreeShipping() | FreeSample():
            return _covers(promotion.needs.goods, sku, category)
        case deal:
            return _covers(deal.goods, sku, category)


def _covers(goods: Goods, sku: str, category: str) -> bool:
    named = goods.skus or goods.categories
    return sku not in goods.but_not and (not named or sku in goods.skus or category in goods.categories)


def _line(sku: str, kind: Kind, terms: Terms) -> PricedLine | None:
    one = QuoteLine(sku, 1, kind.vat_class or "standard", kind.shipping_class, category=kind.category)
    line = quote([one], terms, None).lines[0]
    return line if line.discount else None
