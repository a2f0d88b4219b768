"""Markets, price lists and price tags over HTTP."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query

from samband.commerce.pricing import commands, queries
from samband.commerce.pricing.refusals import CurrencyFixed, TooManyPrices, UnknownMarket, UnknownPriceList
from samband.kernel.refusal import Invalid

from .operations import Door
from .parameters import Skus
from .shapes import prices as shapes
from .shapes.words import shown

LARGE = 4 * 1024 * 1024

door = Door(
    "Prices",
    "Markets, their VAT and shipping rates, price lists, and what a SKU costs somebody in a market now, and why.",
)


@door.get("/markets", scope="prices:read", answers=shapes.MarketList)
def list_markets(request: HttpRequest) -> shapes.MarketList:
    """Read where we sell, and in what currency."""
    return shapes.MarketList(items=tuple(shown(one, shapes.Market) for one in queries.markets().values()))


@door.put(
    "/markets/{code}",
    scope="prices:write",
    asks=shapes.MarketGiven,
    answers=shapes.Market,
    refuses=(CurrencyFixed, Invalid),
)
def save_market(request: HttpRequest, code: str, ask: shapes.MarketGiven) -> shapes.Market:
    """Open a market, or change it; its currency stays what it is."""
    commands.save_market(code, ask.country, ask.currency, ask.default_language, ask.names, ask.position)
    return shown(queries.markets()[code], shapes.Market)


@door.get("/vat-rates", scope="prices:read", answers=shapes.VatRateList)
def list_vat_rates(request: HttpRequest) -> shapes.VatRateList:
    """Read every VAT rate, past and to come, by country, class and beginning."""
    return shapes.VatRateList(items=tuple(shown(one, shapes.VatRate) for one in queries.vat_rates()))


@door.put("/vat-rates", scope="prices:write", asks=shapes.VatRateWish, answers=shapes.VatRate, refuses=(Invalid,))
def save_vat_rate(request: HttpRequest, ask: shapes.VatRateWish) -> shapes.VatRate:
    """Say what a country takes of a class of goods from a moment on, or since always if none is named."""
    valid_from = ask.valid_from or commands.SINCE_ALWAYS
    commands.save_vat_rate(ask.country, ask.vat_class, ask.basis_points, valid_from)
    return shapes.VatRate(
        country=ask.country, vat_class=ask.vat_class, basis_points=ask.basis_points, valid_from=valid_from
    )


@door.get("/shipping-rates", scope="prices:read", answers=shapes.ShippingRateList)
def list_shipping_rates(
    request: HttpRequest,
    market: Annotated[str, Query(min_length=1, max_length=64, description="A market's code, such as IS.")],
) -> shapes.ShippingRateList:
    """Read what a market asks for bringing goods, by class and way."""
    rates = queries.shipping_rates(market)
    return shapes.ShippingRateList(items=tuple(shown(one, shapes.ShippingRate) for one in rates))


@door.put(
    "/shipping-rates",
    scope="prices:write",
    asks=shapes.ShippingRateWish,
    answers=shapes.ShippingRate,
    refuses=(UnknownMarket, Invalid),
)
def save_shipping_rate(request: HttpRequest, ask: shapes.ShippingRateWish) -> shapes.ShippingRate:
    """Say what bringing a class of goods costs in a market, VAT included, and from what worth of goods it is free."""
    commands.save_shipping_rate(ask.market, ask.shipping_class, ask.method, ask.amount, ask.free_from)
    return shown(ask, shapes.ShippingRate)


@door.get("/prices", scope="prices:read", answers=shapes.TagList, refuses=(UnknownMarket, Invalid))
def list_prices(
    request: HttpRequest,
    market: Annotated[str, Query(min_length=1, max_length=64, description="A market's code, such as IS.")],
    sku: Skus,
    channel: Annotated[str, Query(min_length=1, max_length=63, description="Where it is bought.")] = "api",
    group: Annotated[str | None, Query(min_length=1, max_length=40, description="A customer group.")] = None,
) -> shapes.TagList:
    """Read what SKUs cost in a market now, and why.

    A SKU that is not for sale there is missing from the answer.
    """
    tags = queries.tags(sku, market, channel, group)
    return shapes.TagList(items=tuple(shown(tag, shapes.PriceTag) for tag in tags.values()))


@door.get(
    "/price-history/{path:sku}", scope="prices:read", answers=shapes.PriceHistory, refuses=(UnknownMarket, Invalid)
)
def get_price_history(
    request: HttpRequest,
    sku: str,
    market: Annotated[str, Query(min_length=1, max_length=64, description="A market's code, such as IS.")],
    channel: Annotated[str, Query(min_length=1, max_length=63, description="Where it is bought.")] = "api",
    group: Annotated[str | None, Query(min_length=1, max_length=40, description="A customer group.")] = None,
) -> shapes.PriceHistory:
    """Read how the price of a SKU went.

    What somebody in a market would have paid for one, offers that come off by themselves included; the latest first,
    400 days of it.
    """
    steps = queries.history(sku, market, channel, group)
    return shapes.PriceHistory(sku=sku, market=market, items=tuple(shown(step, shapes.PriceStep) for step in steps))


@door.get("/price-lists", scope="prices:read", answers=shapes.PriceListList)
def list_price_lists(request: HttpRequest) -> shapes.PriceListList:
    """Read every price list: whom, where and when it holds."""
    return shapes.PriceListList(items=tuple(shown(one, shapes.PriceList) for one in queries.price_lists().values()))


@door.get("/list-prices", scope="prices:read", answers=shapes.ListPriceList)
def list_prices_in_lists(request: HttpRequest, sku: Skus) -> shapes.ListPriceList:
    """Read what SKUs cost in every list they are in."""
    return shapes.ListPriceList(items=tuple(shown(one, shapes.ListPrice) for one in queries.list_prices(sku)))


@door.put(
    "/price-lists/{code}",
    scope="prices:write",
    asks=shapes.PriceListWish,
    answers=shapes.PriceList,
    refuses=(UnknownMarket, CurrencyFixed, Invalid),
)
def save_price_list(request: HttpRequest, code: str, ask: shapes.PriceListWish) -> shapes.PriceList:
    """Open a price list, or change whom, where and when it holds."""
    commands.save_price_list(
        code,
        ask.currency,
        market=ask.market,
        channel=ask.channel,
        customer_group=ask.customer_group,
        includes_vat=ask.includes_vat,
        valid_from=ask.valid_from,
        valid_until=ask.valid_until,
        priority=ask.priority,
        names=ask.names,
    )
    return shown(queries.price_lists()[code], shapes.PriceList)


@door.put(
    "/price-lists/{code}/prices",
    scope="prices:write",
    asks=shapes.PricesWish,
    answers=shapes.PricesChanged,
    most_bytes=LARGE,
    refuses=(UnknownPriceList, TooManyPrices, Invalid),
)
def set_prices(request: HttpRequest, code: str, ask: shapes.PricesWish) -> shapes.PricesChanged:
    """Set what SKUs cost in a list.

    All of them or none; other SKUs in the list stay as they are. The answer names those whose price is another one now.
    """
    return shown(commands.set_prices(code, ask.prices), shapes.PricesChanged)


@door.post(
    "/price-lists/{code}/removals",
    scope="prices:write",
    asks=shapes.GoneWish,
    answers=shapes.PricesChanged,
    most_bytes=LARGE,
    refuses=(UnknownPriceList, TooManyPrices, Invalid),
)
def remove_prices(request: HttpRequest, code: str, ask: shapes.GoneWish) -> shapes.PricesChanged:
    """Take SKUs out of a list.

    What is in no other list is no longer for sale. The answer names those that were there.
    """
    return shown(commands.remove_prices(code, ask.skus), shapes.PricesChanged)
