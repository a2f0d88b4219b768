"""What a till carries along so that it can sell without its line: the goods of its channel, as one piece costs now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import Item
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import queries as pricing
from samband.commerce.tills import queries as tills
from samband.commerce.tills import snapshots
from samband.kernel.clock import now

from . import piece_price
from .basket import STORE_ONLY
from .piece_price import Piece

CHANNEL = "pos"
LOOKED_AT_EVERY = timedelta(minutes=10)
"""How long prices may stand that only the hour changes, such as those of a happy hour."""

GOOD_FOR = timedelta(hours=24)
"""How long a till should go by it at most."""


class Carried(msgspec.Struct, kw_only=True):
    """One piece of goods as a till carries it along. Amounts are minor units of the market's currency, VAT included."""

    sku: str
    gtin: str | None
    names: Mapping[str, str]
    labels: Mapping[str, str]
    image: str | None
    category: str
    unit: int
    regular: int | None
    lowest_30: int | None
    vat_basis_points: int
    shipping_class: str
    store_only: bool
    promotions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The goods of a location's tills, or what changed of them after `have`: JSON of each, and SKUs that are gone."""

    location: str
    version: int
    have: int
    made_at: datetime
    valid_until: datetime | None
    items: Sequence[str]
    gone: Sequence[str]

    @property
    def full(self) -> bool:
        """Whether it is all of them."""
        return self.have == 0


def snapshot(location: str, have: int = 0) -> Snapshot:
    """What the tills of a location carry along; with a version they have, only what changed after it.

    Raises UnknownLocation.
    """
    _refresh(location)
    kept = tills.snapshot(location)
    assert kept is not None
    if not 0 <= have <= kept.version:
        have = 0
    items, gone = tills.snapshot_items(location, have)
    return Snapshot(location, kept.version, have, kept.made_at, kept.valid_until, items, gone if have else ())


def version(location: str) -> int:
    """The version that a till of the location would be given now. Raises UnknownLocation."""
    _refresh(location)
    kept = tills.snapshot(location)
    return kept.version if kept else 0


def _refresh(location: str) -> None:
    """Make it anew if anything that it was made of has changed."""
    site, at = inventory.location(location), now()
    turn = int(at.timestamp() // LOOKED_AT_EVERY.total_seconds())
    made_of = f"{catalog.version()}/{pricing.version(at)}/{site.market}/{turn}"
    kept = tills.snapshot(location)
    if kept is None or kept.made_of != made_of:
        items = carried(catalog.skus_on(CHANNEL, at), location, at)
        bodies = {sku: msgspec.json.encode(item, order="deterministic").decode() for sku, item in items.items()}
        snapshots.write(location, made_of, bodies, at + GOOD_FOR)


def carried(skus: Sequence[str], location: str, at: datetime) -> dict[str, Carried]:
    """These goods as a till of the location carries them; those that have no price there are left out."""
    items = catalog.items(skus)
    prices = pieces(items, location, at)
    return {sku: carried_as(items[sku], prices[sku]) for sku in skus if sku in prices}


def pieces(items: Mapping[str, Item], location: str, at: datetime) -> dict[str, Piece]:
    """What one piece of each costs at a till of the location at a moment. Goods without a price there have none."""
    market = inventory.location(location).market
    return piece_price.pieces(piece_price.kinds(items.values()), market, CHANNEL, None, at, place=location)


def carried_as(item: Item, piece: Piece) -> Carried:
    """Goods with their price, as a till carries them."""
    return Carried(
        sku=item.sku,
        gtin=item.gtin,
        names=item.names,
        labels=item.variant_labels,
        image=item.image,
        category=item.category,
        unit=piece.unit.amount,
        regular=piece.regular.amount if piece.regular else None,
        lowest_30=piece.lowest_30.amount if piece.lowest_30 else None,
        vat_basis_points=piece.tag.vat_basis_points,
        shipping_class=item.shipping_class,
        store_only=item.shipping_class == STORE_ONLY,
        promotions=piece.promotions,
    )
