"""Markets, price lists and price tags."""

from typing import Annotated

from msgspec import Meta, field

from .catalog import Tag
from .words import (
    AmountGiven,
    Channel,
    Country,
    Currency,
    ListCode,
    MarketCode,
    Moment,
    Shown,
    Sku,
    SomeTexts,
    Texts,
    Wish,
)

Group = Annotated[str, Meta(min_length=1, max_length=40, examples=["club"])]


class Market(Shown):
    """Where we sell, and in what currency."""

    code: MarketCode
    country: Country
    currency: Annotated[str, Meta(examples=["ISK"])]
    default_language: Annotated[str, Meta(examples=["is"])]
    names: Texts
    position: int


class MarketList(Shown):
    """Every market, in the retailer's order."""

    items: tuple[Market, ...]


class TagList(Shown):
    """What SKUs cost in a market now. A SKU that is not for sale there is missing."""

    items: tuple[Tag, ...]


class PriceList(Shown):
    """A price list; an absent market, channel or customer group means any."""

    code: ListCode
    currency: Annotated[str, Meta(examples=["ISK"])]
    market: MarketCode | None
    channel: Channel | None
    customer_group: Group | None
    includes_vat: bool
    valid_from: Moment | None
    valid_until: Moment | None
    priority: int
    names: Texts


class PriceListList(Shown):
    """Every price list, by code."""

    items: tuple[PriceList, ...]


class PriceListWish(Wish):
    """A price list as it shall be. It holds from `valid_from` until just before `valid_until`."""

    currency: Currency
    market: MarketCode | None = None
    channel: Channel | None = None
    customer_group: Group | None = None
    includes_vat: bool = True
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    priority: Annotated[int, Meta(ge=-1_000_000, le=1_000_000)] = 0
    names: SomeTexts = field(default_factory=dict)


class PricesWish(Wish):
    """What SKUs shall cost: minor units of the list's currency, with VAT if the list includes it."""

    prices: Annotated[dict[Sku, AmountGiven], Meta(min_length=1, max_length=50_000, examples=[{"SOFA-3-GREY": 134900}])]


class GoneWish(Wish):
    """SKUs that shall no longer be in the list."""

    skus: Annotated[tuple[Sku, ...], Meta(min_length=1, max_length=50_000)]


class PricesChanged(Shown):
    """The SKUs whose price is another one now."""

    price_list: ListCode
    skus: tuple[Sku, ...]


class ListPrice(Shown):
    """What a SKU costs in one list."""

    price_list: ListCode
    sku: Sku
    amount: Annotated[int, Meta(examples=[134900])]
    currency: Annotated[str, Meta(examples=["ISK"])]
    includes_vat: bool


class ListPriceList(Shown):
    """Every price of these SKUs in every list."""

    items: tuple[ListPrice, ...]
