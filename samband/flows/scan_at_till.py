"""What a scanner read at a till: goods, a customer's phone, or the cart on it; and what there is to say about goods."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

import biip
from biip.gs1_messages import GS1Message

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
from samband.kernel.goods import SKU, Line
from samband.kernel.refusal import NotFound

from . import cart_handover, delivery, find_customer
from .basket import STORE_ONLY
from .find_customer import Found
from .piece_price import Piece
from .sell_at_till import units_at
from .till_snapshot import CHANNEL, pieces

LONGEST = 500
_GTIN = re.compile(r"\d{8}|\d{12,14}")
_DIGITAL_LINK = re.compile(r"/01/(\d{8,14})(?:/|$)")
_PRODUCT = re.compile(r"/p/([a-z0-9-]+)/?$")
_TAKE_CART = re.compile(r"/cart/take/([^/?#]+)/?$")


class CodeUnknown(NotFound):
    """Nothing of ours has this code."""

    code = "code_unknown"


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
    return goods(_item(text), location)


def _cart(token: str) -> CartShown:
    return CartShown(token, len(carts.cart(cart_handover.cart_in(token)).lines))


def _item(text: str) -> Item:
    """The goods with this GTIN, SKU, GS1 element string, Digital Link, or page in the shop. Raises CodeUnknown."""
    if found := catalog.items([text]).get(text) if SKU.fullmatch(text) else None:
        return found
    for gtin in _gtins(text):
        try:
            return catalog.by_gtin(gtin)
        except NoSuchProduct:
            continue
    if item := _of_page(text):
        return item
    raise CodeUnknown()


def _gtins(text: str) -> Sequence[str]:
    if _GTIN.fullmatch(text):
        return [text]
    if link := _DIGITAL_LINK.search(urlsplit(text).path if "://" in text else ""):
        return [link[1]]
    return _of_gs1(text)


def _of_gs1(text: str) -> Sequence[str]:
    """The GTINs in a GS1 element string, as from a DataMatrix, or as it is written for people."""
    try:
        message = GS1Message.parse_hri(text) if text.startswith("(") else GS1Message.parse(text)
    except biip.ParseError:
        return []
    found = [message.element_strings.get(ai=ai) for ai in ("01", "02")]
    return [element.value for element in found if element]


def _of_page(text: str) -> Item | None:
    """The variant that a page of the shop shows: the one it names, else the first."""
    if "://" not in text:
        return None
    parts = urlsplit(text)
    page = _PRODUCT.search(parts.path)
    if not page:
        return None
    try:
        product = catalog.product(page[1], CHANNEL)
    except NoSuchProduct:
        return None
    skus = [variant.sku for variant in product.variants]
    named = [sku for sku in skus if f"sku={sku}" in unquote(parts.query)]
    return catalog.items(skus).get((named or skus)[0])


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
