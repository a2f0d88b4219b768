"""What pricing can be asked. Amounts are read anew each time; markets and list names are remembered."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.clock import now
from samband.kernel.geography import TIME_ZONES
from samband.kernel.goods import SKU
from samband.kernel.refusal import Invalid

from .asking import ask
from .coupons import looked_up
from .holding import Asker
from .live import EDITION, live
from .live import forget as forget_promotions
from .models import Market, Price, PriceList, ShippingRate, VatRate
from .quotes import MOST_LINES, WAYS, PricedLine, Quote, QuoteLine, Terms, VatShare, check
from .quoting import quote as make_quote
from .reducing import NOT_APPLICABLE
from .refusals import NotForSale, NotShippable, TooManyLines, UnknownMarket
from .tagging import PriceTag, Reason

__all__ = [
    "ListPrice",
    "MarketView",
    "NotForSale",
    "NotShippable",
    "PriceListView",
    "PriceTag",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "Reason",
    "ShippingRateView",
    "UnknownMarket",
    "VatRateView",
    "VatShare",
    "list_prices",
    "markets",
    "price_lists",
    "quote",
    "shipping_rates",
    "tags",
    "terms",
    "vat_rates",
    "version",
]

REMEMBERED_SECONDS = 5.0
"""How long a process may go on with markets and names as it knows them; no amount is ever remembered."""


@dataclass(frozen=True, slots=True)
class MarketView:
    """A market: `country` is ISO 3166, `currency` ISO 4217; `names` by language."""

    code: str
    country: str
    currency: str
    default_language: str
    names: dict[str, str]
    position: int


@dataclass(frozen=True, slots=True)
class PriceListView:
    """A price list; an absent market, channel or customer group means any. `names` by language."""

    code: str
    currency: str
    market: str | None
    channel: str | None
    customer_group: str | None
    includes_vat: bool
    valid_from: datetime | None
    valid_until: datetime | None
    priority: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What a SKU costs in one list: minor units of the list's currency, with VAT if the list includes it."""

    price_list: str
    sku: str
    amount: int
    currency: str
    includes_vat: bool


@dataclass(frozen=True, slots=True)
class VatRateView:
    """A VAT rate in basis points and the moment from which it holds."""

    country: str
    vat_class: str
    basis_points: int
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class ShippingRateView:
    """What sending (or handing over) a class of goods costs: minor units of the market's currency, VAT included."""

    market: str
    shipping_class: str
    method: str
    amount: int
    free_from: int | None


def tags(
    skus: Iterable[str] | Mapping[str, str],
    market: str,
    channel: str,
    group: str | None = None,
    at: datetime | None = None,
) -> dict[str, PriceTag]:
    """The price tags of these SKUs; one that is not for sale there has none. One statement.

    Give a mapping of SKU to VAT class where the catalog's word is at hand; otherwise the class is the one pricing
    has learnt. `at` defaults to now. Raises UnknownMarket, and Invalid for what is no code.
    """
    asked = [sku for sku in dict.fromkeys(skus) if isinstance(sku, str) and SKU.fullmatch(sku)]
    classes = [skus[sku] if isinstance(skus, Mapping) else None for sku in asked]
    return ask(asked, classes, (), Asker(market, channel, group), at).tags


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
) -> Terms:
    """What holds for these SKUs, given with their VAT and shipping classes, for who asks: tags, rates and promotions.

    One statement, and one more if coupons were entered; `quoting.quote` makes quotes of it, for any of these SKUs.
    Raises UnknownMarket, and Invalid for what is no code.
    """
    _check_way(method)
    if len(classes) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    asked = {sku: known for sku, known in classes.items() if isinstance(sku, str) and SKU.fullmatch(sku)}
    vat_classes = [vat_class for vat_class, _ in asked.values()]
    shipping_classes = {shipping_class for _, shipping_class in asked.values()}
    asker = Asker(market, channel, group, frozenset(segments), place)
    known = ask(list(asked), vat_classes, shipping_classes, asker, at, customer_id)
    entered = looked_up(coupons, customer_id, known.at, known.live, known.used_up) if coupons else ()
    opened = {one.promotion for one in entered if one.state == NOT_APPLICABLE}
    return Terms(
        market=market,
        channel=channel,
        currency=known.currency,
        tags=known.tags,
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


def forget() -> None:
    """Have this process read markets, list names and promotions anew."""
    _Remembered.markets = (0.0, {})
    _Remembered.lists = (0.0, {})
    forget_promotions()


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


def shipping_rates(market: str) -> tuple[ShippingRateView, ...]:
    """A market's shipping rates, read anew, by class and method."""
    rates = ShippingRate.objects.filter(market_id=market).order_by("shipping_class", "method")
    return tuple(
        ShippingRateView(one.market_id, one.shipping_class, one.method, one.amount, one.free_from) for one in rates
    )
