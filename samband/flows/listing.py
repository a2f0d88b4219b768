"""A page of products as every channel lists them: what was found, what it costs, and whether it can be had now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.search import Ask, Listing, find
from samband.commerce.catalog.views import Card
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.refusals import UnknownMarket
from samband.commerce.pricing.tagging import PriceTag
from samband.kernel.clock import now

from .piece_price import Kind, Piece, pieces

MOST_KEPT = 10_000
"""Products remembered with their prices: some thirty megabytes."""
ANY_CLASS = "parcel"
"""A shipping class to ask by: what sending costs is not told in lists."""

Places = Callable[[Sequence[str]], Mapping[str, frozenset[str]]]
"""Tells in which locations each SKU can be had; one that is had nowhere may be left out."""

IN_STORE = "in_store"
TO_SEND = "to_send"
ELSEWHERE = "elsewhere"
SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True)
class Priced:
    """A product with the lowest price among its SKUs. `several` tells that others of them cost more."""

    card: Card
    piece: Piece | None
    several: bool

    @property
    def tag(self) -> PriceTag | None:
        """The price of one before offers take anything off it."""
        return self.piece.tag if self.piece else None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what was found. `stock` says for each product, in the same order, how it can be had.

    in_store: at a store of the market's country; to_send: from somewhere that sends; elsewhere: only at a store in
    another country; sold_out: nowhere. `edition` is equal for as long as catalog and prices stay as they are.
    """

    found: Listing
    products: tuple[Priced, ...]
    stock: tuple[str, ...]
    edition: tuple[int, str]


def listing(
    ask: Ask,
    group: str | None = None,
    at: datetime | None = None,
    *,
    edition: tuple[int, str] | None = None,
    places: Places | None = None,
) -> Listed:
    """What was found, priced, and where it can be had.

    Three statements when catalog and prices are as they were when these products were last listed, else five; two
    fewer for whoever has just looked up the edition, and one fewer for whoever knows in which `places` SKUs can be had.
    Raises BadAsk, UnknownMarket.
    """
    if ask.market not in pricing.markets():
        raise UnknownMarket(market=ask.market[:8])
    moment = at or now()
    found = find(ask, moment)
    if edition is None:
        edition = (catalog.version(), pricing.version(moment))
    products = priced(found.product_ids, ask.channel, ask.market, group, edition, moment)
    return Listed(found, products, stock_of(products, ask.market, ask.channel, places), edition)


_kept: dict[tuple[object, ...], Priced] = {}


def priced(
    product_ids: tuple[UUID, ...],
    channel: str,
    market: str,
    group: str | None,
    edition: tuple[int, str],
    at: datetime,
) -> tuple[Priced, ...]:
    """These products with their prices, each kept per process for as long as the edition stays.

    Two statements for those that are not, or none. Products withdrawn from the channel are left out.
    """
    under = (channel, market, group, edition)
    known = {one: _kept.get((one, under)) for one in product_ids}
    if missing := [one for one, found in known.items() if found is None]:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        cards = catalog.cards(missing, channel)
        goods = {sku: Kind(None, ANY_CLASS, card.category) for card in cards for sku in card.skus}
        prices = pieces(goods, market, channel, group, at) if cards else {}
        for card in cards:
            known[card.product_id] = _kept[(card.product_id, under)] = _priced(card, prices)
    return tuple(found for found in known.values() if found is not None)


def _priced(card: Card, prices: Mapping[str, Piece]) -> Priced:
    known = [prices[sku] for sku in card.skus if sku in prices]
    lowest = min(known, key=lambda piece: piece.unit.amount, default=None)
    return Priced(card, lowest, len({piece.unit.amount for piece in known}) > 1)


def stock_of(
    products: Iterable[Priced], market: str, channel: str = "", known_places: Places | None = None
) -> tuple[str, ...]:
    """How each product can be had in the market, on the channel, now. One statement, unless places are known."""
    return stock_of_skus(tuple(product.card.skus for product in products), market, channel, known_places)


def stock_of_skus(
    products: Sequence[Sequence[str]], market: str, channel: str = "", known_places: Places | None = None
) -> tuple[str, ...]:
    """The same of products of which only the SKUs are known."""
    skus = [sku for product in products for sku in product]
    look = known_places or (lambda asked: inventory.places(asked, channel))
    places = look(skus) if skus else {}
    country = pricing.markets()[market].country
    sites = inventory.locations().values()
    near = frozenset(site.code for site in sites if site.pickup and site.country == country)
    sends = frozenset(site.code for site in sites if site.ships)
    nowhere: frozenset[str] = frozenset()
    return tuple(
        _how(nowhere.union(*(places.get(sku, nowhere) for sku in product)), near, sends) for product in products
    )


def _how(places: frozenset[str], near: frozenset[str], sends: frozenset[str]) -> str:
    if places & near:
        return IN_STORE
    if places & sends:
        return TO_SEND
    return ELSEWHERE if places else SOLD_OUT
