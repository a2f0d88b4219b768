"""What promotions and coupons did to a total, in words: every amount that came off with its reason, and every gift."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.orders.queries import OrderView
from samband.commerce.pricing.quoting import CouponSaid, PricedLine, Quote
from samband.kernel.languages import pick
from samband.kernel.money import Money, total

from .wording import Words


@dataclass(frozen=True, slots=True)
class Saving:
    """An amount that came off, and what for. `coupon` is the code that opened it, if one did."""

    name: str
    amount: Money
    coupon: str = ""


@dataclass(frozen=True, slots=True)
class CouponView:
    """A code that was entered, and what became of it. `state` as pricing knows it."""

    code: str
    state: str
    told: str

    @property
    def applied(self) -> bool:
        return self.state == "applied"


@dataclass(frozen=True, slots=True)
class Savings:
    """Everything that came off a quote: for the whole, line by line (by SKU), and what comes along for nothing.

    `goods` is what the goods would cost without any of it, `shipping` the same of bringing them; less `all` that makes
    the total.
    """

    goods: Money
    shipping: Money
    all: tuple[Saving, ...]
    of_line: Mapping[str, tuple[Saving, ...]]
    gifts: tuple[tuple[int, str], ...]

    def before(self, line: Any) -> Money:
        """What a line would cost without."""
        before: Money = line.total + line.discount
        return before


def savings(quote: Quote, words: Words) -> Savings:
    """What came off this quote. One statement if there are gifts, else none."""
    names = {one.promotion: words.text(dict(one.names)) or one.promotion for one in quote.applied}
    return Savings(
        goods=total((line.total + line.discount for line in quote.lines), quote.currency),
        shipping=quote.shipping + quote.shipping_discount,
        all=tuple(
            Saving(names[one.promotion], one.amount, one.coupon or "") for one in quote.applied if one.amount.amount
        ),
        of_line={line.sku: _of_line(line, names) for line in quote.lines if line.discounts},
        gifts=tuple(_gifts(quote, words)),
    )


def _of_line(line: PricedLine, names: Mapping[str, str]) -> tuple[Saving, ...]:
    return tuple(
        Saving(names.get(one.promotion, one.promotion), one.amount, one.coupon or "") for one in line.discounts
    )


def _gifts(quote: Quote, words: Words) -> Iterator[tuple[int, str]]:
    if not quote.gifts:
        return
    items = catalog.items([gift.sku for gift in quote.gifts])
    for gift in quote.gifts:
        if item := items.get(gift.sku):
            label = pick(item.variant_labels, words.language)
            name = pick(item.names, words.language)
            yield gift.quantity, f"{name}, {label}" if label else name


@dataclass(frozen=True, slots=True)
class OrderSavings:
    """What had come off when an order was placed. `shipping` is what bringing it would have cost without."""

    shipping: Money
    all: tuple[Saving, ...]


def order_savings(order: OrderView, words: Words) -> OrderSavings:
    """What had come off; nothing for an order that came without a quote, such as a past one."""
    currency = order.total.currency
    off_shipping = order.quote.get("shipping_discount", {}).get("amount", 0)
    return OrderSavings(
        shipping=order.shipping + Money(off_shipping, currency),
        all=tuple(
            Saving(words.text(one["names"]) or one["promotion"], Money(amount, currency), one["coupon"] or "")
            for one in order.quote.get("applied", ())
            if (amount := one["amount"]["amount"])
        ),
    )


def coupon_views(entered: tuple[str, ...], quote: Quote | None, words: Words) -> tuple[CouponView, ...]:
    """Every code in the cart, with what became of it."""
    known = {one.code: one for one in quote.coupons} if quote else {}
    return tuple(_coupon(code, known.get(code), quote, words) for code in entered)


def _coupon(code: str, found: CouponSaid | None, quote: Quote | None, words: Words) -> CouponView:
    if found is None or quote is None:
        return CouponView(code, "not_applicable", coupon_said("not_applicable"))
    if found.state != "applied":
        return CouponView(code, found.state, coupon_said(found.state))
    mine = [one for one in quote.applied if one.coupon == code or one.promotion == found.promotion]
    name = next((words.text(dict(one.names)) for one in mine), "")
    amount = total((one.amount for one in mine), quote.currency)
    told = _("%(amount)s less") % {"amount": words.money(amount)} if amount else coupon_said("applied")
    return CouponView(code, "applied", f"{name}: {told}" if name else told)


def coupon_said(state: str) -> str:
    """What became of a code, in a sentence."""
    match state:
        case "applied":
            return _("This code counts.")
        case "not_applicable":
            return _("This code does not fit what is in the cart, or another offer is better for you.")
        case "expired":
            return _("This code has expired.")
        case "not_yet":
            return _("This code is not valid yet.")
        case "used_up":
            return _("This code has been used up.")
        case "not_yours":
            return _("This code is for other customers. If it is yours, please sign in.")
        case _:
            return _("We do not know this code.")
