"""What a promotion is: a deal, for whom and where and when it holds, and what it may be combined with.

Amounts are minor units by currency, VAT included; where a deal names no amount in a currency it does not hold there.
Shares are basis points: 2500 is a quarter.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

WHOLE = 10_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Goods(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some goods: these SKUs and whatever hangs in or below these categories, but not the ones excepted.

    Nothing named means all goods.
    """

    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    but_not: frozenset[str] = frozenset()


EVERYTHING = Goods()


class Percent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="percent"):
    """A share off each line of some goods."""

    basis_points: int
    goods: Goods = EVERYTHING


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="amount"):
    """An amount off: off `each` unit of some goods, or once off all of them together. Never more than they cost."""

    amounts: dict[str, int]
    goods: Goods = EVERYTHING
    each: bool = False


class BuyGet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="buy_get"):
    """Who buys so many of some goods gets so many of the same, or of others, for less (for nothing: 10000).

    Of the same goods the cheapest of each full set is reduced, sets being formed from the dearest down.
    Of others the dearest are. At most so many `times` in a basket.
    """

    buy: int
    get: int
    goods: Goods = EVERYTHING
    got: Goods | None = None
    basis_points: int = WHOLE
    times: int | None = None


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """So many units of some goods in a set."""

    skus: frozenset[str]
    quantity: int = 1


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="bundle"):
    """A set of goods for one price. Sets are made as long as they save something, of the dearest goods first."""

    parts: tuple[Part, ...]
    prices: dict[str, int]
    times: int | None = None


class Tier(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """From so many units, or from so much worth: a share off, or an amount off all of the goods together."""

    quantity: int = 0
    worth: dict[str, int] = {}
    basis_points: int = 0
    amounts: dict[str, int] = {}


class Tiered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="tiered"):
    """The more of some goods, the more comes off them: the highest tier reached holds."""

    tiers: tuple[Tier, ...]
    goods: Goods = EVERYTHING


class FreeShipping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="free_shipping"):
    """Shipping for nothing, or for less; if classes are named, only theirs."""

    basis_points: int = WHOLE
    classes: frozenset[str] = frozenset()


class FreeSample(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="free_sample"):
    """Goods that come along for nothing."""

    sku: str
    quantity: int = 1


Deal = Percent | Amount | BuyGet | Bundle | Tiered | FreeShipping | FreeSample


class Needs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a basket must hold: so much worth, or so many units, of some goods. Before any promotion."""

    worth: dict[str, int] = {}
    quantity: int = 0
    goods: Goods = EVERYTHING


class Promotion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A deal and its conditions. An empty condition is none; of several, each must hold.

    It holds from `valid_from` until just before `valid_until`, on these weekdays and from `from_hour` until just before
    `until_hour` ("HH:MM" on the clocks of the market's country; past midnight if it ends before it begins). A place
    such as "RVK" covers "RVK/table-7". `by_coupon`: only a coupon opens it.

    `exclusive`: alone in its basket. `stack_group`: of the promotions in a group a line takes part in one. `priority`
    decides in which order they are taken off and named, the higher first.
    """

    code: str
    deal: Deal
    names: dict[str, str] = {}
    groups: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    markets: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    weekdays: frozenset[str] = frozenset()
    from_hour: str = ""
    until_hour: str = ""
    needs: Needs = Needs()
    exclusive: bool = False
    stack_group: str = ""
    priority: int = 0
    by_coupon: bool = False
    limit_total: int | None = None
    limit_per_customer: int | None = None


def spread(promotion: Promotion, branches: Mapping[str, Collection[str]]) -> Promotion:
    """The same with every category that hangs below those it names."""
    needs = msgspec.structs.replace(promotion.needs, goods=_spread(promotion.needs.goods, branches))
    deal = promotion.deal
    named = {
        field: _spread(goods, branches)
        for field in ("goods", "got")
        if isinstance(goods := getattr(deal, field, None), Goods)
    }
    return msgspec.structs.replace(promotion, needs=needs, deal=msgspec.structs.replace(deal, **named))


def _spread(goods: Goods, branches: Mapping[str, Collection[str]]) -> Goods:
    if not goods.categories:
        return goods
    below = frozenset(slug for named in goods.categories for slug in branches.get(named, (named,)))
    return msgspec.structs.replace(goods, categories=below)


def categories_in(promotion: Promotion) -> frozenset[str]:
    """Every category that it names."""
    goods = [promotion.needs.goods, getattr(promotion.deal, "goods", None), getattr(promotion.deal, "got", None)]
    return frozenset(slug for one in goods if isinstance(one, Goods) for slug in one.categories)
