"""What pricing can be asked. Amounts are read anew each time; markets and list names are remembered."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.goods import SKU
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from . import askers
from .announcing import announcing, with_announced
from .asking import Answer, ask
from .chronicle import Step
from .chronicle import steps as walk
from .coupons import looked_up
from .holding import Asker
from .live import EDITION, live
from .live import forget as forget_promotions
from .models import Market, Price, PriceList, VatRate
from .promoted import coupon, coupons, promotion, promotions, uses
from .promotions import Promotion
from .quotes import WAYS, PricedLine, Quote, QuoteLine, Terms, Use, VatShare, check
from .quoting import quote as make_quote
from .recalling import changes_of, lowest_of
from .recalling import forget as forget_lowest
from .reducing import NOT_APPLICABLE
from .refusals import NotForSale, NotShippable, UnknownMarket
from .tagging import PriceTag, Reason
from .views import (
    CouponView,
    ListPrice,
    MarketView,
    PriceListView,
    PriceStep,
    PromotionView,
    ShippingRateView,
    UseView,
    VatRateView,
)

__all__ = [
    "CouponView",
    "ListPrice",
    "MarketView",
    "NotForSale",
    "NotShippable",
    "PriceListView",
    "PriceStep",
    "PriceTag",
    "PricedLine",
    "PromotionView",
    "Quote",
    "QuoteLine",
    "Reason",
    "ShippingRateView",
    "UnknownMarket",
    "Use",
    "UseView",
    "VatRateView",
    "VatShare",
    "coupon",
    "coupons",
    "history",
    "list_prices",
    "markets",
    "price_lists",
    "promotion",
    "promotion_names",
    "promotions",
    "quote",
    "shipping_rates",
    "tags",
    "terms",
    "uses",
    "vat_rates",
    "version",
]

REMEMBERED_SECONDS = 5.0
"""How long a process may go on with markets and names as it knows them; no amount is ever remembered."""


def tags(
    skus: Iterable[str] | Mapping[str, str],
    market: str,
    channel: str,
    group: str | None = None,
    at: datetime | None = None,
    *,
    place: str = "",
    segments: Collection[str] = (),
) -> dict[str, PriceTag]:
    """The price tags of these SKUs; one that is not for sale there has none.

    One statement; one more where a tag announces a reduction, unless this process knows already what was asked before
    it. Give a mapping of SKU to VAT class where the catalog's word is at hand; otherwise the class is the one pricing
    has learnt. `at` defaults to now. Raises UnknownMarket, and Invalid for what is no code.
    """
    asked = [sku for sku in dict.fromkeys(skus) if isinstance(sku, str) and SKU.fullmatch(sku)]
    classes = [skus[sku] if isinstance(skus, Mapping) else None for sku in asked]
    asker = Asker(market, channel, group, frozenset(segments), place)
    known = ask(asked, classes, (), asker, at)
    told = announcing(list(known.tags), known.categories, known.live.now_for(asker, known.at, known.zone))
    return _with_lowest(with_announced(known.tags, known.categories, told), told, known, asker)


def _with_lowest(
    tags: dict[str, PriceTag], told: Mapping[str, Sequence[Promotion]], known: Answer, asker: Asker
) -> dict[str, PriceTag]:
    lowest = lowest_of(tags, told, asker, known.country, known.at, known.edition)
    reduced = {sku: replace(tags[sku], lowest_30=Money(amount, known.currency)) for sku, amount in lowest.items()}
    return {**tags, **reduced} if reduced else tags


def history(
    sku: str, market: str, channel: str = "shop", group: str | None = None, at: datetime | None = None
) -> tuple[PriceStep, ...]:
    """How the price of a SKU went, the latest first; 400 days of it, as far as it was written down. One statement.

    Raises UnknownMarket.
    """
    known = markets().get(market)
    if known is None:
        raise UnknownMarket(market=str(market)[:8])
    moment = at or now()
    changes = changes_of([sku], known.country, moment)[sku]
    steps = walk(changes, Asker(market, channel, group), known.country, known.currency, moment)
    ends = [step.since for step in steps[1:]] + [None] * bool(steps)
    return tuple(_price_step(step, end, known.currency) for step, end in zip(steps, ends, strict=True))[::-1]


def _price_step(step: Step, until: datetime | None, currency: str) -> PriceStep:
    return PriceStep(
        since=step.since,
        until=until,
        unit=None if step.amount is None else Money(step.amount, currency),
        regular=None if step.regular is None else Money(step.regular, currency),
        price_list=step.price_list,
        promotions=step.promotions,
    )


def quote(
    lines: Sequence[QuoteLine],
    market: str,
    channel: str,
    group: str | None = None,
    method: str | None = None,
    at: datetime | None = None,
    *,
    place: str = "",
    segments: Collection[str] = (),
    coupons: Sequence[str] = (),
    customer_id: UUID | None = None,
) -> Quote:
    """What these lines cost, bringing them by `method` (one of WAYS, or not chosen yet) included: `terms`, and a quote.

    Raises NotForSale or NotShippable naming the SKU, UnknownMarket, TooManyLines, and Invalid for what is no code.
    """
    check(lines)
    classes = {line.sku: (line.vat_class, line.shipping_class) for line in lines}
    known = terms(
        classes, market, channel, group, method, at,
        place=place, segments=segments, coupons=coupons, customer_id=customer_id,
    )  # fmt: skip
    return make_quote(lines, known, method)


def terms(
    classes: Mapping[str, tuple[str | None, str]],
    market: str,
    channel: str,
    group: str | None = None,
    method: str | None = None,
    at: datetime | None = None,
    *,
    place: str = "",
    segments: Collection[str] = (),
    coupons: Sequence[str] = (),
    customer_id: UUID | None = None,
    lowest: bool = False,
) -> Terms:
    """What holds for these SKUs, given with their VAT and shipping classes, for who asks: tags, rates and promotions.

    One statement, and one more if coupons were entered; `quoting.quote` makes quotes of it, for any of these SKUs. The
    customer's segments are asked for only while a promotion is for some segment, unless they are given. With `lowest`
    the tags of reduced goods say what was asked before, as those of `tags` do. Raises UnknownMarket, and Invalid for
    what is no code.
    """
    _check_way(method)
    asked = {sku: known for sku, known in classes.items() if isinstance(sku, str) and SKU.fullmatch(sku)}
    vat_classes = [vat_class for vat_class, _ in asked.values()]
    shipping_classes = {shipping_class for _, shipping_class in asked.values()}
    asker = Asker(market, channel, group, frozenset(segments), place)
    known = ask(list(asked), vat_classes, shipping_classes, asker, at, customer_id)
    asker = replace(asker, segments=_that_matter(segments, customer_id, known.live.segments))
    entered = looked_up(coupons, customer_id, known.at, known.live, known.used_up) if coupons else ()
    opened = {one.promotion for one in entered if one.state == NOT_APPLICABLE}
    tags = known.tags
    if lowest:
        told = announcing(list(tags), known.categories, known.live.now_for(asker, known.at, known.zone))
        tags = _with_lowest(tags, told, known, asker)
    return Terms(
        market=market,
        channel=channel,
        currency=known.currency,
        tags=tags,
        shipping=known.offers["ship"],
        pickup=known.offers["pickup"],
        categories=known.categories,
        promotions=tuple(
            one
            for one in known.live.now_for(asker, known.at, known.zone)
            if one.code not in known.used_up and (not one.by_coupon or one.code in opened)
        ),
        coupons=entered,
    )


def _that_matter(given: Collection[str], customer_id: UUID | None, named: frozenset[str]) -> frozenset[str]:
    """Of who asks, the segments that some promotion is for."""
    if not named:
        return named
    theirs = given if given or customer_id is None else askers.segments_of(customer_id)
    return named.intersection(theirs)


def _check_way(method: str | None) -> None:
    if method is not None and method not in WAYS:
        raise Invalid("There is no such way to have goods.")


def version(at: datetime | None = None) -> str:
    """A short text that changes with every change of what we charge, including a window that opens or closes.

    Read it before the prices: what is kept under it is never older than it says. One statement, and one more when this
    process does not know the promotions of this edition yet.
    """
    moment = at or now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            select {EDITION}, coalesce((select number from pricing_edition), 0)::text || '.' || (
                (select count(*) filter (where valid_from <= at) + count(*) filter (where valid_until <= at)
                 from pricing_pricelist)
                + (select count(*) filter (where valid_from <= at) + count(*) filter (where valid_until <= at)
                   from pricing_promotionrow)
                + (select count(*) from pricing_vatrate where valid_from <= at))::text,
                (select array_agg(distinct country) from pricing_market
                 where exists (select from pricing_promotionrow where weekly and ended_at is null))
            from (select %s::timestamptz as at) as moment
            """,
            [moment],
        )
        edition, told, countries = cursor.fetchone()
    if not countries:
        return str(told)
    phase = live(edition).phase(moment, (TIME_ZONES.get(country, "UTC") for country in countries))
    return f"{told}.{phase}"


class _Remembered:
    """Markets and price lists as this process last read them."""

    markets: tuple[float, dict[str, MarketView]] = (0.0, {})
    lists: tuple[float, dict[str, PriceListView]] = (0.0, {})
    promotions: tuple[float, dict[str, dict[str, str]]] = (0.0, {})


def forget() -> None:
    """Have this process read markets, list names and promotions anew."""
    _Remembered.markets = (0.0, {})
    _Remembered.lists = (0.0, {})
    _Remembered.promotions = (0.0, {})
    forget_promotions()
    forget_lowest()


def markets() -> dict[str, MarketView]:
    """All markets by code, in their order of display. A change elsewhere is seen within seconds."""
    until, known = _Remembered.markets
    if time.monotonic() < until:
        return known
    known = {
        one.code: MarketView(one.code, one.country, one.currency, one.default_language, one.names, one.position)
        for one in Market.objects.order_by("position", "code")
    }
    _Remembered.markets = (time.monotonic() + REMEMBERED_SECONDS, known)
    return known


def price_lists() -> dict[str, PriceListView]:
    """All price lists by code, for wording and for the console. A change elsewhere is seen within seconds."""
    until, known = _Remembered.lists
    if time.monotonic() < until:
        return known
    known = {
        one.code: PriceListView(
            one.code,
            one.currency,
            one.market_id,
            one.channel,
            one.customer_group,
            one.includes_vat,
            one.valid_from,
            one.valid_until,
            one.priority,
            one.names,
        )
        for one in PriceList.objects.order_by("code")
    }
    _Remembered.lists = (time.monotonic() + REMEMBERED_SECONDS, known)
    return known


def promotion_names() -> dict[str, dict[str, str]]:
    """The names of all promotions that ever were, by code, for wording. A change is seen within seconds."""
    until, known = _Remembered.promotions
    if time.monotonic() >= until:
        known = {view.promotion.code: view.promotion.names for view in promotions()}
        _Remembered.promotions = (time.monotonic() + REMEMBERED_SECONDS, known)
    return known


def list_prices(skus: Sequence[str]) -> tuple[ListPrice, ...]:
    """Every price of these SKUs in every list, for the console; by SKU, then list."""
    prices = Price.objects.filter(sku__in=skus).select_related("price_list").order_by("sku", "price_list_id")
    return tuple(
        ListPrice(one.price_list_id, one.sku, one.amount, one.price_list.currency, one.price_list.includes_vat)
        for one in prices
    )


def vat_rates() -> tuple[VatRateView, ...]:
    """All VAT rates, past and to come, by country, class and beginning."""
    rates = VatRate.objects.order_by("country", "vat_class", "valid_from")
    return tuple(VatRateView(one.country, one.vat_class, one.basis_points, one.valid_from) for one in rates)


# In plain SQL, as every page of a product asks it: making the statement up each time took longer than asking.
_SHIPPING = """
select market_id, shipping_class, method, amount, free_from from pricing_shippingrate where market_id = %s
order by shipping_class, method
"""


def shipping_rates(market: str) -> tuple[ShippingRateView, ...]:
    """A market's shipping rates, read anew, by class and method."""
    with connection.cursor() as cursor:
        cursor.execute(_SHIPPING, [market])
        return tuple(ShippingRateView(*row) for row in cursor.fetchall())
