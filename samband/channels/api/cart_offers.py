"""Coupons of a cart, and a cart that goes from one device to another, over HTTP."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from samband.commerce.cart import commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import CartClosed, CartFull, NoSuchCart, TooManyCoupons
from samband.commerce.cart.refusals import NotYourCart as Theirs
from samband.commerce.cart.rules import CartView
from samband.customers.accounts import queries as accounts
from samband.flows import cart_handover
from samband.flows.basket import look_at
from samband.flows.cart_handover import HandoverRefused
from samband.flows.check_out import NotYourCart
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .cart_answers import CHANNEL, answer, check_moved_once, expected_version, group_of, shown_now, theirs
from .carts import Customer, Method, door
from .refusals import BadPrecondition, CartMoved
from .shapes import carts as shapes

_GUARDED = (NoSuchCart, CartClosed, TooManyCoupons, NotYourCart, Invalid, CartMoved, BadPrecondition)


@door.post(
    "/carts/{uuid:cart}/coupons",
    scope="carts:write",
    asks=shapes.CouponWish,
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=_GUARDED,
)
def enter_coupon(
    request: HttpRequest, cart: UUID, ask: shapes.CouponWish, method: Method = None, customer_id: Customer = None
) -> Answer:
    """Enter a coupon's code.

    The answer's `coupons` say what became of it; one that is of no use stays in the cart, for it may become so. It is
    spent by the order: until then nothing is taken of it.
    """
    return _edit(request, cart, customer_id, method, lambda: commands.enter_coupon(cart, ask.code))


@door.delete(
    "/carts/{uuid:cart}/coupons/{path:code}",
    scope="carts:write",
    answers=shapes.Cart,
    edits_cart=True,
    headers=("ETag",),
    refuses=_GUARDED,
)
def drop_coupon(
    request: HttpRequest, cart: UUID, code: str, method: Method = None, customer_id: Customer = None
) -> Answer:
    """Take a coupon's code out of the cart again."""
    return _edit(request, cart, customer_id, method, lambda: commands.drop_coupon(cart, code))


def _edit(
    request: HttpRequest, cart: UUID, customer_id: UUID | None, method: str | None, edit: Callable[[], CartView]
) -> Answer:
    expected = expected_version(request)
    with transaction.atomic():
        before = theirs(carts.cart(cart), customer_id)
        check_moved_once(expected, edit().version, edits=1)
        basket = shown_now(cart, group_of(before), method, set())
    return answer(basket)


@door.post(
    "/carts/{uuid:cart}/handover",
    scope="carts:write",
    answers=shapes.Handover,
    status=201,
    refuses=(NoSuchCart, CartClosed, NotYourCart),
)
def hand_cart_out(request: HttpRequest, cart: UUID, customer_id: Customer = None) -> shapes.Handover:
    """Have a code by which another device takes the cart over, for a day.

    Show the `link` as a QR code to a phone, or send the `token` to `takeCartOver`. It stays one cart, wherever it goes.
    """
    theirs(carts.cart(cart), customer_id)
    token, expires_at = cart_handover.hand_out(cart)
    return shapes.Handover(token=token, link=cart_handover.link_to(token), expires_at=expires_at)


@door.post(
    "/carts/take-over",
    scope="carts:write",
    asks=shapes.TakeOverWish,
    answers=shapes.Cart,
    headers=("ETag",),
    refuses=(HandoverRefused, NoSuchCart, CartClosed, CartFull, Theirs, NotFound),
)
def take_cart_over(request: HttpRequest, ask: shapes.TakeOverWish) -> Answer:
    """Take over the cart that a code was handed out for, wherever that has gone since.

    With a customer, a guest's cart becomes part of the one that they have open.
    """
    if ask.customer_id is not None:
        accounts.customer(ask.customer_id)
    found = cart_handover.take_over(ask.token, ask.customer_id)
    return answer(look_at(found, CHANNEL, group_of(found)))
