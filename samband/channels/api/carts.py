"""Carts over HTTP: filled in one request, told what changed, edited without losing anybody else's edit."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Query

from samband.commerce.cart import commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import (
    CartClosed,
    CartEdited,
    CartFull,
    NoSuchCart,
    NoSuchMarket,
    OtherCurrency,
    TooManyOfOne,
)
from samband.commerce.cart.rules import CartLineView, CartView
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.refusals import NotForSale
from samband.customers.accounts import queries as accounts
from samband.flows.basket import Basket, BasketLine, Way, look_at
from samband.flows.check_out import NotYourCart
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .operations import Door
from .refusals import BadPrecondition, CartMoved
from .shapes import carts as shapes
from .shapes.words import MoneyGiven, shown

CHANNEL = "api"

Customer = Annotated[UUID | None, Query(description="Whose cart it must be, if it is anybody's.")]
Method = Annotated[shapes.Method | None, Query(description="Include what this way costs in the totals.")]

_EDITS = (NoSuchCart, CartClosed, CartFull, TooManyOfOne, OtherCurrency, NotForSale, NotYourCart, Invalid)
_GUARDED = (*_EDITS, CartEdited, CartMoved, BadPrecondition)

door = Door(
    "Carts",
    "What somebody is going to buy. Every answer tells the cart as it stands now: prices, stock, and what changed.",
)


@door.post(
    "/carts",
    scope="carts:write",
    asks=shapes.CartWish,
    answers=shapes.Cart,
    status=201,
    others={200: shapes.Cart},
    headers=("ETag",),
    refuses=(NoSuchMarket, NotFound, *_EDITS),
)
def open_cart(request: HttpRequest, ask: shapes.CartWish) -> Answer:
    """Open a cart and put everything into it, in one request.

    A customer has one open cart on all channels: it is answered with 200, with what was in it already. The answer's
    `seen_total` is what checking out costs; ask with the `method` to have shipping in it.
    """
    if ask.customer_id is not None:
        return _open_for_customer(ask, ask.customer_id)
    blank = commands.blank(ask.market)
    basket = look_at(replace(blank, lines=_wished(ask.lines, blank)), CHANNEL, None, ask.method)
    seen = {line.sku: line.seen for line in basket.cart.lines}
    lines = (CartLineView(line.sku, line.quantity, seen[line.sku] or _price(line, basket)) for line in basket.lines)
    opened = commands.open_filled(replace(blank, lines=tuple(lines)))
    return _answer(replace(basket, cart=opened), status=201)


def _wished(lines: Sequence[shapes.CartLineGiven], cart: CartView) -> tuple[CartLineView, ...]:
    """The lines as they will be in the cart: the same goods are one line. Raises OtherCurrency."""
    gathered: dict[str, CartLineView] = {}
    for line in lines:
        seen = _money(line.seen)
        if seen and seen.currency != cart.currency:
            raise OtherCurrency(seen=seen.currency, currency=cart.currency)
        before = gathered.get(line.sku)
        had = before.quantity if before else 0
        gathered[line.sku] = CartLineView(line.sku, had + line.quantity, seen or (before.seen if before else None))
    return tuple(gathered.values())


def _price(line: BasketLine, basket: Basket) -> Money:
    if line.tag is None:
        raise NotForSale(sku=line.sku, market=basket.cart.market)
    return line.tag.unit


def _open_for_customer(ask: shapes.CartWish, customer_id: UUID) -> Answer:
    group = accounts.customer(customer_id).group
    with transaction.atomic():
        cart = commands.open_cart(ask.market, customer_id)
        fresh = cart.version == 0 and not cart.lines
        for line in ask.lines:
            commands.add(cart.id, line.sku, line.quantity, _money(line.seen))
        basket = _shown_now(cart.id, group, ask.method, {line.sku for line in ask.lines})
    return _answer(basket, status=201 if fresh else 200)


@door.get("/carts/{uuid:cart}", scope="carts:write", answers=shapes.Cart, refuses=(NoSuchCart, NotYourCart))
def get_cart(request: HttpRequest, cart: UUID, method: Method = None, customer_id: Customer = None) -> Answer:
    """Read a cart as it stands now.

    With what changed since your shopper looked, what it costs and why, and every way to get it. The first part of the
    ETag is the cart's version: send the ETag in If-Match with an edit that must not overwrite another.
    """
    found = _theirs(carts.cart(cart), customer_id)
    return _answer(look_at(found, CHANNEL, _group(found), method), with_ways=True)


@door.put(
    "/carts/{uuid:cart}/lines/{path:sku}",
    scope="carts:write",
    asks=shapes.LineWish,
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=_GUARDED,
)
def put_line(
    request: HttpRequest,
    cart: UUID,
    sku: str,
    ask: shapes.LineWish,
    method: Method = None,
    customer_id: Customer = None,
) -> Answer:
    """Have exactly so many of a SKU in the cart."""
    return _edit(request, cart, customer_id, method, [(sku, ask.quantity, _money(ask.seen))], commands.put)


@door.delete(
    "/carts/{uuid:cart}/lines/{path:sku}",
    scope="carts:write",
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=_GUARDED,
)
def remove_line(
    request: HttpRequest, cart: UUID, sku: str, method: Method = None, customer_id: Customer = None
) -> Answer:
    """Take a SKU out of the cart."""
    return _edit(request, cart, customer_id, method, [(sku, 0, None)], commands.put)


@door.post(
    "/carts/{uuid:cart}/lines",
    scope="carts:write",
    asks=shapes.LinesWish,
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=_GUARDED,
)
def add_lines(
    request: HttpRequest, cart: UUID, ask: shapes.LinesWish, method: Method = None, customer_id: Customer = None
) -> Answer:
    """Have so many more in the cart: all of them, or none."""
    wished = [(line.sku, line.quantity, _money(line.seen)) for line in ask.lines]
    return _edit(request, cart, customer_id, method, wished, commands.add)


@door.put(
    "/carts/{uuid:cart}/market",
    scope="carts:write",
    asks=shapes.MarketWish,
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=(NoSuchCart, NoSuchMarket, CartClosed, NotYourCart, CartMoved, BadPrecondition),
)
def change_market(
    request: HttpRequest, cart: UUID, ask: shapes.MarketWish, method: Method = None, customer_id: Customer = None
) -> Answer:
    """Shop on in another market, in its currency.

    Prices that were seen in the old one are forgotten: they are no promise in the new.
    """
    expected = _expected(request)
    with transaction.atomic():
        before = _theirs(carts.cart(cart), customer_id)
        after = commands.change_market(cart, ask.market)
        _check_moved_once(expected, after.version, edits=int(after.market != before.market))
        basket = _shown_now(cart, _group(after), method, set())
    return _answer(basket)


@door.put(
    "/carts/{uuid:cart}/seen",
    scope="carts:write",
    asks=shapes.SeenWish,
    status=204,
    refuses=(NoSuchCart, CartClosed, OtherCurrency, NotYourCart, Invalid),
)
def note_seen(request: HttpRequest, cart: UUID, ask: shapes.SeenWish, customer_id: Customer = None) -> None:
    """Note the prices that your shopper has now been shown.

    From then on changes are told against these. It is no edit: the version stays.
    """
    _theirs(carts.cart(cart), customer_id)
    commands.note_seen(cart, {sku: Money(price.amount, price.currency) for sku, price in ask.prices.items()})


def _edit(
    request: HttpRequest,
    cart_id: UUID,
    customer_id: UUID | None,
    method: str | None,
    wished: Sequence[tuple[str, int, Money | None]],
    edit: object,
) -> Answer:
    """Edit, and tell how the cart stands after it; an edit that may not be is taken back with everything around it."""
    expected = _expected(request)
    with transaction.atomic():
        before = _theirs(carts.cart(cart_id), customer_id)
        version, edits = before.version, 0
        for sku, quantity, seen in wished:
            if quantity or any(line.sku == sku for line in before.lines):
                edits += 1
            version = edit(cart_id, sku, quantity, seen).version  # type: ignore[operator]
        _check_moved_once(expected, version, edits)
        basket = _shown_now(cart_id, _group(before), method, {sku for sku, quantity, _ in wished if quantity})
    return _answer(basket)


def _shown_now(cart_id: UUID, group: str | None, method: str | None, put_in: set[str]) -> Basket:
    """The cart as it stands; the answer tells today's prices, so those never shown before are noted as seen.

    Raises NotForSale for what was put in and cannot be bought.
    """
    basket = look_at(carts.cart(cart_id), CHANNEL, group, method)
    for line in basket.lines:
        if line.sku in put_in:
            _price(line, basket)
    news = {line.sku: tag.unit for line, kept in zip(basket.lines, basket.cart.lines, strict=True)
            if (tag := line.tag) and kept.seen is None}  # fmt: skip
    if news and basket.cart.state == "open":
        commands.note_seen(cart_id, news)
        lines = tuple(replace(line, seen=line.seen or news.get(line.sku)) for line in basket.cart.lines)
        basket = replace(basket, cart=replace(basket.cart, lines=lines))
    return basket


def _theirs(cart: CartView, customer_id: UUID | None) -> CartView:
    """The cart, unless it is somebody else's than was named."""
    if customer_id is not None and cart.customer_id not in (None, customer_id):
        raise NotYourCart()
    return cart


def _group(cart: CartView) -> str | None:
    return accounts.customer(cart.customer_id).group if cart.customer_id else None


def _money(given: MoneyGiven | None) -> Money | None:
    return Money(given.amount, given.currency) if given else None


# --- If-Match

_TAG = re.compile(r'(?:W/)?"(\d{1,18})(?:-[0-9a-f]*)?"')


def expected_version(request: HttpRequest) -> int | None:
    """The version of the cart that the asker has seen, by If-Match. Raises BadPrecondition."""
    return _expected(request)


def _expected(request: HttpRequest) -> int | None:
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if given in ("", "*"):
        return None
    tag = _TAG.fullmatch(given)
    if tag is None:
        raise BadPrecondition()
    return int(tag[1])


def _check_moved_once(expected: int | None, version: int, edits: int) -> None:
    """Each edit moves the version by one, under the lock on the cart: more means that somebody else was there too."""
    if expected is not None and version != expected + edits:
        raise CartMoved(version=version - edits)


# --- the answer


def _answer(basket: Basket, *, status: int = 200, with_ways: bool = False) -> Answer:
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
