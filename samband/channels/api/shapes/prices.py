"""Markets, price lists and price tags."""

from typing import Annotated, Literal

from msgspec import Meta, field

from .catalog import Tag
from .words import (
    AmountGiven,
    BasisPoints,
    Channel,
    Country,
    Currency,
    Language,
    ListCode,
    MarketCode,
    Moment,
    Money,
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


class MarketGiven(Wish):
    """A market as it shall be. Prices and taxes are its country's, amounts in its currency."""

    country: Country
    currency: Currency
    default_language: Language = "en"
    names: SomeTexts = field(default_factory=dict)
    position: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


VatClass = Annotated[Literal["standard", "food", "zero"], Meta(examples=["standard"])]


class VatRate(Shown):
    """What a country takes of a class of goods from `valid_from` until the next one begins."""

    country: Country
    vat_class: VatClass
    basis_points: BasisPoints
    valid_from: Moment


class VatRateList(Shown):
    """Every VAT rate, past and to come."""

    items: tuple[VatRate, ...]


class VatRateWish(Wish):
    """A VAT rate: 2400 is 24 %; the class `zero` has none. Without `valid_from` it has held since always."""

    country: Country
    vat_class: VatClass
    basis_points: Annotated[int, Meta(ge=0, le=10_000, description="Hundredths of a percent.", examples=[2400])]
    valid_from: Moment | None = None


ShippingClass = Annotated[str, Meta(min_length=1, max_length=64, examples=["parcel"])]
Method = Annotated[Literal["ship", "pickup"], Meta(examples=["ship"])]


class ShippingRate(Shown):
    """What bringing a class of goods costs: minor units of the market's currency, VAT included."""

    market: MarketCode
    shipping_class: ShippingClass
    method: Method
    amount: Annotated[int, Meta(examples=[1490])]
    free_from: Annotated[int | None, Meta(description="Free from so much worth of goods.", examples=[15000])]


class ShippingRateList(Shown):
    """A market's shipping rates, by class and way."""

    items: tuple[ShippingRate, ...]


class ShippingRateWish(Wish):
    """What bringing a class of goods shall cost: minor units of the market's currency, VAT included."""

    market: MarketCode
    shipping_class: ShippingClass
    method: Method
    amount: AmountGiven
    free_from: AmountGiven | None = None


class Announced(Shown):
    """What promotions that come off by themselves make of one unit."""

    unit: Money
    promotions: tuple[str, ...]


class PriceTag(Tag):
    """What one unit costs somebody, and what promotions make of it where they come off by themselves."""

    announced: Announced | None


class TagList(Shown):
    """What SKUs cost in a market now. A SKU that is not for sale there is missing."""

    items: tuple[PriceTag, ...]


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


class PriceStep(Shown):
    """A time during which one unit cost the same, VAT included; no `unit`: it was not for sale. It may go on still.

    `regular` is what it would have cost without the reduction that held then.
    """

    since: Moment
    until: Moment | None
    unit: Money | None
    regular: Money | None
    price_list: ListCode | None
    promotions: tuple[str, ...]


class PriceHistory(Shown):
    """How a price went, the latest step first."""

    sku: Sku
    market: MarketCode
    items: tuple[PriceStep, ...]
