"""Why a total is what it is: every line of it and the delivery, each with its reasons in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from samband.commerce.orders.queries import LineView, OrderView
from samband.commerce.pricing.quoting import Quote
from samband.commerce.pricing.tagging import Reason
from samband.kernel.money import Money

from .wording import Words

ONLY_BEFORE = ("shipping_free_above", "shipping_not_chosen")
"""Reasons that invite to something: nobody can follow them once the order is placed."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A part of a total and why it costs what it does, each reason a sentence or a part of one."""

    what: str
    reasons: tuple[str, ...]


def quote_explained(quote: Quote, names: Mapping[str, str], words: Words) -> tuple[Explained, ...]:
    """Every line, named by its SKU in `names`, then the delivery."""
    off = {one.promotion: words.text(dict(one.names)) or one.promotion for one in quote.applied}
    lines = [
        (
            names[line.sku],
            (
                *_each(words.money(line.unit), line.reasons, words),
                *(_off(one.amount, off.get(one.promotion, ""), one.coupon, words) for one in line.discounts),
            ),
        )
        for line in quote.lines
    ]
    return _parts(lines, quote.method, _of_delivery(quote.shipping_reasons, off, words))


def order_explained(order: OrderView, words: Words) -> tuple[Explained, ...]:
    """The same as it was when the order was placed; nothing for one that came without a quote, such as a past one."""
    if not order.quote:
        return ()
    off = {one["promotion"]: words.text(one["names"]) or one["promotion"] for one in order.quote.get("applied", ())}
    kept = {line["sku"]: line for line in order.quote["lines"]}
    lines = [(line.name, _line_kept(line, kept.get(line.sku), off, words)) for line in order.lines]
    delivery = [one for one in _kept(order.quote["shipping_reasons"]) if one.code not in ONLY_BEFORE]
    return _parts(lines, order.quote["method"], _of_delivery(delivery, off, words))


def _line_kept(line: LineView, kept: Mapping[str, Any] | None, off: Mapping[str, str], words: Words) -> tuple[str, ...]:
    """Of a line that is not in the quote nothing is known but that it came along for nothing."""
    if kept is None:
        return () if line.unit else (_("comes along for nothing"),)
    return (
        *_each(words.money(line.unit), _kept(kept["reasons"]), words),
        *(
            _off(
                Money(one["amount"]["amount"], one["amount"]["currency"]),
                off.get(one["promotion"], ""),
                one["coupon"],
                words,
            )
            for one in kept.get("discounts", ())
        ),
    )


def _off(amount: Money, name: str, coupon: str | None, words: Words) -> str:
    """What a promotion takes off."""
    said = {"amount": words.money(amount), "name": name, "code": coupon}
    if coupon:
        return _("%(amount)s less: %(name)s (code %(code)s)") % said
    return _("%(amount)s less: %(name)s") % said


def _of_delivery(reasons: Iterable[Reason], off: Mapping[str, str], words: Words) -> tuple[str, ...]:
    """Why bringing it costs what it does; what promotions take off it is said by their names."""
    told = []
    for reason in reasons:
        if reason.code == "promotion":
            amount = Money(int(str(reason.params["amount"])), str(reason.params["currency"]))
            coupon = str(reason.params["coupon"]) if reason.params.get("coupon") else None
            told.append(_off(amount, off.get(str(reason.params["promotion"]), ""), coupon, words))
        elif said := words.reason(reason):
            told.append(said)
    return tuple(told)


def _kept(reasons: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(one["code"], one["params"]) for one in reasons)


def _parts(
    lines: Iterable[tuple[str, tuple[str, ...]]], method: str | None, delivery: tuple[str, ...]
) -> tuple[Explained, ...]:
    parts = [Explained(what, reasons) for what, reasons in lines]
    if delivery:
        parts.append(Explained(_("Pickup at a store") if method == "pickup" else _("Delivery"), delivery))
    return tuple(parts)


def _each(price: str, reasons: Iterable[Reason], words: Words) -> tuple[str, ...]:
    return (_("%(price)s each") % {"price": price}, *_said(reasons, words))


def _said(reasons: Iterable[Reason], words: Words) -> tuple[str, ...]:
    return tuple(told for reason in reasons if (told := words.reason(reason)))
