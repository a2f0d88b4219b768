"""What a till sells: the list it carries along, and what was scanned or typed."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.http import HttpRequest

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import CategoryNode
from samband.commerce.inventory import queries as inventory
from samband.commerce.pricing import queries as pricing
from samband.flows import till_snapshot
from samband.flows.find_customer import Found
from samband.flows.goods_by_code import CodeUnknown
from samband.flows.scan_at_till import CartShown, Goods, scan
from samband.flows.till_snapshot import CHANNEL, Carried
from samband.kernel.clock import now
from samband.kernel.refusal import Invalid

from . import showing
from .door import Asked, Sent, needs

MOST_FOUND = 24


@needs(cashier=False)
def snapshot(asked: Asked) -> Sent:
    """The goods of this store's tills, or what changed of them after the version that the till has."""
    have = _whole(asked.request, "have")
    location = asked.device.location
    if (held := _held(asked.request)) and held == till_snapshot.version(location):
        return Sent(status=304, headers={"ETag": f'"{held}"', "Cache-Control": "private, no-cache"})
    made = till_snapshot.snapshot(location, have)
    market = pricing.markets()[inventory.location(location).market]
    said = {
        "version": made.version,
        "have": made.have,
        "full": made.full,
        "made_at": made.made_at,
        "valid_until": made.valid_until,
        "store": location,
        "market": market.code,
        "country": market.country,
        "currency": market.currency,
        "categories": [
            {"slug": node.slug, "names": node.names, "parent": node.parent} for node in _branches(catalog.tree())
        ],
        "items": [msgspec.Raw(body.encode()) for body in made.items],
        "gone": made.gone,
    }
    return Sent(said, headers={"ETag": f'"{made.version}"', "Cache-Control": "private, no-cache"})


def _whole(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "0")
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise Invalid("That is no version.", fields=[name])
    return int(text)


def _held(request: HttpRequest) -> int:
    tag = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
    return int(tag) if tag.isascii() and tag.isdecimal() and len(tag) <= 18 else 0


def _branches(nodes: tuple[CategoryNode, ...]) -> Iterator[CategoryNode]:
    for node in nodes:
        yield node
        yield from _branches(node.children)


@needs(cashier=False)
def lookup(asked: Asked) -> showing.Shown:
    """What was scanned: goods, a customer's phone, or the cart on it. Raises CodeUnknown, and what phones' codes do."""
    found = scan(asked.request.GET.get("code", ""), asked.device.location)
    match found:
        case Goods():
            return _goods(found, asked.device.location)
        case Found() if asked.found_cashier:
            return {"kind": "customer", "customer": showing.customer(found)}
        case CartShown() if asked.found_cashier:
            return {"kind": "cart", "token": found.token, "lines": found.lines}
    raise CodeUnknown()


def _goods(found: Goods, location: str) -> showing.Shown:
    piece = found.piece
    return {
        "kind": "product",
        "item": _carried(found, location),
        "price": {
            "unit": piece.unit,
            "regular": piece.regular,
            "lowest_30": piece.lowest_30,
            "reasons": [{"code": one.code, "params": one.params} for one in piece.reasons],
        }
        if piece
        else None,
        "here": {"location": location, "available": found.here},
        "around": [
            {
                "location": one.site.code,
                "names": one.site.names or {"en": one.site.name},
                "available": one.available,
                "distance_km": round(one.distance_km, 1) if one.distance_km is not None else None,
                "pickup": one.site.pickup,
            }
            for one in found.around
        ],
        "ship": {
            "possible": found.sending is not None,
            "from": found.sending.earliest if found.sending else None,
            "until": found.sending.latest if found.sending else None,
        },
        "siblings": [
            {"sku": one.item.sku, "labels": one.item.variant_labels, "available_here": one.available}
            for one in found.siblings
        ],
    }


def _carried(found: Goods, location: str) -> Carried | dict[str, Any]:
    """As in the list that is carried along; without a price what is not sold here."""
    if found.piece:
        return till_snapshot.carried_as(found.item, found.piece)
    item = found.item
    return {
        "sku": item.sku,
        "gtin": item.gtin,
        "names": item.names,
        "labels": item.variant_labels,
        "image": item.image,
        "category": item.category,
        "unit": None,
    }


@needs(cashier=False)
def search(asked: Asked) -> showing.Shown:
    """Goods of this till by a part of their name, SKU or GTIN."""
    text = asked.request.GET.get("q", "")[:200].strip()
    rows = catalog.console_products(text).rows if text else ()
    skus = [sku for row in rows if CHANNEL in row.channels for sku in row.skus][: MOST_FOUND * 2]
    at, items = now(), catalog.items(skus)
    sold = [sku for sku in skus if sku in items and items[sku].published(CHANNEL, at)]
    found = till_snapshot.carried(sold, asked.device.location, at) if sold else {}
    return {"items": [found[sku] for sku in sold if sku in found][:MOST_FOUND]}
