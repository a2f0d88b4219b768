"""What every operation on a cart shares: whose it is, which version was seen, and how it is told."""

import re
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from samband.commerce.cart import commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.rules import CartLineView, CartView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.refusals import NotForSale
from samband.customers.accounts import queries as accounts
from samband.flows.basket import Basket, BasketLine, Way, look_at
from samband.flows.check_out import NotYourCart
from samband.kernel.money import Money

from .answers import Answer
from .refusals import BadPrecondition, CartMoved
from .shapes import carts as shapes
from .shapes.words import shown

CHANNEL = "api"


def shown_now(cart_id: UUID, group: str | None, method: str | None, put_in: set[str]) -> Basket:
    """The cart as it stands; the answer tells today's prices, so those never shown before are noted as seen.

    Raises NotForSale for what was put in and cannot be bought.
    """
    basket = look_at(carts.cart(cart_id), CHANNEL, group, method)
    for line in basket.lines:
        if line.sku in put_in:
            price_of(line, basket)
    news = {line.sku: tag.unit for line, kept in zip(basket.lines, basket.cart.lines, strict=True)
            if (tag := line.tag) and kept.seen is None}  # fmt: skip
    if news and basket.cart.state == "open":
        commands.note_seen(cart_id, news)
        lines = tuple(replace(line, seen=line.seen or news.get(line.sku)) for line in basket.cart.lines)
        basket = replace(basket, cart=replace(basket.cart, lines=lines))
    return basket


def theirs(cart: CartView, customer_id: UUID | None) -> CartView:
    """The cart, unless it is somebody else's than was named."""
    if customer_id is not None and cart.customer_id not in (None, customer_id):
        raise NotYourCart()
    return cart


def group_of(cart: CartView) -> str | None:
    """The customer group that the cart's customer is in, if it has one."""
    return accounts.customer(cart.customer_id).group if cart.customer_id else None


def price_of(line: BasketLine, basket: Basket) -> Money:
    """What one costs. Raises NotForSale."""
    if line.tag is None:
        raise NotForSale(sku=line.sku, market=basket.cart.market)
    return line.tag.unit


# --- If-Match

_TAG = re.compile(r'(?:W/)?"(\d{1,18})(?:-[0-9a-f]*)?"')


def expected_version(request: HttpRequest) -> int | None:
    """The version of the cart that the asker has seen, by If-Match. Raises BadPrecondition."""
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if given in ("", "*"):
        return None
    tag = _TAG.fullmatch(given)
    if tag is None:
        raise BadPrecondition()
    return int(tag[1])


def check_moved_once(expected: int | None, version: int, edits: int) -> None:
    """Each edit moves the version by one, under the lock on the cart: more means that somebody else was there too."""
    if expected is not None and version != expected + edits:
        raise CartMoved(version=version - edits)


# --- the answer


def answer(basket: Basket, *, status: int = 200, with_ways: bool = False) -> Answer:
    """The cart as it stands, with its version in the ETag."""
    cart, quote = basket.cart, basket.quote
    told = {
        "id": cart.id,
        "customer_id": cart.customer_id,
        "market": cart.market,
        "currency": cart.currency,
        "state": cart.state,
        "version": cart.version,
        "lines": [_line(line, kept) for line, kept in zip(basket.lines, cart.lines, strict=True)],
        "changes": basket.changes,
        "quote": quote,
        "seen_total": quote and quote.total,
        "coupons": quote.coupons if quote else basket.terms.coupons,
    }
    if with_ways:
        told["ways"] = [_way(way) for way in basket.ways()] if pricing.markets().get(cart.market) else []
    return Answer(shown(told, shapes.Cart), status=status, mark=str(cart.version))


def _line(line: BasketLine, kept: CartLineView) -> dict[str, object]:
    item = line.item
    return {
        "sku": line.sku,
        "quantity": line.quantity,
        "seen": kept.seen,
        "unit": line.tag and line.tag.unit,
        "available": line.available,
        "product_id": item and item.product_id,
        "slug": item and item.slug,
        "names": item.names if item else {},
        "labels": item.variant_labels if item else {},
        "image": item and item.image,
    }


def _way(way: Way) -> dict[str, object]:
    return {
        "kind": way.kind,
        "location": way.location and way.location.code,
        "possible": way.possible,
        "short": way.short,
        "promise": way.promise,
    }
