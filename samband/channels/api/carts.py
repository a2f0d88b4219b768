"""Carts over HTTP: filled in one request, told what changed, edited without losing anybody else's edit."""

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
from samband.commerce.pricing.quotes import WAYS
from samband.commerce.pricing.refusals import NotForSale
from samband.customers.accounts import queries as accounts
from samband.flows.basket import look_at
from samband.flows.check_out import NotYourCart
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .cart_answers import CHANNEL, answer, check_moved_once, expected_version, group_of, price_of, shown_now, theirs
from .operations import Door
from .refusals import BadPrecondition, CartMoved, WrongParameter
from .shapes import carts as shapes
from .shapes.words import MoneyGiven

Customer = Annotated[UUID | None, Query(description="Whose cart it must be, if it is anybody's.")]
Method = Annotated[shapes.Method | None, Query(description="Include what this way costs in the totals.")]

Place = Annotated[str, Query(max_length=100, description="A location, or a spot in it, where offers may hold.")]

EDITS = (NoSuchCart, CartClosed, CartFull, TooManyOfOne, OtherCurrency, NotForSale, NotYourCart, Invalid)
GUARDED = (*EDITS, CartEdited, CartMoved, BadPrecondition)

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
    refuses=(NoSuchMarket, NotFound, *EDITS),
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
    lines = (CartLineView(line.sku, line.quantity, seen[line.sku] or price_of(line, basket)) for line in basket.lines)
    opened = commands.open_filled(replace(blank, lines=tuple(lines)))
    return answer(replace(basket, cart=opened), status=201)


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


def _open_for_customer(ask: shapes.CartWish, customer_id: UUID) -> Answer:
    group = accounts.customer(customer_id).group
    with transaction.atomic():
        cart = commands.open_cart(ask.market, customer_id)
        fresh = cart.version == 0 and not cart.lines
        for line in ask.lines:
            commands.add(cart.id, line.sku, line.quantity, _money(line.seen))
        basket = shown_now(cart.id, group, ask.method, {line.sku for line in ask.lines})
    return answer(basket, status=201 if fresh else 200)


@door.get("/carts/{uuid:cart}", scope="carts:write", answers=shapes.Cart, refuses=(NoSuchCart, NotYourCart))
def get_cart(
    request: HttpRequest,
    cart: UUID,
    method: Method = None,
    way: Annotated[
        list[str],
        Query(max_length=200, description="`SKU:way` for goods that go another way than `method`. Repeatable."),
    ] = [],  # noqa: B006 - Ninja's way to say that none is fine
    place: Place = "",
    customer_id: Customer = None,
) -> Answer:
    """Read a cart as it stands now.

    With what changed since your shopper looked, what it costs and why, what became of its coupons, and every way to get
    it. For goods on several ways the totals are those of checking out in such `parts`. The first part of the ETag is
    the cart's version: send the ETag in If-Match with an edit that must not overwrite another.
    """
    found = theirs(carts.cart(cart), customer_id)
    seen = look_at(found, CHANNEL, group_of(found), method, ways=dict(_way(one) for one in way), place=place)
    return answer(seen, with_ways=True)


def _way(text: str) -> tuple[str, str]:
    sku, colon, way = text.rpartition(":")
    if not colon or not sku or way not in WAYS:
        raise WrongParameter(errors=[{"where": "query.way", "message": "A way is SKU:way."}])
    return sku, way


@door.put(
    "/carts/{uuid:cart}/lines/{path:sku}",
    scope="carts:write",
    asks=shapes.LineWish,
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=GUARDED,
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
    refuses=GUARDED,
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
    refuses=GUARDED,
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
    expected = expected_version(request)
    with transaction.atomic():
        before = theirs(carts.cart(cart), customer_id)
        after = commands.change_market(cart, ask.market)
        check_moved_once(expected, after.version, edits=int(after.market != before.market))
        basket = shown_now(cart, group_of(after), method, set())
    return answer(basket)


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
    theirs(carts.cart(cart), customer_id)
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
    expected = expected_version(request)
    with transaction.atomic():
        before = theirs(carts.cart(cart_id), customer_id)
        version, edits = before.version, 0
        for sku, quantity, seen in wished:
            if quantity or any(line.sku == sku for line in before.lines):
                edits += 1
            version = edit(cart_id, sku, quantity, seen).version  # type: ignore[operator]
        check_moved_once(expected, version, edits)
        basket = shown_now(cart_id, group_of(before), method, {sku for sku, quantity, _ in wished if quantity})
    return answer(basket)


def _money(given: MoneyGiven | None) -> Money | None:
    return Money(given.amount, given.currency) if given else None
