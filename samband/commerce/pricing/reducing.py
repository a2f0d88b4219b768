"""What promotions take off a quote, in the quote's own words: by line, off shipping, and what is given along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from samband.kernel.money import Money

from .bringing import Parcel
from .combining import best
from .cuts import Basket, Cut, Heap, cut
from .quotes import Applied, CouponSaid, Discount, Gift, QuoteLine, Terms, Use
from .tagging import Params, Reason
from .taking import Taken

APPLIED = "applied"
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Off:
    """What comes off: of each line in the order of the quote, and off shipping in minor units."""

    lines: Sequence[tuple[Discount, ...]]
    shipping: int = 0
    shipping_reasons: tuple[Reason, ...] = ()
    applied: tuple[Applied, ...] = ()
    gifts: tuple[Gift, ...] = ()
    coupons: tuple[CouponSaid, ...] = ()
    uses: tuple[Use, ...] = ()


def take_off(lines: Sequence[QuoteLine], worths: Sequence[int], terms: Terms, parcels: Sequence[Parcel]) -> Off:
    """What the promotions of the terms take off these lines, worth so much, and off what is asked for the parcels."""
    if not terms.promotions:
        return Off([()] * len(lines), coupons=terms.coupons)
    # The order of lines must not decide who gets the odd cent.
    order = sorted(range(len(lines)), key=lambda at: (lines[at].sku, lines[at].method or ""))
    basket = _basket([lines[at] for at in order], [worths[at] for at in order], terms, parcels)
    found = (cut(promotion, basket) for promotion in terms.promotions)
    taken = best((one for one in found if one), basket)
    return _said(taken, order, terms)


def _basket(lines: Sequence[QuoteLine], worths: Sequence[int], terms: Terms, parcels: Sequence[Parcel]) -> Basket:
    heaps = [
        Heap(
            sku=line.sku,
            category=line.category or terms.categories.get(line.sku, ""),
            quantity=line.quantity,
            unit=terms.tags[line.sku].unit.amount,
            worth=worth,
        )
        for line, worth in zip(lines, worths, strict=True)
    ]
    whole = sum(worths)
    return Basket(heaps, terms.currency, lambda classes: sum(parcel.asked(whole, classes) for parcel in parcels))


def _said(taken: Taken, order: Sequence[int], terms: Terms) -> Off:
    opened = _opened_by(terms.coupons)
    off: dict[str, int] = {}
    made: dict[str, Cut] = {}

    def said(cuts: Iterable[tuple[Cut, int]]) -> tuple[Discount, ...]:
        discounts = []
        for one, amount in cuts:
            code = one.promotion.code
            made[code] = one
            off[code] = off.get(code, 0) + amount
            discounts.append(Discount(code, Money(amount, terms.currency), opened.get(code)))
        return tuple(discounts)

    lines: list[tuple[Discount, ...]] = [()] * len(order)
    for at, cuts in zip(order, taken.lines, strict=True):
        if cuts:
            lines[at] = said(cuts)
    shipping = said(taken.shipping)
    made.update((one.promotion.code, one) for one in taken.gifts)
    in_order = sorted(made.values(), key=lambda one: one.order)
    applied = tuple(
        Applied(
            one.promotion.code,
            one.promotion.names,
            Money(off.get(one.promotion.code, 0), terms.currency),
            opened.get(one.promotion.code),
        )
        for one in in_order
    )
    return Off(
        lines=lines,
        shipping=sum(one.amount.amount for one in shipping),
        shipping_reasons=tuple(promotion_reason(one) for one in shipping),
        applied=applied,
        gifts=tuple(Gift(*one.gift, one.promotion.code) for one in taken.gifts if one.gift),
        coupons=_coupons_said(terms.coupons, applied),
        uses=tuple(
            Use(one.promotion.code, opened.get(one.promotion.code)) for one in in_order if _counted(one, opened)
        ),
    )


def _opened_by(coupons: Iterable[CouponSaid]) -> dict[str, str]:
    """By which code each promotion is opened; of several the first in the alphabet, so the others can be used later."""
    usable = sorted(one.code for one in coupons if one.state == NOT_APPLICABLE)
    promotions = {one.code: one.promotion for one in coupons if one.promotion}
    opened: dict[str, str] = {}
    for code in usable:
        opened.setdefault(promotions[code], code)
    return opened


def _counted(one: Cut, opened: dict[str, str]) -> bool:
    """Whether there is only so much of it, or a coupon opened it."""
    limits = (one.promotion.limit_total, one.promotion.limit_per_customer)
    return one.promotion.code in opened or any(limit is not None for limit in limits)


def _coupons_said(coupons: Sequence[CouponSaid], applied: Sequence[Applied]) -> tuple[CouponSaid, ...]:
    used = {one.coupon for one in applied if one.coupon}
    return tuple(replace(one, state=APPLIED) if one.code in used else one for one in coupons)


def promotion_reason(discount: Discount) -> Reason:
    """Why something is less: a promotion, and the code that opened it."""
    about: Params = {
        "promotion": discount.promotion, "amount": discount.amount.amount, "currency": discount.amount.currency,
    }  # fmt: skip
    return Reason("promotion", about if discount.coupon is None else {**about, "coupon": discount.coupon})
