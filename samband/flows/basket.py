"""A cart as it stands now: what is in it, what it costs, where it can come from and when, and what has changed.

Every channel shows this same answer, and checking out is decided by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from samband.commerce.cart import queries as carts
from samband.commerce.cart.rules import CartView, Change, changes
from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.fulfillment.promise import Promise
from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import AtLocation, LocationView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing import quoting
from samband.commerce.pricing.quoting import Quote, QuoteLine, Terms
from samband.commerce.pricing.refusals import NotShippable
from samband.commerce.pricing.tagging import PriceTag
from samband.kernel.clock import now
from samband.kernel.goods import Line

from . import delivery

STORE_ONLY = "store_only"
"""The shipping class of goods that never travel: fresh food."""


@dataclass(frozen=True)
class BasketLine:
    """A line of the cart with what is known of it now. `available` is what one shopper could have on some way."""

    sku: str
    quantity: int
    item: Item | None
    tag: PriceTag | None
    available: int


@dataclass(frozen=True)
class Way:
    """One way to get everything in the cart: shipped, or picked up at a store. `short` names SKUs that hinder it."""

    kind: str
    location: LocationView | None
    possible: bool
    short: tuple[str, ...]
    promise: Promise | None


@dataclass(frozen=True)
class Basket:
    """A cart and everything a shopper needs to decide. `quote` covers what can be bought; None when that is nothing."""

    cart: CartView
    at: datetime
    lines: tuple[BasketLine, ...]
    changes: tuple[Change, ...]
    quote: Quote | None
    stock: Mapping[str, tuple[AtLocation, ...]]
    terms: Terms

    def quoted(self, method: str) -> Quote | None:
        """What can be bought, if all of it goes this one way; None if it does not. Asks nobody anything."""
        asked = _asked(self.lines, {})
        try:
            return quoting.quote(asked, self.terms, method) if asked else None
        except NotShippable:
            return None

    @property
    def buyable(self) -> tuple[Line, ...]:
        """What of it can be bought now."""
        return tuple(Line(line.sku, min(line.quantity, line.available)) for line in self.lines if _buyable(line))

    def ways(self) -> tuple[Way, ...]:
        """Shipping first, then every store of the market's country, then the others."""
        return (self.shipping(), *self.pickups())

    def shipping(self) -> Way:
        """Having it all sent to an address in the market's country."""
        country = self.country
        fixed = tuple(line.sku for line in self.lines if line.item and line.item.shipping_class == STORE_ONLY)
        if fixed or not self.buyable:
            return Way("ship", None, False, fixed, None)
        try:
            parcels = delivery.parcels(self.buyable, self.stock, country, self.items)
        except CannotRoute as refusal:
            return Way("ship", None, False, tuple(short["sku"] for short in refusal.details["short"]), None)
        coming = (delivery.promised("ship", spot.location, country, self.at) for spot in parcels)
        return Way("ship", None, True, (), delivery.last_of(coming))

    def pickups(self) -> tuple[Way, ...]:
        """Every store where it could be picked up, those of the market's country first."""
        stores = [site for site in inventory.locations().values() if site.pickup]
        stores.sort(key=lambda site: (site.country != self.country, site.position))
        return tuple(self.pickup(site) for site in stores)

    def pickup(self, site: LocationView) -> Way:
        """Picking it all up at this store."""
        short = tuple(line.sku for line in self.lines if _at(self.stock.get(line.sku, ()), site.code) < line.quantity)
        possible = site.pickup and not short and bool(self.lines)
        promise = delivery.promised("pickup", site.code, site.country, self.at) if possible else None
        return Way("pickup", site, possible, short, promise)

    @property
    def items(self) -> Mapping[str, Item | None]:
        """What is known of its goods, by SKU."""
        return {line.sku: line.item for line in self.lines}

    @property
    def country(self) -> str:
        """The country of the cart's market."""
        return pricing.markets()[self.cart.market].country


def basket(
    cart_id: UUID,
    channel: str,
    group: str | None = None,
    method: str | None = None,
    *,
    ways: Mapping[str, str] | None = None,
    place: str = "",
    segments: Sequence[str] = (),
    customer_id: UUID | None = None,
) -> Basket:
    """The cart as it stands now. Four statements. Raises NoSuchCart."""
    cart = carts.cart(cart_id)
    return look_at(cart, channel, group, method, ways=ways, place=place, segments=segments, customer_id=customer_id)


def look_at(
    cart: CartView,
    channel: str,
    group: str | None = None,
    method: str | None = None,
    *,
    ways: Mapping[str, str] | None = None,
    place: str = "",
    segments: Sequence[str] = (),
    customer_id: UUID | None = None,
) -> Basket:
    """The same for a cart that is at hand. Three statements, one for an empty cart, one more for coupons.

    `ways` tells for some SKUs another way than `method`; `place`, `segments` and the customer are what offers may be
    bound to.
    """
    at = now()
    skus = [line.sku for line in cart.lines]
    items = catalog.items(skus) if skus else {}
    published = {sku for sku, item in items.items() if item.published(channel, at)}
    stock = inventory.available(skus, channel) if skus else {}
    classes = {sku: (items[sku].vat_class, items[sku].shipping_class) for sku in skus if sku in published}
    terms = pricing.terms(
        classes, cart.market, channel, group, method, at,
        place=place, segments=tuple(segments), coupons=cart.coupons, customer_id=customer_id or cart.customer_id,
    )  # fmt: skip
    tags = terms.tags
    lines = tuple(
        BasketLine(
            line.sku, line.quantity, items.get(line.sku), tags.get(line.sku), most_available(stock.get(line.sku, ()))
        )
        for line in cart.lines
    )
    told = changes(cart.lines, tags, {line.sku: line.available for line in lines}, published)
    return Basket(cart, at, lines, told, _quote(lines, terms, method, ways or {}), stock, terms)


def most_available(places: Sequence[AtLocation]) -> int:
    """Units to be had in all: parcels may come from several places."""
    return sum(max(place.available, 0) for place in places)


def _quote(lines: Sequence[BasketLine], terms: Terms, method: str | None, ways: Mapping[str, str]) -> Quote | None:
    asked = _asked(lines, ways)
    if not asked:
        return None
    try:
        return quoting.quote(asked, terms, method)
    except NotShippable:  # the way they ask for is none; `ways` says why
        return quoting.quote([replace(line, method=None) for line in asked], terms, None)


def _asked(lines: Sequence[BasketLine], ways: Mapping[str, str]) -> list[QuoteLine]:
    """What of it can be bought, as pricing is asked for it."""
    return [
        QuoteLine(
            line.sku,
            min(line.quantity, line.available),
            line.item.vat_class,
            line.item.shipping_class,
            method=ways.get(line.sku),
            category=line.item.category,
        )
        for line in lines
        if line.item and _buyable(line)
    ]


def _buyable(line: BasketLine) -> bool:
    return line.tag is not None and line.available > 0


def _at(places: Sequence[AtLocation], location: str) -> int:
    return next((place.available for place in places if place.location == location), 0)
