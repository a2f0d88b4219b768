"""Ordering from a table or a seat: what can be had there, what the staff has to bring, and that it was brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.search import Ask
from samband.commerce.catalog.views import CategoryNode, Item
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.fulfillment.queries import FulfillmentView
from samband.commerce.inventory import commands as stock
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.refusals import NotForSale
from samband.commerce.pricing.tagging import PriceTag
from samband.commerce.spots import queries as spots
from samband.events.fulfillment import GoodsHandedOver, PickingStarted, ServingReady
from samband.kernel.clock import now

from .by_phone import CHANNEL
from .finish_order import check_paid, positions_of
from .listing import listing

SERVED_CATEGORY = "bakery"
"""What is served where a spot does not say it."""

LONGEST_MENU = 96
STAYS_ON_BOARD = timedelta(minutes=3)
"""How long what was served stays on the board, so that a slip of the finger can be seen."""


@dataclass(frozen=True, slots=True)
class Dish:
    """Something on the menu: one SKU with its price, and whether there is any left."""

    item: Item
    tag: PriceTag
    available: int


@dataclass(frozen=True, slots=True)
class Course:
    """Dishes of one kind."""

    node: CategoryNode
    dishes: tuple[Dish, ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """An order on the board: for which place, what is in it, and how far it is."""

    fulfillment: FulfillmentView
    place_name: str
    lines: tuple[tuple[int, Item | None, str], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """What a store has to serve, the longest waiting first, and what was served a moment ago."""

    at: datetime
    servings: tuple[Serving, ...]
    served: tuple[Serving, ...]


def menu(site: LocationView, category: str, language: str, group: str | None = None) -> tuple[Course, ...]:
    """What can be ordered at a spot of this store, by kind. Seven statements. Raises NoSuchCategory."""
    slug = category or SERVED_CATEGORY
    ask = Ask(channel=CHANNEL, market=site.market, language=language, category=slug, sort="name", per_page=LONGEST_MENU)
    found = listing(ask, group)
    skus = [sku for one in found.products for sku in one.card.skus]
    items = catalog.items(skus)
    tags = pricing.tags({sku: item.vat_class for sku, item in items.items()}, site.market, CHANNEL, group)
    levels = inventory.available(skus, CHANNEL)
    here = {sku: next((one.available for one in at if one.location == site.code), 0) for sku, at in levels.items()}
    dishes = [Dish(items[sku], tags[sku], here.get(sku, 0)) for sku in skus if sku in items and sku in tags]
    node, _ = catalog.category(slug, found.edition[0])
    return tuple(_courses(node, dishes))


def dish_of(site: LocationView, item: Item, group: str | None = None) -> Dish:
    """One dish as it stands now. Raises NotForSale."""
    tag = pricing.tags({item.sku: item.vat_class}, site.market, CHANNEL, group).get(item.sku)
    if tag is None:
        raise NotForSale(sku=item.sku)
    levels = inventory.available([item.sku], CHANNEL)[item.sku]
    return Dish(item, tag, next((one.available for one in levels if one.location == site.code), 0))


def _courses(node: CategoryNode, dishes: Sequence[Dish]) -> list[Course]:
    """By the categories below, each with everything that hangs in it; what hangs in the category itself comes last."""
    courses = [Course(child, _of(child, dishes)) for child in node.children]
    own = tuple(dish for dish in dishes if dish.item.category == node.slug)
    return [course for course in (*courses, Course(node, own)) if course.dishes]


def _of(node: CategoryNode, dishes: Sequence[Dish]) -> tuple[Dish, ...]:
    inside = _slugs(node)
    return tuple(dish for dish in dishes if dish.item.category in inside)


def _slugs(node: CategoryNode) -> frozenset[str]:
    return frozenset({node.slug}).union(*(_slugs(child) for child in node.children))


# --- the staff


def board(location: str) -> Board:
    """What is to be made and brought in a store now. Four statements."""
    at = now()
    waiting = fulfillments.servings(location)
    served = fulfillments.served_since(location, at - STAYS_ON_BOARD)
    names = {one.place.partition("/")[2]: one.name for one in spots.spots(location)}
    items = catalog.items(sorted({line.sku for one in (*waiting, *served) for line in one.lines}))
    return Board(
        at,
        tuple(_serving(one, names, items) for one in waiting),
        tuple(_serving(one, names, items) for one in served),
    )


def _serving(one: FulfillmentView, names: Mapping[str, str], items: Mapping[str, Item]) -> Serving:
    lines = tuple((line.quantity, items.get(line.sku), line.sku) for line in one.lines)
    return Serving(one, names.get(one.place, one.place), lines)


def begin(fulfillment_id: UUID, *, key: str) -> PickingStarted:
    """Somebody makes it. Raises UnknownFulfillment, NotPermitted, NothingIsPaid, KeyReused."""
    check_paid(fulfillments.fulfillment(fulfillment_id), "requested")
    begun: PickingStarted = fulfillment.start_picking(fulfillment_id, key=key)
    return begun


@transaction.atomic
def ready(fulfillment_id: UUID, *, key: str) -> ServingReady:
    """All of it stands there and can be brought. Raises UnknownFulfillment, NotPermitted, KeyReused."""
    view = fulfillments.fulfillment(fulfillment_id)
    if view.state == "picking":
        for line in view.lines:
            fulfillment.pick(fulfillment_id, line.sku, line.quantity)
    done: ServingReady = fulfillment.ready_to_serve(fulfillment_id, key=key)
    return done


@transaction.atomic
def served(fulfillment_id: UUID, *, key: str) -> GoodsHandedOver:
    """It was brought. Raises UnknownFulfillment, NotPermitted, NothingIsPaid, KeyReused."""
    view = fulfillments.fulfillment(fulfillment_id)
    check_paid(view, "ready")
    handed: GoodsHandedOver = fulfillment.hand_over(fulfillment_id, key=key)
    stock.issue(view.order_id, positions_of(view), key=f"hand-over-{fulfillment_id}")
    return handed
