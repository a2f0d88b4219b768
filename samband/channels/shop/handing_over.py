"""A cart goes from one device to another: from here to a till, from a till to here."""

from django.http import HttpResponse

from samband.commerce.cart import commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import CartClosed, NoSuchCart, NotYourCart
from samband.commerce.cart.rules import CartView
from samband.flows.basket import look_at
from samband.flows.cart_handover import cart_in, hand_out, link_to, take_over

from . import visiting
from .carting import line_views
from .codes import qr_picture
from .pages import go, page, render
from .storefronts import CHANNEL
from .visits import Visit


@page()
def show(visit: Visit) -> HttpResponse:
    """A code by which a till, or another device, takes this cart."""
    if visit.cart is None or not visit.cart.lines:
        return go(visit.front.at("cart/"))
    return render(visit, "hand_over.html", cart=visit.cart)


@page()
def code(visit: Visit) -> HttpResponse:
    """The code as a picture. Raises NoSuchCart, CartClosed."""
    if visit.cart is None:
        raise NoSuchCart()
    token, _until = hand_out(visit.cart.id)
    return qr_picture(link_to(token))


@page("GET", "HEAD", "POST")
def take(visit: Visit, token: str) -> HttpResponse:
    """A cart from a till or another device: GET shows it, POST takes it over.

    Raises HandoverRefused, NoSuchCart, CartClosed, NotYourCart, CartFull.
    """
    if visit.request.method == "POST":
        return _take(visit, token)
    found = carts.cart(cart_in(token))
    if found.state == "ordered":
        raise CartClosed(state=found.state)
    if visit.cart is not None and visit.cart.id == found.id:
        return go(visit.front.at("cart/"))
    _check_theirs(visit, found)
    basket = look_at(found, CHANNEL, visit.group)
    return render(
        visit,
        "take_cart.html",
        basket=basket,
        lines=line_views(basket, visit.front),
        quote=basket.quote,
        own=visit.cart.pieces if visit.cart else 0,
        token=token,
    )


def _take(visit: Visit, token: str) -> HttpResponse:
    """Signed in, what is taken becomes part of the customer's own cart. A guest carries it from now on, and what they
    had goes with it if they like."""
    own = visit.cart
    found = take_over(token, visit.customer_id)
    _check_theirs(visit, found)
    visit.carry_cart(found.id)
    if own is not None and own.id != found.id and visit.customer is None and visit.request.POST.get("together"):
        _put_together(found, own)
    visiting.took_over(visit, found.id)
    return go(visit.front.at("cart/?taken"))


def _put_together(found: CartView, own: CartView) -> None:
    """Of a SKU in both the larger quantity stays, as at sign-in. Raises CartFull once there is no more room."""
    there = {line.sku: line.quantity for line in found.lines}
    for line in own.lines:
        if line.quantity > there.get(line.sku, 0):
            commands.put(found.id, line.sku, line.quantity)


def _check_theirs(visit: Visit, found: CartView) -> None:
    """Nobody sees what is in the cart of somebody who is signed in elsewhere."""
    if found.customer_id is not None and found.customer_id != visit.customer_id:
        raise NotYourCart()
