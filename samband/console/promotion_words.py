"""What a promotion is and for whom, where and when it holds, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere
from django.utils.translation import ngettext

from samband.commerce.pricing.promotions import (
    WHOLE,
    Amount,
    Bundle,
    BuyGet,
    FreeSample,
    FreeShipping,
    Goods,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from samband.commerce.pricing.queries import PromotionView
from samband.kernel.money import Money

from . import state_words as say
from .words import Words

KINDS = {
    "percent": N_("Percent off"),
    "amount": N_("Amount off"),
    "buy_get": N_("Buy some, get some"),
    "bundle": N_("Set for one price"),
    "tiered": N_("The more, the cheaper"),
    "free_shipping": N_("Free shipping"),
    "free_sample": N_("Free sample"),
}
MOST_NAMED = 3


def title(promotion: Promotion, words: Words) -> str:
    """Its name, or its code."""
    return words.text(promotion.names) or promotion.code


def state(view: PromotionView, at: datetime) -> str:
    """ended, over, coming or live."""
    one = view.promotion
    if view.ended_at is not None:
        return "ended"
    if one.valid_until is not None and one.valid_until <= at:
        return "over"
    return "coming" if one.valid_from is not None and one.valid_from > at else "live"


STATES = {"ended": N_("ended"), "over": N_("over"), "coming": N_("to come"), "live": N_("live")}
TONES = {"ended": "off", "over": "off", "coming": "waits", "live": "good"}


def deal(promotion: Promotion, words: Words) -> str:
    """What comes off what."""
    match promotion.deal:
        case Percent(basis_points=share, goods=of):
            return _("%(share)s off %(goods)s") % {"share": words.percent(share), "goods": goods(of)}
        case Amount(amounts=amounts, goods=of, each=True):
            return _("%(amount)s off each of %(goods)s") % {"amount": money(amounts, words), "goods": goods(of)}
        case Amount(amounts=amounts, goods=of):
            return _("%(amount)s off %(goods)s together") % {"amount": money(amounts, words), "goods": goods(of)}
        case BuyGet() as one:
            return _buy_get(one, words)
        case Bundle(parts=parts, prices=prices):
            skus = [f"{part.quantity} × {_few(sorted(part.skus))}" for part in parts]
            return _("%(goods)s for %(price)s") % {"goods": " + ".join(skus), "price": money(prices, words)}
        case Tiered(tiers=tiers, goods=of):
            steps = " · ".join(_tier(tier, words) for tier in tiers)
            return _("on %(goods)s: %(steps)s") % {"goods": goods(of), "steps": steps}
        case FreeShipping(basis_points=share, classes=classes):
            return _shipping(share, classes, words)
        case FreeSample(sku=sku, quantity=quantity):
            return _("%(count)s × %(sku)s as a gift") % {"count": words.number(quantity), "sku": sku}


def _buy_get(one: BuyGet, words: Words) -> str:
    told = {"buy": words.number(one.buy), "get": words.number(one.get), "goods": goods(one.goods)}
    told |= {"share": words.percent(one.basis_points), "others": goods(one.got or one.goods)}
    if one.got is None and one.basis_points == WHOLE:
        return _("of %(goods)s: buy %(buy)s, get %(get)s more for nothing") % told
    if one.got is None:
        return _("of %(goods)s: buy %(buy)s, get %(share)s off %(get)s more") % told
    if one.basis_points == WHOLE:
        return _("buy %(buy)s of %(goods)s, get %(get)s of %(others)s for nothing") % told
    return _("buy %(buy)s of %(goods)s, get %(share)s off %(get)s of %(others)s") % told


def _tier(tier: Tier, words: Words) -> str:
    least = [words.number(tier.quantity)] if tier.quantity else []
    least += [money(tier.worth, words)] if tier.worth else []
    off = words.percent(tier.basis_points) if tier.basis_points else money(tier.amounts, words)
    return _("from %(least)s: %(off)s off") % {"least": ", ".join(least), "off": off}


def _shipping(share: int, classes: frozenset[str], words: Words) -> str:
    named = ", ".join(say.word(say.SHIPPING_CLASSES, name) for name in sorted(classes)) or _("all goods")
    if share == WHOLE:
        return _("free shipping of %(goods)s") % {"goods": named}
    return _("%(share)s off shipping of %(goods)s") % {"share": words.percent(share), "goods": named}


def goods(some: Goods) -> str:
    """Which goods."""
    named = [*sorted(some.categories), *sorted(some.skus)]
    told = _few(named) if named else _("everything")
    if not some.but_not:
        return told
    return _("%(goods)s without %(others)s") % {"goods": told, "others": _few(sorted(some.but_not))}


def _few(named: list[str]) -> str:
    if len(named) <= MOST_NAMED:
        return ", ".join(named)
    more = len(named) - MOST_NAMED
    return ngettext("%(named)s and %(count)s more", "%(named)s and %(count)s more", more) % {
        "named": ", ".join(named[:MOST_NAMED]),
        "count": more,
    }


def money(amounts: Mapping[str, int], words: Words) -> str:
    """An amount in each of its currencies."""
    return " / ".join(words.money(Money(amount, currency)) for currency, amount in sorted(amounts.items()))


def conditions(promotion: Promotion, words: Words) -> list[str]:
    """For whom, where, when and for what basket it holds; nothing for everybody, always."""
    return list(_conditions(promotion, words))


def _conditions(one: Promotion, words: Words) -> Iterator[str]:
    if one.by_coupon:
        yield _("with a coupon")
    if one.markets:
        yield ", ".join(words.market(code) for code in sorted(one.markets))
    if one.channels:
        yield ", ".join(say.word(say.CHANNELS, code) for code in sorted(one.channels))
    if one.places:
        yield _("at %(places)s") % {"places": ", ".join(one.places)}
    if one.groups:
        yield _("customer groups: %(groups)s") % {"groups": ", ".join(sorted(one.groups))}
    if one.segments:
        yield _("segments: %(segments)s") % {"segments": ", ".join(sorted(one.segments))}
    yield from _needs(one, words)
    yield from _weekly(one)
    yield from _limits(one, words)


def _needs(one: Promotion, words: Words) -> Iterator[str]:
    needs = one.needs
    if needs.quantity:
        yield _("from %(count)s units of %(goods)s") % {
            "count": words.number(needs.quantity), "goods": goods(needs.goods),
        }  # fmt: skip
    if needs.worth:
        yield _("from %(amount)s worth of %(goods)s") % {
            "amount": money(needs.worth, words), "goods": goods(needs.goods),
        }  # fmt: skip


def _weekly(one: Promotion) -> Iterator[str]:
    if one.weekdays:
        yield ", ".join(_(name) for day, name in say.DAYS.items() if day in one.weekdays)
    if one.from_hour or one.until_hour:
        yield f"{one.from_hour or '00:00'}–{one.until_hour or '24:00'}"


def _limits(one: Promotion, words: Words) -> Iterator[str]:
    if one.limit_total == 1:
        yield f"{_('Times in all')}: {words.number(1)}"
    elif one.limit_total is not None:
        yield _("%(count)s times in all") % {"count": words.number(one.limit_total)}
    if one.limit_per_customer == 1:
        yield f"{_('Times for each customer')}: {words.number(1)}"
    elif one.limit_per_customer is not None:
        yield _("%(count)s times for each customer") % {"count": words.number(one.limit_per_customer)}


def stacking(promotion: Promotion) -> str:
    """What it may be combined with."""
    if promotion.exclusive:
        return _("alone in its basket")
    if promotion.stack_group:
        return _("the best of the group %(group)s on each line") % {"group": promotion.stack_group}
    return _("with everything")


ABSURD = {
    "form": N_("Something in the form is not of its kind."),
    "code": N_("A code has up to 64 letters, digits, dots, dashes and underscores."),
    "names": N_("A title has at most 200 characters."),
    "share": N_("A share is more than nothing and at most 100%."),
    "amount": N_("Please give an amount above zero in at least one currency."),
    "currency": N_("We do not trade in this currency."),
    "currency_of_markets": N_("None of its markets trades in a currency that all its amounts are given in."),
    "units": N_("Numbers of units go from 1 to 10,000."),
    "times": N_("How often it holds in a basket is a number from 1."),
    "parts": N_("A set has at least two units."),
    "parts_overlap": N_("A SKU stands in two parts of the set."),
    "tiers": N_("Each step needs how much it asks for, and either a share or an amount that comes off."),
    "tiers_mixed": N_("All steps take off a share, or all take off an amount."),
    "tiers_do_not_rise": N_("Each step must ask for more than the one before, and take more off."),
    "no_goods": N_("There are no goods left that it could be about."),
    "too_many_goods": N_("A promotion names at most 10,000 SKUs; name a category instead."),
    "sku": N_("Something there is no SKU."),
    "category": N_("Something there is no category."),
    "unknown_category": N_("There is no such category."),
    "condition": N_("Groups, segments, places and channels are codes without spaces."),
    "window": N_("It must end after it begins."),
    "over": N_("Its end has passed already."),
    "hours": N_("Hours are written like 17:30, and the beginning is not the end."),
    "never_open": N_("Between its beginning and its end those days and hours never come."),
    "alone_in_a_group": N_("What stands alone is in no group."),
    "group": N_("A group is a code without spaces."),
    "limit": N_("Limits are numbers from 1, and what each may have is no more than what all may have."),
    "priority": N_("A priority is a number between -1000 and 1000."),
    "has_coupons": N_("There are coupons that open it; so it stays one that needs a coupon."),
    "needs_no_coupon": N_("It holds without a coupon, so none is made."),
}


def absurd(why: str) -> str:
    """Why a promotion was refused."""
    return _(ABSURD.get(why, ABSURD["form"]))
