"""What a scanner read at a till: goods, a customer's phone, or the cart on it; and what there is to say about goods."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote

from samband.commerce.cart import queries as carts
from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.catalog.views import Item
from samband.commerce.fulfillment.promise import Promise
from samband.commerce.fulfillment.refusals import CannotRoute
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import AtLocation, LocationView
from samband.kernel.clock import now
from samband.kernel.geography import distance_km
from samband.kernel.goods import Line

from . import cart_handover, delivery, find_customer
from .basket import STORE_ONLY
from .find_customer import Found
from .goods_by_code import CodeUnknown, item_of
from .piece_price import Piece
from .sell_at_till import units_at
from .till_snapshot import CHANNEL, pieces

LONGEST = 500
_TAKE_CART = re.compile(r"/cart/take/([^/?#]+)/?$")


@dataclass(frozen=True, slots=True)
class Around:
    """Another store with units of the goods, and how far it is (None where a place is not known)."""

    site: LocationView
    available: int
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another variant of the same product."""

    item: Item
    available: int


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods that were scanned: what one costs here, how many there are here and around, and when one could be sent.

    `piece` is None for what is not sold at this till.
    """

    item: Item
    piece: Piece | None
    here: int
    around: tuple[Around, ...]
    sending: Promise | None
    siblings: tuple[Sibling, ...]


@dataclass(frozen=True, slots=True)
class CartShown:
    """A phone shows its cart: `token` takes it over."""

    token: str
    lines: int


Scanned = Goods | Found | CartShown


def scan(text: str, location: str) -> Scanned:
    """What was scanned or typed at a till of a location.

    Raises CodeUnknown, CustomerCodeRefused and HandoverRefused for codes of phones that are forged or old.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise CodeUnknown()
    if find_customer.is_code(text):
        return find_customer.by_code(text)
    if token := _TAKE_CART.search(text):
        return _cart(unquote(token[1]))
    return goods(item_of(text, CHANNEL), location)


def _cart(token: str) -> CartShown:
    return CartShown(token, len(carts.cart(cart_handover.cart_in(token)).lines))


def goods(item: Item, location: str) -> Goods:
    """Goods as a cashier sees them: here, around, and sent."""
    at, site = now(), inventory.location(location)
    skus = _of_product(item, at)
    stock = inventory.available(skus, CHANNEL)
    items = catalog.items(skus)
    own = {item.sku: item} if item.published(CHANNEL, at) else {}
    return Goods(
        item,
        pieces(own, location, at).get(item.sku),
        units_at(stock[item.sku], location),
        _around(site, stock[item.sku]),
        _sending(item, stock[item.sku], site.country, at),
        tuple(Sibling(items[sku], units_at(stock[sku], location)) for sku in skus if sku != item.sku),
    )


def _of_product(item: Item, at: datetime) -> list[str]:
    """The SKUs of the same product; of one that is not shown here, only its own."""
    try:
        return [variant.sku for variant in catalog.product(item.slug, CHANNEL, at).variants]
    except NoSuchProduct:
        return [item.sku]


def _around(here: LocationView, places: Sequence[AtLocation]) -> tuple[Around, ...]:
    sites = inventory.locations()
    found = [
        Around(sites[one.location], one.available, _between(here, sites[one.location]))
        for one in places
        if one.location != here.code and one.available > 0 and one.location in sites
    ]
    return tuple(sorted(found, key=lambda one: (one.distance_km is None, one.distance_km or 0.0, one.site.code)))


def _between(one: LocationView, other: LocationView) -> float | None:
    return distance_km(one.place, other.place) if one.place and other.place else None


def _sending(item: Item, places: tuple[AtLocation, ...], country: str, at: datetime) -> Promise | None:
    if item.shipping_class == STORE_ONLY:
        return None
    try:
        parcels = delivery.parcels([Line(item.sku, 1)], {item.sku: places}, country, {item.sku: item})
    except CannotRoute:
        return None
    return delivery.last_of(delivery.promised("ship", spot.location, country, at) for spot in parcels)
