"""Everything a buyer needs to know of one product, on every channel the same.

What it is, what it costs and why, at which store it can be picked up and when, when it would be delivered and for how
much, and how long it can be returned.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import ProductPage, VariantView
from samband.commerce.fulfillment.promise import Promise
from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import AtLocation, LocationView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.queries import ShippingRateView
from samband.commerce.pricing.quoting import ShippingOffer
from samband.commerce.pricing.refusals import UnknownMarket
from samband.commerce.pricing.tagging import PriceTag
from samband.kernel.clock import now
from samband.kernel.goods import Line
from samband.kernel.money import Money

from . import delivery
from .piece_price import Kind, Piece, pieces


@dataclass(frozen=True, slots=True)
class AtStore:
    """Units to be had at a store, and when one ordered now could be picked up; no promise where there are none."""

    site: LocationView
    available: int
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class Sending:
    """Having one of it sent: when it comes, what that costs, and from what worth of goods it is free."""

    promise: Promise
    cost: Money
    free_from: Money | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One variant as it can be bought now. Without a price it is not for sale in the market."""

    variant: VariantView
    piece: Piece | None
    available: int
    stores: tuple[AtStore, ...]
    sending: Sending | None

    @property
    def tag(self) -> PriceTag | None:
        """The price of one before offers take anything off it, as a cart notes it."""
        return self.piece.tag if self.piece else None


@dataclass(frozen=True, slots=True)
class ShopWindow:
    """A product with an offer for each variant, as it stands at a moment. Stores of the market's country come first.

    `travels` is false for goods that are never sent in this market, such as fresh food.
    """

    page: ProductPage
    market: str
    at: datetime
    offers: tuple[Offer, ...]
    travels: bool

    def offer(self, sku: str | None) -> Offer:
        """The offer for a SKU; else the first that can be had, else the first."""
        for offer in self.offers:
            if offer.variant.sku == sku:
                return offer
        return next((offer for offer in self.offers if offer.tag and offer.available), self.offers[0])


def shop_window(
    slug: str,
    channel: str,
    market: str,
    group: str | None = None,
    at: datetime | None = None,
    *,
    place: str = "",
    segments: Collection[str] = (),
) -> ShopWindow:
    """A product as it can be bought in a market now. Four statements. Raises NoSuchProduct, UnknownMarket.

    `place` (a location, or a spot in it) and `segments` are what offers may be bound to.
    """
    moment = at or now()
    if market not in pricing.markets():
        raise UnknownMarket(market=market[:8])
    page = catalog.product(slug, channel, moment)
    skus = [variant.sku for variant in page.variants]
    kind = Kind(page.vat_class, page.shipping_class, page.category)
    prices = pieces(dict.fromkeys(skus, kind), market, channel, group, moment, place=place, segments=segments)
    stock = inventory.available(skus, channel)
    looking = _Looking(pricing.markets()[market].country, moment, stock, _rate(page, market))
    offers = tuple(looking.offer(variant, prices.get(variant.sku)) for variant in page.variants)
    return ShopWindow(page, market, moment, offers, travels=looking.rate is not None)


def _rate(page: ProductPage, market: str) -> ShippingRateView | None:
    rates = (rate for rate in pricing.shipping_rates(market) if rate.method == "ship")
    return next((rate for rate in rates if rate.shipping_class == page.shipping_class), None)


class _Looking:
    """One look at the stock of a product's variants. What a place promises is worked out once."""

    def __init__(
        self, country: str, at: datetime, stock: Mapping[str, tuple[AtLocation, ...]], rate: ShippingRateView | None
    ) -> None:
        self.country = country
        self.at = at
        self.stock = stock
        self.rate = rate
        self.promises: dict[tuple[str, str], Promise | None] = {}
        self.stores = sorted(
            (site for site in inventory.locations().values() if site.pickup),
            key=lambda site: (site.country != country, site.position),
        )

    def offer(self, variant: VariantView, piece: Piece | None) -> Offer:
        places = {place.location: place.available for place in self.stock[variant.sku]}
        stores = tuple(self.at_store(site, places.get(site.code, 0)) for site in self.stores)
        return Offer(variant, piece, sum(places.values()), stores, self.sending(variant, piece))

    def at_store(self, site: LocationView, available: int) -> AtStore:
        return AtStore(site, available, self.promised("pickup", site.code, site.country) if available else None)

    def sending(self, variant: VariantView, piece: Piece | None) -> Sending | None:
        if piece is None or self.rate is None:
            return None
        sku = variant.sku
        try:
            parcels = delivery.parcels([Line(sku, 1)], {sku: self.stock[sku]}, self.country, {sku: variant})
        except CannotRoute:
            return None
        promise = delivery.last_of(self.promised("ship", spot.location, self.country) for spot in parcels)
        if promise is None:
            return None
        offer, currency = ShippingOffer(self.rate.amount, self.rate.free_from), piece.unit.currency
        free_from = None if offer.free_from is None else Money(offer.free_from, currency)
        return Sending(promise, Money(offer.asked_for(piece.unit.amount), currency), free_from)

    def promised(self, kind: str, location: str, country: str) -> Promise | None:
        key = (kind, location)
        if key not in self.promises:
            self.promises[key] = delivery.promised(kind, location, country, self.at)
        return self.promises[key]
