"""What a basket of goods costs, line by line, and why. Amounts of lines, shipping and VAT sum to the total exactly."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec

from samband.kernel.money import Money, total

from . import bringing
from .quotes import (
    MOST_LINES,
    Applied,
    CouponSaid,
    Discount,
    Gift,
    PricedLine,
    Quote,
    QuoteLine,
    ShippingOffer,
    Terms,
    Use,
    VatShare,
    check,
)
from .reducing import promotion_reason, take_off
from .refusals import NotForSale
from .tagging import PriceTag, Reason
from .vat import vat_on, vat_within

__all__ = [
    "MOST_LINES",
    "Applied",
    "CouponSaid",
    "Discount",
    "Gift",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "ShippingOffer",
    "Terms",
    "Use",
    "VatShare",
    "check",
    "fingerprint",
    "quote",
]


def quote(lines: Sequence[QuoteLine], terms: Terms, method: str | None) -> Quote:
    """What these lines cost. Raises NotForSale or NotShippable naming the SKU, TooManyLines, and Invalid."""
    check(lines)
    currency = terms.currency
    full = [_full_price(line, terms) for line in lines]
    worth = sum(one.worth for one in full)
    parcels = bringing.parcels(lines, terms, method)
    asked = sum(parcel.asked(worth) for parcel in parcels)
    off = take_off(lines, [one.worth for one in full], terms, parcels)
    priced = tuple(_price(line, one, taken, currency) for line, one, taken in zip(lines, full, off.lines, strict=True))
    shipping = Money(asked - off.shipping, currency)
    shipping_reasons = (*bringing.reasons(parcels, worth, currency), *off.shipping_reasons)
    shares = bringing.share_out(shipping, priced)
    summary = bringing.summarise(priced, shares, currency)
    if shipping:
        shipping_reasons = (*shipping_reasons, Reason("shipping_vat_as_goods", {"basis_points": tuple(shares)}))
    whole = total((line.total for line in priced), currency) + shipping
    vat = total((share.vat for share in summary), currency)
    made = Quote(
        market=terms.market,
        channel=terms.channel,
        currency=currency,
        method=method,
        lines=priced,
        shipping=shipping,
        shipping_vat=bringing.vat_of(shares, currency),
        shipping_reasons=shipping_reasons,
        total=whole,
        total_net=whole - vat,
        total_vat=vat,
        vat_summary=summary,
        fingerprint="",
        discount=Money(worth + asked, currency) - whole,
        shipping_discount=Money(off.shipping, currency),
        applied=off.applied,
        gifts=off.gifts,
        coupons=off.coupons,
        uses=off.uses,
    )
    return replace(made, fingerprint=fingerprint(made))


class _Full(NamedTuple):
    """What a line costs before promotions: `worth` includes the `vat`."""

    tag: PriceTag
    worth: int
    vat: int


def _full_price(line: QuoteLine, terms: Terms) -> _Full:
    tag = terms.tags.get(line.sku)
    if tag is None:
        raise NotForSale(sku=line.sku, market=terms.market)
    if tag.includes_vat:
        whole = tag.unit.amount * line.quantity
        return _Full(tag, whole, vat_within(whole, tag.vat_basis_points))
    net = tag.net.amount * line.quantity
    vat = vat_on(net, tag.vat_basis_points)
    return _Full(tag, net + vat, vat)


def _price(line: QuoteLine, full: _Full, discounts: tuple[Discount, ...], currency: str) -> PricedLine:
    """The line after promotions. The VAT of a reduced line is what its total contains."""
    tag = full.tag
    off = sum(one.amount.amount for one in discounts)
    left = full.worth - off
    vat = vat_within(left, tag.vat_basis_points) if off else full.vat
    return PricedLine(
        sku=line.sku,
        quantity=line.quantity,
        unit=tag.unit,
        total=Money(left, currency),
        net=Money(left - vat, currency),
        vat=Money(vat, currency),
        vat_basis_points=tag.vat_basis_points,
        price_list=tag.price_list,
        reasons=(*tag.reasons, *(promotion_reason(one) for one in discounts)) if discounts else tag.reasons,
        discount=Money(off, currency),
        discounts=discounts,
    )


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
        made.discount.amount,
        [[gift.sku, gift.quantity] for gift in made.gifts],
    ]
    return hashlib.blake2b(msgspec.json.encode(seen), digest_size=16).hexdigest()
