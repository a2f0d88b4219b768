"""Whether a promotion makes sense. One that contradicts itself, or that nobody could ever have, is refused."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import singledispatch
from itertools import pairwise

import msgspec

from samband.kernel.goods import SKU
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import MINOR_DIGITS

from .holding import ever_holds, is_weekly
from .promotions import (
    WEEKDAYS,
    WHOLE,
    Amount,
    Bundle,
    BuyGet,
    Deal,
    FreeSample,
    FreeShipping,
    Goods,
    Needs,
    Percent,
    Promotion,
    Tier,
    Tiered,
)
from .refusals import PromotionAbsurd

LARGEST_AMOUNT = 10**9
MOST_UNITS = 10_000
MOST_SKUS = 10_000
MOST_NAMED = 500
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def check(promotion: Promotion, at: datetime, zones: Mapping[str, str]) -> None:
    """Raise PromotionAbsurd unless somebody could have it after this moment; `why` says what is wrong.

    `zones` are the time zones of the markets. `why`: form, code, names, share, amount, currency, units, times,
    parts, parts_overlap, tiers, tiers_mixed, tiers_do_not_rise, no_goods, too_many_goods, sku, category, condition,
    window, over, hours, never_open, alone_in_a_group, group, limit, priority.
    """
    _check_form(promotion)
    _must(bool(CODE.fullmatch(promotion.code)), "code")
    _check_names(promotion.names)
    _check_deal(promotion.deal)
    _check_needs(promotion.needs)
    for named in (promotion.groups, promotion.segments, promotion.channels, promotion.markets):
        _check_named(named, CODE, "condition")
    _check_named(promotion.places, PLACE, "condition")
    _check_window(promotion, at, zones)
    _must(not (promotion.exclusive and promotion.stack_group), "alone_in_a_group")
    _must(not promotion.stack_group or bool(CODE.fullmatch(promotion.stack_group)), "group")
    _must(abs(promotion.priority) <= 1000, "priority")
    _check_limits(promotion.limit_total, promotion.limit_per_customer)


def currencies(promotion: Promotion) -> frozenset[str] | None:
    """In which currencies it could hold; None if in any."""
    named = [_currencies_of(promotion.deal)]
    if promotion.needs.worth:
        named.append(frozenset(promotion.needs.worth))
    known = [one for one in named if one is not None]
    return frozenset.intersection(*known) if known else None


def _currencies_of(deal: Deal) -> frozenset[str] | None:
    match deal:
        case Amount():
            return frozenset(deal.amounts)
        case Bundle():
            return frozenset(deal.prices)
        case Tiered():
            return frozenset().union(*(_currencies_of_tier(tier) for tier in deal.tiers))
    return None


def _currencies_of_tier(tier: Tier) -> frozenset[str]:
    spoken = frozenset(MINOR_DIGITS) if tier.basis_points else frozenset(tier.amounts)
    return spoken & frozenset(tier.worth) if tier.worth else spoken


def _must(holds: bool, why: str) -> None:
    if not holds:
        raise PromotionAbsurd(why=why)


def _check_form(promotion: object) -> None:
    """Every field is of its type; whoever sends JSON has that checked by the decoder already."""
    _must(isinstance(promotion, Promotion), "form")
    try:
        msgspec.convert(msgspec.to_builtins(promotion), Promotion)
    except (msgspec.ValidationError, TypeError) as error:
        raise PromotionAbsurd(why="form") from error


def _check_names(names: Mapping[str, str]) -> None:
    _must(
        all(language in LANGUAGES and "\x00" not in name and 0 < len(name) <= 200 for language, name in names.items()),
        "names",
    )


def _check_share(basis_points: int) -> None:
    _must(1 <= basis_points <= WHOLE, "share")


def _check_amounts(amounts: Mapping[str, int], least: int = 1) -> None:
    _must(bool(amounts), "amount")
    _must(set(amounts) <= set(MINOR_DIGITS), "currency")
    _must(all(least <= amount <= LARGEST_AMOUNT for amount in amounts.values()), "amount")


def _check_units(*units: int) -> None:
    _must(all(1 <= number <= MOST_UNITS for number in units), "units")


def _check_times(times: int | None) -> None:
    _must(times is None or 1 <= times <= MOST_UNITS, "times")


def _check_goods(goods: Goods) -> None:
    _check_skus(goods.skus)
    _check_skus(goods.but_not)
    _check_named(goods.categories, CODE, "category")
    _must(not goods.skus or bool(goods.categories) or not goods.skus <= goods.but_not, "no_goods")


def _check_skus(skus: Iterable[str]) -> None:
    named = list(skus)
    _must(len(named) <= MOST_SKUS, "too_many_goods")
    _must(all(SKU.fullmatch(sku) for sku in named), "sku")


def _check_named(named: Iterable[str], form: "re.Pattern[str]", why: str) -> None:
    known = list(named)
    _must(len(known) <= MOST_NAMED and all(form.fullmatch(one) for one in known), why)


@singledispatch
def _check_deal(deal: object) -> None:
    raise PromotionAbsurd(why="form")


@_check_deal.register
def _percent(deal: Percent) -> None:
    _check_share(deal.basis_points)
    _check_goods(deal.goods)


@_check_deal.register
def _amount(deal: Amount) -> None:
    _check_amounts(deal.amounts)
    _check_goods(deal.goods)


@_check_deal.register
def _buy_get(deal: BuyGet) -> None:
    _check_units(deal.buy, deal.get)
    _check_share(deal.basis_points)
    _check_times(deal.times)
    _check_goods(deal.goods)
    if deal.got is not None:
        _check_goods(deal.got)


@_check_deal.register
def _bundle(deal: Bundle) -> None:
    _check_units(*(part.quantity for part in deal.parts))
    _must(1 <= len(deal.parts) <= 50 and sum(part.quantity for part in deal.parts) > 1, "parts")
    for part in deal.parts:
        _must(bool(part.skus), "no_goods")
        _check_skus(part.skus)
    named = [sku for part in deal.parts for sku in part.skus]
    _must(len(named) == len(set(named)), "parts_overlap")
    _check_amounts(deal.prices, least=0)
    _check_times(deal.times)


@_check_deal.register
def _tiered(deal: Tiered) -> None:
    _check_goods(deal.goods)
    _must(1 <= len(deal.tiers) <= 50, "tiers")
    for tier in deal.tiers:
        _check_tier(tier)
    _must(len({bool(tier.basis_points) for tier in deal.tiers}) == 1, "tiers_mixed")
    for lower, higher in pairwise(deal.tiers):
        _must(_rises(lower, higher), "tiers_do_not_rise")


def _check_tier(tier: Tier) -> None:
    _must(bool(tier.quantity) or bool(tier.worth), "tiers")
    _must(0 <= tier.quantity <= MOST_UNITS, "units")
    _must(bool(tier.basis_points) != bool(tier.amounts), "tiers")
    if tier.worth:
        _check_amounts(tier.worth)
    if tier.amounts:
        _check_amounts(tier.amounts)
    else:
        _check_share(tier.basis_points)


def _rises(lower: Tier, higher: Tier) -> bool:
    """A higher tier is further up in what it asks for, in nothing lower, and gives more."""
    asks = [(lower.quantity, higher.quantity), *_both(lower.worth, higher.worth)]
    gives = [(lower.basis_points, higher.basis_points)] if lower.basis_points else _both(lower.amounts, higher.amounts)
    return (
        set(lower.worth) == set(higher.worth)
        and set(lower.amounts) == set(higher.amounts)
        and all(one <= other for one, other in asks)
        and any(one < other for one, other in asks)
        and all(one < other for one, other in gives)
    )


def _both(one: Mapping[str, int], other: Mapping[str, int]) -> list[tuple[int, int]]:
    return [(amount, other[currency]) for currency, amount in one.items() if currency in other]


@_check_deal.register
def _free_shipping(deal: FreeShipping) -> None:
    _check_share(deal.basis_points)
    _check_named(deal.classes, CODE, "condition")


@_check_deal.register
def _free_sample(deal: FreeSample) -> None:
    _check_skus([deal.sku])
    _must(1 <= deal.quantity <= 100, "units")


def _check_needs(needs: Needs) -> None:
    _must(0 <= needs.quantity <= MOST_UNITS, "units")
    if needs.worth:
        _check_amounts(needs.worth)
    _check_goods(needs.goods)


def _check_window(promotion: Promotion, at: datetime, zones: Mapping[str, str]) -> None:
    since, until = promotion.valid_from, promotion.valid_until
    _must(all(moment is None or moment.tzinfo is not None for moment in (since, until)), "window")
    _must(since is None or until is None or since < until, "window")
    _must(until is None or until > at, "over")
    _check_named(promotion.weekdays, re.compile("|".join(WEEKDAYS)), "hours")
    for hour in (promotion.from_hour, promotion.until_hour):
        _must(not hour or bool(HOUR.fullmatch(hour)), "hours")
    _must(not promotion.from_hour or promotion.from_hour != promotion.until_hour, "hours")
    if is_weekly(promotion):
        here = [zone for market, zone in zones.items() if not promotion.markets or market in promotion.markets]
        _must(any(ever_holds(promotion, zone) for zone in here or ["UTC"]), "never_open")


def _check_limits(total: int | None, per_customer: int | None) -> None:
    for limit in (total, per_customer):
        _must(limit is None or 1 <= limit <= 10**9, "limit")
    _must(total is None or per_customer is None or per_customer <= total, "limit")
