"""Coupons are entered in the cart and stay with it: also on another device, also at the till."""

from django.http import HttpResponse, QueryDict

from samband.commerce.cart import commands
from samband.flows.basket import Basket, look_at
from samband.kernel.refusal import Refusal

from . import reading, tries
from .carting import show
from .pages import go, page
from .refusal_texts import sentence
from .savings import coupon_said
from .storefronts import CHANNEL
from .visits import Visit

HOPELESS = frozenset({"unknown", "expired", "used_up"})
"""What no change of the cart will ever make a code count for: it is said, and the code is not kept."""


@page("POST")
def enter(visit: Visit) -> HttpResponse:
    """Enter a code. Raises TooMany."""
    if visit.cart is None:
        return go(visit.front.at("cart/"))
    told = put_in(visit, visit.request.POST)
    if told or visit.by_htmx:
        return show(visit, coupon_told=told, status=409 if told else 200)
    return go(visit.front.at("cart/#coupons"))


@page("POST")
def drop(visit: Visit) -> HttpResponse:
    """Take a code out again."""
    if visit.cart is not None:
        take_out(visit, visit.request.POST.get("code", ""))
    return show(visit) if visit.by_htmx else go(visit.front.at("cart/#coupons"))


def put_in(visit: Visit, sent: QueryDict) -> str:
    """Enter the code that was typed; what is to be said of it if it is not kept. Raises TooMany."""
    if visit.cart is None:
        return ""
    tries.coupons.count_address(visit.request)
    try:
        code = commands.as_coupon(reading.text(sent, "coupon", 60))
        visit.cart = commands.enter_coupon(visit.cart.id, code)
    except Refusal as refusal:
        return coupon_said("unknown") if refusal.code == "invalid" else sentence(refusal)
    state = _state(look_at(visit.cart, CHANNEL, visit.group), code)
    if state not in HOPELESS:
        return ""
    visit.cart = commands.drop_coupon(visit.cart.id, code)
    return coupon_said(state)


def take_out(visit: Visit, code: str) -> None:
    """Take a code out of the cart; what is no code was not in it."""
    if visit.cart is not None and code[:60] in visit.cart.coupons:
        visit.cart = commands.drop_coupon(visit.cart.id, code[:60])


def _state(basket: Basket, code: str) -> str:
    """What pricing says of a code; while nothing in the cart can be bought, nothing."""
    return next((one.state for one in basket.terms.coupons if one.code == code), "")
