"""The first page: departments, what is reduced, and the stores."""

from dataclasses import dataclass

from django.http import HttpResponse

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.search import Ask, find_ids
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.flows.listing import Priced, priced, stock_of
from samband.kernel.clock import now
from samband.kernel.languages import pick

from .badges import badge
from .cards import cards, picture
from .editions import editions
from .keeping import Kept, Shelf
from .pages import for_everybody, page, remember_front
from .storefronts import CHANNEL, Storefront
from .visits import FRONT_COOKIE, Visit

MOST_OFFERS = 8
LOOKED_THROUGH = 400
AT_ONCE = 100

shelf = Shelf()


@dataclass(frozen=True, slots=True)
class Department:
    """A department as the first page shows it."""

    href: str
    name: str
    about: str
    image: str


@dataclass(frozen=True, slots=True)
class _Front:
    """What the first page is made of while catalog and prices stay as they are."""

    departments: tuple[Department, ...]
    offers: tuple[Priced, ...]


_fronts: dict[tuple[object, ...], _Front] = {}


def forget() -> None:
    """Make the first page anew."""
    _fronts.clear()
    shelf.forget()


@page()
def home(visit: Visit) -> HttpResponse:
    """One statement while catalog and prices stay as they are; none when it was asked for within the second."""
    key = (visit.front.code, visit.group, visit.asked_with)
    kept = shelf.true(key) or _look(visit, key)
    return _remembered(
        visit, kept.answer(visit.request) if visit.anonymous else kept.for_one(badge(visit.cart_count()))
    )


def _look(visit: Visit, key: tuple[object, ...]) -> Kept:
    """The page as it is true now, written only if it has to be."""
    front = visit.front
    edition, since = editions.current()
    made = _made(front, visit.group, edition)
    stock = stock_of(made.offers, front.market)
    # What a store says of its hours changes by the minute, so the minute is part of what is true.
    truth = (edition, stock, now().replace(second=0, microsecond=0))
    if kept := shelf.find(key, truth, since):
        return kept
    text = for_everybody(
        visit,
        "home.html",
        tiles=made.departments,
        offers=cards(made.offers, stock, front, edition, visit.group),
        stores=stores_near(front),
        canonical=front.at(),
    )
    return shelf.put(key, truth, text, since)


def _remembered(visit: Visit, response: HttpResponse) -> HttpResponse:
    if visit.request.COOKIES.get(FRONT_COOKIE) != visit.front.code:
        remember_front(response, visit.front)
    return response


def stores_near(front: Storefront) -> list[LocationView]:
    """The stores, those of the market's country first."""
    stores = [site for site in inventory.locations().values() if site.pickup]
    return sorted(stores, key=lambda site: (site.country != front.country, site.position))


def _made(front: Storefront, group: str | None, edition: tuple[int, str]) -> _Front:
    key = (front, group, edition)
    if (made := _fronts.get(key)) is None:
        if len(_fronts) > 200:
            _fronts.clear()
        departments = tuple(_departments(front, edition[0]))
        made = _fronts[key] = _Front(departments, _reduced(front, group, edition))
    return made


def _departments(front: Storefront, version: int) -> list[Department]:
    tiles = []
    for node in catalog.tree(version):
        found = find_ids(Ask(CHANNEL, front.market, front.language, category=node.slug), 1)
        shown = catalog.cards(found, CHANNEL) if found else []
        if shown:
            name, about = pick(node.names, front.language), pick(node.texts, front.language)
            tiles.append(Department(front.category(node.slug), name, about, picture(shown[0].image)))
    return tiles


def _reduced(front: Storefront, group: str | None, edition: tuple[int, str]) -> tuple[Priced, ...]:
    """What costs less than it regularly does, the most reduced first; looked for among the newest products."""
    reduced: list[Priced] = []
    found = find_ids(Ask(CHANNEL, front.market, front.language), LOOKED_THROUGH)
    for place in range(0, len(found), AT_ONCE):
        products = priced(found[place : place + AT_ONCE], CHANNEL, front.market, group, edition, now())
        reduced += [product for product in products if product.piece and product.piece.regular]
    return tuple(_one_of_each(sorted(reduced, key=_reduction, reverse=True))[:MOST_OFFERS])


def _reduction(product: Priced) -> float:
    piece = product.piece
    return 1 - piece.unit.amount / piece.regular.amount if piece and piece.regular else 0.0


def _one_of_each(products: list[Priced]) -> list[Priced]:
    """One of every category before a second of any, so that not everything on the page is a lamp."""
    turns: dict[str, int] = {}
    placed = []
    for product in products:
        turn = turns[product.card.category] = turns.get(product.card.category, 0) + 1
        placed.append((turn, product))
    return [product for _, product in sorted(placed, key=lambda one: one[0])]
