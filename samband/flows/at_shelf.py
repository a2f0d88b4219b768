"""What somebody before a shelf wants to know: what it is, what it costs here and why, how many there are, and where."""

from dataclasses import dataclass
from datetime import datetime

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.attributes import Texts
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.commerce.inventory.queries import LocationView
from samband.commerce.pricing.live import live
from samband.kernel.geography import distance_km
from samband.kernel.money import Money

from .piece_price import Piece
from .shop_window import AtStore, Offer, ShopWindow, shop_window

CHANNEL = "kiosk"


@dataclass(frozen=True, slots=True)
class Around:
    """Another store, with what it has, and how far it is (None where one of the two knows no place)."""

    store: AtStore
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class Reduction:
    """An offer that takes something off one piece. `is_local`: it holds in this place and not everywhere."""

    names: Texts
    amount: Money
    is_local: bool


@dataclass(frozen=True, slots=True)
class AtShelf:
    """One SKU before somebody's eyes, with the offers of the place. `here` is None where the store has no counter."""

    window: ShopWindow
    offer: Offer
    reductions: tuple[Reduction, ...]
    here: AtStore | None
    around: tuple[Around, ...]

    @property
    def at(self) -> datetime:
        return self.window.at


def at_shelf(
    sku: str, site: LocationView, place: str, group: str | None = None, segments: tuple[str, ...] = ()
) -> AtShelf:
    """The goods of a shelf or a label in a store. Five statements. Raises NoSuchProduct."""
    item = catalog.items([sku]).get(sku)
    if item is None:
        raise NoSuchProduct(sku=sku)
    window = shop_window(item.slug, CHANNEL, site.market, group, place=place, segments=segments)
    offer = window.offer(sku)
    others = (Around(one, _between(site, one.site)) for one in offer.stores if one.site.code != site.code)
    return AtShelf(
        window,
        offer,
        _reductions(offer.piece) if offer.piece else (),
        next((one for one in offer.stores if one.site.code == site.code), None),
        tuple(sorted(others, key=lambda one: (one.distance_km is None, one.distance_km or 0.0))),
    )


def _reductions(piece: Piece) -> tuple[Reduction, ...]:
    if piece.line is None:
        return ()
    known = live(None).by_code
    return tuple(
        Reduction(known[one.promotion].names, one.amount, bool(known[one.promotion].places))
        for one in piece.line.discounts
        if one.promotion in known
    )


def _between(one: LocationView, other: LocationView) -> float | None:
    return distance_km(one.place, other.place) if one.place and other.place else None
