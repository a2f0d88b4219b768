"""What machines read to find their way: sitemaps and robots.txt."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.search import Ask, find_ids
from samband.commerce.catalog.views import CategoryNode

from .pages import page
from .storefronts import CHANNEL, Storefront, all_of_them
from .visits import Visit

MOST_IN_A_MAP = 50_000
PLAIN = ("stores/", "delivery/", "returns/", "privacy/", "about/")

_kept: dict[tuple[str, int], bytes] = {}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"]
    own = ("cart/", "checkout/", "account/", "sign-in/", "order/", "pay/", "search/")
    lines += [f"Disallow: /*/{path}" for path in own]
    lines += [
        "Disallow: /pay/",
        "Disallow: /cart/",
        "Disallow: /console/",
        "Disallow: /api/",
        "",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{settings.STATIC_URL}shop/mark.svg")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A map for each storefront."""
    maps = "".join(
        f"<sitemap><loc>{settings.SITE_URL}{front.at('sitemap.xml')}</loc></sitemap>" for front in all_of_them()
    )
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode())


@page()
def sitemap(visit: Visit) -> HttpResponse:
    """Every page of a storefront that may be found; written anew when the catalog changes."""
    key = (visit.front.code, catalog.version())
    if key not in _kept:
        for old in [known for known in _kept if known[0] == key[0]]:
            _kept.pop(old, None)
        _kept[key] = _map(visit.front, key[1])
    return _xml(_kept[key])


def forget() -> None:
    _kept.clear()


def _map(front: Storefront, version: int) -> bytes:
    addresses = [front.at(), *(front.at(path) for path in PLAIN)]
    addresses += [front.category(node.slug) for node in _all(catalog.tree(version))]
    addresses += _products(front)
    urls = "".join(f"<url><loc>{escape(settings.SITE_URL + one)}</loc></url>" for one in addresses[:MOST_IN_A_MAP])
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()


def _all(nodes: tuple[CategoryNode, ...]) -> Iterator[CategoryNode]:
    for node in nodes:
        yield node
        yield from _all(node.children)


def _products(front: Storefront) -> Iterator[str]:
    found = find_ids(Ask(CHANNEL, front.market, front.language), MOST_IN_A_MAP)
    return map(front.product, catalog.slugs(found))


def _xml(body: bytes) -> HttpResponse:
    return HttpResponse(b'<?xml version="1.0" encoding="UTF-8"?>' + body, content_type="application/xml")
