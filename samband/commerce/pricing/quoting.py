"""What a basket of goods costs, line by line, and why. Amounts of lines, shipping and VAT sum to the total exactly."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

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
from .tagging import Reason
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
    full = [_price(line, terms) for line in lines]
    worth = sum(line.total.amount for line in full)
    parcels = bringing.parcels(lines, terms, method)
    asked = sum(parcel.asked(worth) for parcel in parcels)
    off = take_off(lines, full, terms, parcels)
    priced = tuple(_reduce(line, taken, currency) for line, taken in zip(full, off.lines, strict=True))
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


def _price(line: QuoteLine, terms: Terms) -> PricedLine:
    """The line before any promotion."""
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
        discount=Money(0, terms.currency),
        discounts=(),
    )


def _reduce(line: PricedLine, discounts: tuple[Discount, ...], currency: str) -> PricedLine:
    """The line after promotions: its VAT is what the reduced total contains."""
    if not discounts:
        return line
    off = total((one.amount for one in discounts), currency)
    left = line.total - off
    vat = Money(vat_within(left.amount, line.vat_basis_points), currency)
    said = tuple(promotion_reason(one) for one in discounts)
    return replace(
        line,
        total=left,
        net=left - vat,
        vat=vat,
        reasons=(*line.reasons, *said),
        discount=off,
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
