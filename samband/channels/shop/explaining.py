"""Why a total is what it is: every line of it and the delivery, each with its reasons in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from samband.commerce.orders.queries import OrderView
from samband.commerce.pricing.quoting import Quote
from samband.commerce.pricing.tagging import Reason

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
    lines = [(names[line.sku], _each(words.money(line.unit), line.reasons, words)) for line in quote.lines]
    return _parts(lines, quote.method, _said(quote.shipping_reasons, words))


def order_explained(order: OrderView, words: Words) -> tuple[Explained, ...]:
    """The same as it was when the order was placed; nothing for one that came without a quote, such as a past one."""
    if not order.quote:
        return ()
    why = {line["sku"]: _kept(line["reasons"]) for line in order.quote["lines"]}
    lines = [(line.name, _each(words.money(line.unit), why.get(line.sku, ()), words)) for line in order.lines]
    delivery = [one for one in _kept(order.quote["shipping_reasons"]) if one.code not in ONLY_BEFORE]
    return _parts(lines, order.quote["method"], _said(delivery, words))


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
