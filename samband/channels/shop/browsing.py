"""Departments and search: the same page of products, narrowed by facets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.search import Facet, standing
from samband.flows.listing import Listed, listing, stock_of_skus
from samband.kernel.money import Money

from .asked import FILTER, PER_PAGE, Asked, major, read
from .badges import badge
from .cards import cards
from .editions import editions
from .keeping import Kept, Shelf
from .pages import NoSuchPage, for_everybody, page
from .stocks import stocks
from .storefronts import CHANNEL, Storefront, named
from .visits import Visit, asked_with
from .wording import Words

PAGES_BESIDE = 2
OPEN_FACETS = 4
LONG_FACET = 8

shelf = Shelf()


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that was chosen, and the address without it."""

    said: str
    href: str


@page()
def category(visit: Visit, slug: str) -> HttpResponse:
    """A department with its products. Raises NoSuchCategory, BadAsk."""
    return _kept(visit, slug)


@page()
def search(visit: Visit) -> HttpResponse:
    """What was found for some words."""
    return _kept(visit, None)


def _kept(visit: Visit, slug: str | None) -> HttpResponse:
    """No statement, or one for goods that nobody looked at just before.

    In which edition catalog and prices are, and the stock of what is looked at, is asked a few times a second for all
    pages together; a visitor's own badge is asked for besides.
    """
    key = (visit.request.get_full_path(), visit.by_htmx, visit.group, visit.asked_with)
    kept = shelf.true(key) or _look(visit, slug, key)
    response = (
        kept.answer(visit.request) if visit.anonymous or visit.by_htmx else kept.for_one(badge(visit.cart_count()))
    )
    if visit.by_htmx:
        response.headers["HX-Push-Url"] = kept.address
    return response


def _look(visit: Visit, slug: str | None, key: tuple[object, ...]) -> Kept:
    """The page as it is true now, written only if it has to be."""
    asked = read(visit.request.GET, visit.front, searching=slug is None)
    stood = standing(CHANNEL)
    edition, since = editions.current()
    listed = listing(asked.ask(visit.front, slug), visit.group, edition=edition, places=stocks.places)
    truth, since = (edition, listed.found, listed.stock), min(since, stocks.looked_at)
    skus = tuple(product.card.skus for product in listed.products)
    look = _Still(visit.front, visit.undecided, visit.asked_with, edition, stood, skus, listed.stock)
    if kept := shelf.find(key, truth, since, look):
        return kept
    template = "browse_results.html" if visit.by_htmx else "browse.html"
    context = _context(visit, asked, slug, listed)
    address = context["here"] + asked.query(visit.front.currency)
    return shelf.put(key, truth, for_everybody(visit, template, **context), since, address, look)


@dataclass(frozen=True, slots=True)
class _Still:
    """Whether a page still says what is true: without reading the question again, or asking the index."""

    front: Storefront
    undecided: bool
    asked_with: tuple[str, ...]
    edition: tuple[int, str]
    stood: tuple[object, ...]
    skus: tuple[tuple[str, ...], ...]
    stock: tuple[str, ...]

    def __call__(self) -> float | None:
        edition, since = editions.current()
        if edition != self.edition or standing(CHANNEL) != self.stood or named(self.front.code) is None:
            return None
        if asked_with(self.front.language, self.undecided) != self.asked_with:
            return None
        if stock_of_skus(self.skus, self.front.market, CHANNEL, stocks.places) != self.stock:
            return None
        return min(since, stocks.looked_at)


def _context(visit: Visit, asked: Asked, slug: str | None, listed: Listed) -> dict[str, Any]:
    front, found = visit.front, listed.found
    if asked.page > 1 and not listed.products:
        raise NoSuchPage()
    here = front.category(slug) if slug else front.at("search/")
    node, steps = catalog.category(slug, listed.edition[0]) if slug else (None, ())
    words = Words(front.language)
    return {
        "asked": asked,
        "filters": [{"type": code, "value": value} for code, value in asked.chosen],
        "node": node,
        "steps": steps[:-1],
        "title": words.text(node.names) if node else _title(asked),
        "about": words.text(node.texts) if node else "",
        "below": node.children if node else (),
        "here": here,
        "cards": cards(listed.products, listed.stock, front, listed.edition, visit.group),
        "total": found.total,
        "first": (asked.page - 1) * PER_PAGE + 1,
        "facets": sorted(found.facets, key=_telling),
        "open_facets": OPEN_FACETS,
        "long_facet": LONG_FACET,
        "facet_param": FILTER,
        "prices": found.price_range,
        "major": lambda minor: major(minor, front.currency),
        "chips": list(_chips(asked, found.facets, here, words, front.currency)),
        "clear": here + asked.without_any().query(front.currency),
        "pages": list(_pages(asked, found.total, here, front.currency)),
        "previous": here + asked.on(asked.page - 1).query(front.currency) if asked.page > 1 else "",
        "next": here + asked.on(asked.page + 1).query(front.currency) if asked.page * PER_PAGE < found.total else "",
        "better": found.did_you_mean,
        "better_href": here + asked.worded(found.did_you_mean).query(front.currency) if found.did_you_mean else "",
        "sorts": _sorts(searching=slug is None, priced=found.price_range is not None),
        "canonical": front.at(here.removeprefix(f"/{front.code}/")) + (f"?page={asked.page}" if asked.page > 1 else ""),
        "unindexed": slug is None or asked.narrowed or asked.sort != "relevance",
    }


def _telling(facet: Facet) -> tuple[bool, int]:
    """What most of the products found have comes first, and what can only be yes or no last."""
    return facet.kind == "flag", -sum(value.count for value in facet.values)


def _title(asked: Asked) -> str:
    return _("Results for “%(text)s”") % {"text": asked.text} if asked.text else _("Everything we sell")


def _sorts(*, searching: bool, priced: bool) -> list[tuple[str, str]]:
    sorts = [("relevance", _("Best match") if searching else _("Newest first"))]
    if searching:
        sorts.append(("newest", _("Newest first")))
    if priced:
        sorts += [("price", _("Lowest price first")), ("price_desc", _("Highest price first"))]
    return [*sorts, ("name", _("By name"))]


def _chips(asked: Asked, facets: tuple[Facet, ...], here: str, words: Words, currency: str) -> Iterator[Chip]:
    labels = {(facet.code, value.value): f"{facet.name}: {value.label}" for facet in facets for value in facet.values}
    for code, value in asked.chosen:
        yield Chip(labels.get((code, value), value), here + asked.without(code, value).query(currency))
    if asked.low is not None or asked.high is not None:
        yield Chip(_price_said(asked, words, currency), here + asked.without_price().query(currency))


def _price_said(asked: Asked, words: Words, currency: str) -> str:
    low = words.money(Money(asked.low, currency)) if asked.low is not None else ""
    high = words.money(Money(asked.high, currency)) if asked.high is not None else ""
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("from %(low)s") % {"low": low} if low else _("up to %(high)s") % {"high": high}


def _pages(asked: Asked, total: int, here: str, currency: str) -> Iterator[tuple[int, str]]:
    """Numbers and addresses of the first page, the last and those around this one; 0 stands for a gap."""
    last = max(1, -(-total // PER_PAGE))
    shown = {1, last, *range(max(1, asked.page - PAGES_BESIDE), min(last, asked.page + PAGES_BESIDE) + 1)}
    before = 0
    for number in sorted(shown):
        if number > before + 1:
            yield 0, ""
        yield number, here + asked.on(number).query(currency)
        before = number
