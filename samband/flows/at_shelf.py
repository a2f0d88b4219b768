"""What somebody before a shelf wants to know: what it is, what it costs here and why, how many there are, and where."""

from dataclasses import dataclass
from datetime import datetime

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.inventory.queries import LocationView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.quotes import Quote, QuoteLine
from samband.commerce.pricing.quoting import quote
from samband.kernel.geography import distance_km

from .shop_window import AtStore, Offer, ShopWindow, shop_window

CHANNEL = "kiosk"


@dataclass(frozen=True, slots=True)
class Around:
    """Another store, with what it has, and how far it is (None where one of the two knows no place)."""

    store: AtStore
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class AtShelf:
    """One SKU before somebody's eyes. `here` is None where the store has no counter of its own.

    `quote` is what one unit costs when it is taken along here, offers of this place included; None if it is not sold.
    """

    window: ShopWindow
    offer: Offer
    quote: Quote | None
    here: AtStore | None
    around: tuple[Around, ...]

    @property
    def at(self) -> datetime:
        return self.window.at


def at_shelf(
    sku: str, site: LocationView, place: str, group: str | None = None, segments: tuple[str, ...] = ()
) -> AtShelf:
    """The goods of a shelf or a label in a store. Six statements. Raises NoSuchProduct."""
    item = catalog.items([sku]).get(sku)
    if item is None:
        raise NoSuchProduct(sku=sku)
    window = shop_window(item.slug, CHANNEL, site.market, group)
    offer = window.offer(sku)
    others = (Around(one, _between(site, one.site)) for one in offer.stores if one.site.code != site.code)
    return AtShelf(
        window,
        offer,
        _taken_along(offer, window, site, place, group, segments),
        next((one for one in offer.stores if one.site.code == site.code), None),
        tuple(sorted(others, key=lambda one: (one.distance_km is None, one.distance_km or 0.0))),
    )


def _taken_along(
    offer: Offer, window: ShopWindow, site: LocationView, place: str, group: str | None, segments: tuple[str, ...]
) -> Quote | None:
    if offer.tag is None:
        return None
    page = window.page
    one = QuoteLine(offer.variant.sku, 1, page.vat_class, page.shipping_class, "carry", page.category)
    classes = {one.sku: (one.vat_class, one.shipping_class)}
    terms = pricing.terms(classes, site.market, CHANNEL, group, "carry", window.at, place=place, segments=segments)
    return quote([one], terms, "carry")


def _between(one: LocationView, other: LocationView) -> float | None:
    return distance_km(one.place, other.place) if one.place and other.place else None
