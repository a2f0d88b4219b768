"""Why an amount is what it is: the reasons of a quote or price tag in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from samband.commerce.pricing import queries as pricing
from samband.kernel.money import Money

from . import state_words as say
from .words import Words

Params = Mapping[str, Any]


def sentence(code: str, params: Params, words: Words) -> str:
    """The reason in words; one that has none is shown by its code."""
    text = _TEXTS.get(code)
    return text(params, words) if text else code


def _amount(params: Params, words: Words, name: str = "amount") -> str:
    return words.money(Money(int(params[name]), str(params["currency"])))


def _list(params: Params, words: Words) -> str:
    said = _("Price list %(list)s") % {"list": words.price_list(str(params["price_list"]))}
    if group := params.get("customer_group"):
        said += ", " + _("for the group %(group)s") % {"group": group}
    if channel := params.get("channel"):
        said += ", " + _("on %(channel)s") % {"channel": say.word(say.CHANNELS, str(channel))}
    if until := params.get("valid_until"):
        said += ", " + _("until %(day)s") % {"day": words.day(datetime.fromisoformat(str(until)))}
    return said


def _instead(params: Params, words: Words) -> str:
    return _("instead of %(price)s (%(list)s)") % {
        "price": _amount(params, words),
        "list": words.price_list(str(params["price_list"])),
    }


def _vat_included(params: Params, words: Words) -> str:
    return _("%(rate)s VAT of %(country)s included") % {
        "rate": words.percent(int(params["basis_points"])),
        "country": params["country"],
    }


def _vat_added(params: Params, words: Words) -> str:
    return _("%(rate)s VAT of %(country)s on top of %(net)s") % {
        "rate": words.percent(int(params["basis_points"])),
        "country": params["country"],
        "net": _amount(params, words, "unit_net"),
    }


def _class(params: Params, words: Words) -> str:
    return _("Sent as: %(class)s, %(amount)s") % {
        "class": say.word(say.SHIPPING_CLASSES, str(params["shipping_class"])),
        "amount": _amount(params, words),
    }


def _free_above(params: Params, words: Words) -> str:
    return _("free from %(from)s, %(missing)s were missing") % {
        "from": _amount(params, words, "free_from"),
        "missing": _amount(params, words, "missing"),
    }


def _free_from(params: Params, words: Words) -> str:
    return _("free, because the goods come to %(from)s or more") % {"from": _amount(params, words, "free_from")}


def _as_goods(params: Params, words: Words) -> str:
    rates = ", ".join(words.percent(int(rate)) for rate in params["basis_points"])
    return _("taxed like the goods it brings: %(rates)s") % {"rates": rates}


def _promotion(params: Params, words: Words) -> str:
    code = str(params["promotion"])
    told = {
        "amount": _amount(params, words),
        "promotion": words.text(pricing.promotion_names().get(code, {})) or code,
        "coupon": params.get("coupon", ""),
    }
    if told["coupon"]:
        return _("%(amount)s less: %(promotion)s, by the coupon %(coupon)s") % told
    return _("%(amount)s less: %(promotion)s") % told


_TEXTS = {
    "promotion": _promotion,
    "price_list": _list,
    "instead_of": _instead,
    "vat_included": _vat_included,
    "vat_added": _vat_added,
    "shipping_class": _class,
    "shipping_free_above": _free_above,
    "shipping_free_from": _free_from,
    "shipping_free": lambda params, words: _("free of charge"),
    "shipping_not_chosen": lambda params, words: _("no way was chosen yet"),
    "shipping_vat_as_goods": _as_goods,
}
