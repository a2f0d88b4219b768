"""What pricing can be asked. Amounts are read anew each time; markets and list names are remembered."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.goods import SKU
from samband.kernel.refusal import Invalid

from .models import Market, Price, PriceList, ShippingRate, VatRate
from .quotes import WAYS, PricedLine, Quote, QuoteLine, ShippingOffer, Terms, VatShare, check
from .quoting import quote as make_quote
from .refusals import NotForSale, NotShippable, UnknownMarket
from .tagging import Candidate, PriceTag, Reason, Taxed, tag

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


# One statement for tags and quotes alike: a row for each SKU and each list in which it has a price that holds at the
# moment, with the VAT rate that belongs to the SKU. Without such a list one row with no price; without the market no
# row. What bringing these classes of goods costs stands in every row, as one JSON text.
_CANDIDATES = """
with market as (select code, country, currency from pricing_market where code = %(market)s::text),
rate as (
    select distinct on (r.vat_class) r.vat_class, r.basis_points
    from pricing_vatrate r join market m on m.country = r.country
    where r.valid_from <= %(at)s::timestamptz
    order by r.vat_class, r.valid_from desc
),
price as materialized (
    select p.sku, p.price_list_id, p.amount, l.includes_vat, l.customer_group, l.channel, l.market_id, l.priority,
           l.valid_until
    from pricing_price p
    join pricing_pricelist l on l.code = p.price_list_id
    join market m on m.currency = l.currency and (l.market_id is null or l.market_id = m.code)
    where p.sku = any(%(skus)s::text[])
      and (l.channel is null or l.channel = %(channel)s::text)
      and (l.customer_group is null or l.customer_group = %(group)s::text)
      and (l.valid_from is null or l.valid_from <= %(at)s::timestamptz)
      and (l.valid_until is null or l.valid_until > %(at)s::timestamptz)
)
select m.country, m.currency,
       (select json_agg(json_build_array(s.method, s.shipping_class, s.amount, s.free_from))::text
        from pricing_shippingrate s
        where s.market_id = %(market)s::text and s.shipping_class = any(%(shipping)s::text[])),
       a.sku, coalesce(rate.basis_points, case coalesce(a.vat_class, c.vat_class) when 'zero' then 0 end),
       price.price_list_id, price.amount, price.includes_vat, price.customer_group, price.channel, price.market_id,
       price.priority, price.valid_until
from market m
left join unnest(%(skus)s::text[], %(vat)s::text[]) a (sku, vat_class) on true
left join pricing_skuvatclass c on c.sku = a.sku
left join rate on rate.vat_class = coalesce(a.vat_class, c.vat_class, 'standard')
left join price on price.sku = a.sku
"""


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
    return dict(_ask(asked, classes, (), market, channel, group, at).tags)


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
    asked = {sku: known for sku, known in classes.items() if isinstance(sku, str) and SKU.fullmatch(sku)}
    shipping_classes = sorted({shipping_class for _, shipping_class in asked.values()})
    return _ask(
        list(asked), [vat_class for vat_class, _ in asked.values()], shipping_classes, market, channel, group, at
    )


def _check_way(method: str | None) -> None:
    if method is not None and method not in WAYS:
        raise Invalid("There is no such way to have goods.")


def _ask(
    skus: list[str],
    vat_classes: Sequence[str | None],
    shipping_classes: Sequence[str],
    market: str,
    channel: str,
    group: str | None,
    at: datetime | None,
) -> Terms:
    if not _is_code(market):
        raise UnknownMarket()
    if not _is_code(channel) or not (group is None or _is_code(group)):
        raise Invalid("That is not a channel or a customer group.")
    if at is not None and at.tzinfo is None:
        raise Invalid("A moment has a time zone.")
    given: dict[str, Any] = {
        "skus": skus,
        "vat": list(vat_classes),
        "shipping": list(shipping_classes),
        "market": market,
        "channel": channel,
        "group": group,
        "at": at or now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, given)
        rows = cursor.fetchall()
    if not rows:
        raise UnknownMarket(market=market)
    return _terms(market, channel, rows)


_offers = msgspec.json.Decoder(list[tuple[str, str, int, int | None]])


def _is_code(text: object) -> bool:
    return isinstance(text, str) and text.isprintable() and 1 <= len(text) <= 64


def _terms(market: str, channel: str, rows: Sequence[Sequence[Any]]) -> Terms:
    country, currency, offered = rows[0][:3]
    candidates: dict[tuple[str, int], list[Candidate]] = {}
    for _, _, _, sku, basis_points, price_list, *price in rows:
        if price_list is not None and basis_points is not None:
            candidates.setdefault((sku, basis_points), []).append(Candidate(price_list, *price))
    where = Taxed(country, currency)
    found = {}
    for (sku, basis_points), prices in candidates.items():
        if price_tag := tag(sku, prices, basis_points, where):
            found[sku] = price_tag
    ways: dict[str, dict[str, ShippingOffer]] = {"ship": {}, "pickup": {}}
    for method, shipping_class, amount, free_from in _offers.decode(offered) if offered else ():
        ways[method][shipping_class] = ShippingOffer(amount, free_from)
    return Terms(market, channel, currency, found, ways["ship"], ways["pickup"])


def version(at: datetime | None = None) -> str:
    """A short text that changes with every change of what we charge, including a window that opens or closes.

    Read it before the prices: what is kept under it is never older than it says.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select coalesce((select number from pricing_edition), 0)::text || '.' || (
                (select count(*) filter (where valid_from <= at) + count(*) filter (where valid_until <= at)
                 from pricing_pricelist)
                + (select count(*) from pricing_vatrate where valid_from <= at))::text
            from (select %s::timestamptz as at) as moment
            """,
            [at or now()],
        )
        return str(cursor.fetchone()[0])


class _Remembered:
    """Markets and price lists as this process last read them."""

    markets: tuple[float, dict[str, MarketView]] = (0.0, {})
    lists: tuple[float, dict[str, PriceListView]] = (0.0, {})


def forget() -> None:
    """Have this process read markets and list names anew."""
    _Remembered.markets = (0.0, {})
    _Remembered.lists = (0.0, {})


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
