"""Short addresses that phones come by, read off a screen: they lead to a page of the storefront that fits.

They change nothing by themselves, so a messenger that looks at a link ahead of its reader does no harm.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from samband.commerce.cart import queries as carts
from samband.commerce.orders import queries as orders
from samband.flows.cart_handover import cart_in
from samband.flows.pay_link import order_in
from samband.kernel.refusal import Refusal

from .choosing import front_for
from .storefronts import Storefront, named


@require_safe
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """A link to pay by: in the language it was made for, else in the order's."""
    front = named(request.GET.get("at", "")) or _of_order(token) or front_for(request)
    return _lead(front, f"pay/{token}/")


@require_safe
def take_cart(request: HttpRequest, token: str) -> HttpResponse:
    """A cart to take over: in the visitor's language and the cart's market."""
    front = front_for(request)
    try:
        market = carts.cart(cart_in(token)).market
    except Refusal:
        return _lead(front, f"cart/take/{token}/")
    language = front.language if front else ""
    return _lead(named(f"{language}-{market.lower()}") or front, f"cart/take/{token}/")


def _of_order(token: str) -> Storefront | None:
    try:
        order = orders.order(order_in(token))
    except Refusal:
        return None
    return named(f"{order.language}-{order.market.lower()}")


def _lead(front: Storefront | None, path: str) -> HttpResponse:
    response = HttpResponseRedirect(front.at(path) if front else "/")
    response.headers["Cache-Control"] = "no-store"
    return response
