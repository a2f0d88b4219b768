"""What a basket of goods costs, line by line, and why. Amounts of lines, shipping and VAT sum to the total exactly."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from samband.kernel.goods import Line
from samband.kernel.money import Money, total
from samband.kernel.refusal import Invalid

from .refusals import NotForSale, NotShippable, TooManyLines
from .tagging import Params, PriceTag, Reason
from .vat import vat_on, vat_within

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """So many units of a SKU, with the classes the catalog gives it. Raises Invalid for what is no line."""

    sku: str
    quantity: int
    vat_class: str
    shipping_class: str

    def __post_init__(self) -> None:
        Line(self.sku, self.quantity)
        for code in (self.vat_class, self.shipping_class):
            if not isinstance(code, str) or not code.isprintable() or not 1 <= len(code) <= 64:
                raise Invalid("That is not a class of goods.", sku=self.sku)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line as the shopper sees it: `unit`, `total` include VAT, `net` does not, and net + vat = total.

    Where the list's prices include VAT, total = unit × quantity. Where they do not, net = the list's amount ×
    quantity and VAT is rounded once on the line, so that many cheap pieces lose nothing to rounding.
    """

    sku: str
    quantity: int
    unit: Money
    total: Money
    net: Money
    vat: Money
    vat_basis_points: int
    price_list: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class VatShare:
    """What is taxed at one rate, shipping included: net + vat = total."""

    basis_points: int
    net: Money
    vat: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """What a basket costs in a market. The shares of `vat_summary` sum to total, total_net and total_vat.

    Codes of `shipping_reasons`: `shipping_not_chosen`; `shipping_class` (method, shipping_class, amount, currency);
    `shipping_free_above` (free_from, missing, currency); `shipping_free_from` (method, shipping_class, amount,
    free_from, currency); `shipping_free` (method); `shipping_vat_as_goods` (basis_points: the rates it is shared over).
    `fingerprint` is equal for quotes in which the shopper would see the same goods and amounts.
    """

    market: str
    channel: str
    currency: str
    method: str | None
    lines: tuple[PricedLine, ...]
    shipping: Money
    shipping_vat: Money
    shipping_reasons: tuple[Reason, ...]
    total: Money
    total_net: Money
    total_vat: Money
    vat_summary: tuple[VatShare, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ShippingOffer:
    """What bringing one class of goods costs, and from what worth of goods it is free; minor units, VAT included."""

    amount: int
    free_from: int | None = None

    def asked_for(self, goods: int) -> int:
        """What is asked when the goods are worth this much."""
        return 0 if self.free_from is not None and goods >= self.free_from else self.amount


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in a market for the goods in question: tags by SKU, shipping offers by shipping class."""

    market: str
    channel: str
    currency: str
    tags: Mapping[str, PriceTag]
    shipping: Mapping[str, ShippingOffer]


def check(lines: Sequence[QuoteLine]) -> None:
    """Raise TooManyLines, or Invalid when a SKU stands in two lines."""
    if len(lines) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    if len({line.sku for line in lines}) != len(lines):
        raise Invalid("A SKU stands in one line only.")


def quote(lines: Sequence[QuoteLine], terms: Terms, method: str | None) -> Quote:
    """What these lines cost. Raises NotForSale or NotShippable, naming the SKU."""
    priced = tuple(_price(line, terms) for line in lines)
    goods = total((line.total for line in priced), terms.currency)
    shipping, shipping_reasons = _ship(lines, terms, method, goods)
    shares = _share_out(shipping, priced)
    summary = _summarise(priced, shares, terms.currency)
    if shipping:
        shipping_reasons = (*shipping_reasons, Reason("shipping_vat_as_goods", {"basis_points": tuple(shares)}))
    vat = total((share.vat for share in summary), terms.currency)
    made = Quote(
        market=terms.market,
        channel=terms.channel,
        currency=terms.currency,
        method=method,
        lines=priced,
        shipping=shipping,
        shipping_vat=_vat_of(shares, terms.currency),
        shipping_reasons=shipping_reasons,
        total=goods + shipping,
        total_net=goods + shipping - vat,
        total_vat=vat,
        vat_summary=summary,
        fingerprint="",
    )
    return replace(made, fingerprint=fingerprint(made))


def _price(line: QuoteLine, terms: Terms) -> PricedLine:
    tag = terms.tags.get(line.sku)
    if tag is None:
        raise NotForSale(sku=line.sku, market=terms.market)
    if tag.includes_vat:
        whole = tag.unit.amount * line.quantity
        vat = vat_within(whole, tag.vat_basis_points)
    else:
        net = tag.net.amount * line.quantity
        vat = vat_on(net, tag.vat_basis_points)
        whole = net + vat
    return PricedLine(
        sku=line.sku,
        quantity=line.quantity,
        unit=tag.unit,
        total=Money(whole, terms.currency),
        net=Money(whole - vat, terms.currency),
        vat=Money(vat, terms.currency),
        vat_basis_points=tag.vat_basis_points,
        price_list=tag.price_list,
        reasons=tag.reasons,
    )


def _ship(
    lines: Sequence[QuoteLine], terms: Terms, method: str | None, goods: Money
) -> tuple[Money, tuple[Reason, ...]]:
    """One parcel is asked for: the dearest class among the goods decides. Where pickup has no rate it is free."""
    currency = terms.currency
    if method is None:
        return Money(0, currency), (Reason("shipping_not_chosen", {}),)
    offers = _offers(lines, terms, method)
    name, offer = max(offers, key=lambda one: (one[1].asked_for(goods.amount), one[1].amount, one[0]))
    asked = Money(offer.asked_for(goods.amount), currency)
    about: Params = {"method": method, "shipping_class": name, "amount": offer.amount, "currency": currency}
    if not offer.amount:
        return asked, (Reason("shipping_free", {"method": method}),)
    if not asked:
        return asked, (Reason("shipping_free_from", {**about, "free_from": offer.free_from or 0}),)
    why = Reason("shipping_class", about)
    if offer.free_from is None:
        return asked, (why,)
    missing = offer.free_from - goods.amount
    above = Reason("shipping_free_above", {"free_from": offer.free_from, "missing": missing, "currency": currency})
    return asked, (why, above)


def _offers(lines: Sequence[QuoteLine], terms: Terms, method: str) -> list[tuple[str, ShippingOffer]]:
    offers = {"": ShippingOffer(0)} if not lines else {}
    for line in lines:
        offer = terms.shipping.get(line.shipping_class)
        if offer is None and method == "ship":
            raise NotShippable(sku=line.sku, shipping_class=line.shipping_class, market=terms.market)
        offers[line.shipping_class] = offer or ShippingOffer(0)
    return list(offers.items())


def _share_out(shipping: Money, lines: Sequence[PricedLine]) -> dict[int, Money]:
    """Shipping is taxed like the goods it brings: shared over their rates by what they cost."""
    worth: dict[int, int] = {}
    for line in lines:
        worth[line.vat_basis_points] = worth.get(line.vat_basis_points, 0) + line.total.amount
    if not worth:
        return {}
    rates = sorted(worth, reverse=True)
    if not any(worth.values()):
        worth[rates[0]] = 1
    return dict(zip(rates, shipping.split([worth[rate] for rate in rates]), strict=True))


def _summarise(lines: Iterable[PricedLine], shares: Mapping[int, Money], currency: str) -> tuple[VatShare, ...]:
    gross = {rate: share.amount for rate, share in shares.items()}
    vat = {rate: vat_within(share.amount, rate) for rate, share in shares.items()}
    for line in lines:
        gross[line.vat_basis_points] += line.total.amount
        vat[line.vat_basis_points] += line.vat.amount
    return tuple(
        VatShare(
            rate, Money(gross[rate] - vat[rate], currency), Money(vat[rate], currency), Money(gross[rate], currency)
        )
        for rate in shares
    )


def _vat_of(shares: Mapping[int, Money], currency: str) -> Money:
    return Money(sum(vat_within(share.amount, rate) for rate, share in shares.items()), currency)


def fingerprint(made: Quote) -> str:
    """Sixteen bytes in hexadecimal over what the shopper sees of goods and amounts; why and when are left out."""
    seen = [
        made.market,
        made.channel,
        made.currency,
        made.method,
        [
            [line.sku, line.quantity, line.unit.amount, line.total.amount, line.vat.amount, line.vat_basis_points]
            for line in made.lines
        ],
        made.shipping.amount,
        made.total.amount,
        made.total_vat.amount,
    ]
    return hashlib.blake2b(msgspec.json.encode(seen), digest_size=16).hexdigest()
