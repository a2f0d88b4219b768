"""Who is visiting: what their cookies say, read only when somebody asks."""

from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import NoSuchCart
from samband.commerce.cart.rules import CartView
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import CustomerView
from samband.customers.consent import wordings
from samband.kernel.refusal import NotFound

from . import choices_cookie
from .choices_cookie import Choices
from .storefronts import CHANNEL, Storefront

CART_COOKIE = "samband_cart"
ORDERS_COOKIE = "samband_orders"
FRONT_COOKIE = "samband_front"
MONTHS = 60 * 60 * 24 * 60
MOST_ORDERS = 20
LETTERS = "newsletter_email"
"""The purpose that every page asks about at its foot."""

_carts = signing.Signer(salt="shop.cart")
_orders = signing.Signer(salt="shop.orders")


class Visit:
    """One request by one visitor. Somebody without cookies costs the database nothing."""

    def __init__(self, request: HttpRequest, front: Storefront, rest: str) -> None:
        self.request = request
        self.front = front
        self.rest = rest
        self._cookies: dict[str, str | None] = {}
        self._chosen: Choices | None = None

    @property
    def rest_query(self) -> str:
        """This page without its storefront, to go on with in another."""
        query = self.request.META.get("QUERY_STRING", "") if self.request.method in ("GET", "HEAD") else ""
        return f"{quote(self.rest)}?{query}" if query else quote(self.rest)

    @property
    def by_htmx(self) -> bool:
        return self.request.META.get("HTTP_HX_REQUEST") == "true"

    @property
    def anonymous(self) -> bool:
        """Nothing on the page could be this visitor's own."""
        cookies = self.request.COOKIES
        return CART_COOKIE not in cookies and settings.SESSION_COOKIE_NAME not in cookies

    @cached_property
    def customer(self) -> CustomerView | None:
        if settings.SESSION_COOKIE_NAME not in self.request.COOKIES:
            return None
        known = self.request.session.get("customer_id")
        if not known:
            return None
        try:
            customer = accounts.customer(UUID(known))
        except (NotFound, ValueError):
            return None
        return None if customer.erased_at else customer

    @property
    def customer_id(self) -> UUID | None:
        return self.customer.id if self.customer else None

    @property
    def group(self) -> str | None:
        return self.customer.group if self.customer else None

    @cached_property
    def guest_cart_id(self) -> UUID | None:
        """The cart this browser carries, whoever's it is."""
        return _signed_uuid(_carts, self.request.COOKIES.get(CART_COOKIE))

    @cached_property
    def cart(self) -> CartView | None:
        """The visitor's open cart; one that belongs to somebody else, or was ordered, is not theirs any more."""
        if self.guest_cart_id is not None:
            try:
                found = carts.cart(self.guest_cart_id)
            except NoSuchCart:
                found = None
            if found and found.state == "open" and (found.customer_id is None or found.customer_id == self.customer_id):
                return found
        return carts.open_of(self.customer.id) if self.customer else None

    def cart_count(self) -> int:
        """How many pieces the badge shows."""
        if "cart" in self.__dict__:
            return self.cart.pieces if self.cart else 0
        if self.guest_cart_id is not None:
            return carts.count(self.guest_cart_id)
        return self.cart.pieces if self.customer and self.cart else 0

    def open_cart(self) -> CartView:
        """The visitor's cart, opened if they have none; the answer will carry it back to them."""
        cart = self.cart or cart_commands.open_cart(self.front.market, self.customer_id)
        if cart.id != self.guest_cart_id:
            self.carry_cart(cart.id)
        self.cart = cart
        return cart

    def carry_cart(self, cart_id: UUID | None) -> None:
        self._cookies[CART_COOKIE] = None if cart_id is None else _carts.sign(str(cart_id))

    @cached_property
    def own_orders(self) -> list[UUID]:
        """Orders placed with this browser, the latest first."""
        try:
            said = _orders.unsign(self.request.COOKIES.get(ORDERS_COOKIE, ""))
            return [UUID(one) for one in said.split(",")]
        except (signing.BadSignature, ValueError):
            return []

    def remember_order(self, order_id: UUID) -> None:
        kept = [order_id, *(one for one in self.own_orders if one != order_id)][:MOST_ORDERS]
        self.own_orders = kept
        self._cookies[ORDERS_COOKIE] = _orders.sign(",".join(map(str, kept)))

    def forget_orders(self) -> None:
        self._cookies[ORDERS_COOKIE] = None

    @cached_property
    def choices(self) -> Choices | None:
        """What this browser lets us do, if its visitor was asked and answered."""
        return choices_cookie.read(self.request.COOKIES.get(choices_cookie.NAME, ""))

    @property
    def undecided(self) -> bool:
        """Whether the page is to ask what this browser lets us do."""
        return self.choices is None

    @property
    def gpc(self) -> bool:
        """The browser refuses for its user that data is sold or passed on (Global Privacy Control)."""
        return self.request.headers.get("Sec-GPC") == "1"

    @property
    def asked_with(self) -> tuple[str, ...]:
        """The versions of what a page of this visitor asks: pages that ask alike are alike."""
        return asked_with(self.front.language, self.undecided)

    def carry_choices(self, choices: Choices) -> None:
        self._chosen = choices

    def csrf_token(self) -> str:
        return get_token(self.request)

    def leave(self, response: HttpResponse) -> HttpResponse:
        """Give the answer what the visitor is to carry."""
        for name, value in self._cookies.items():
            if value is None:
                response.delete_cookie(name, samesite="Lax")
            else:
                keep(response, name, value)
        if self._chosen is not None:
            choices_cookie.keep(response, self._chosen)
        return response


def asked_with(language: str, undecided: bool) -> tuple[str, ...]:
    """The versions of what a page asks in this language: of whoever has not decided yet, one thing more."""
    letters = wordings.version(LETTERS, language)
    return (letters, wordings.version(wordings.CHOICES, language)) if undecided else (letters,)


def keep(response: HttpResponse, name: str, value: str) -> None:
    """A cookie that scripts cannot read."""
    response.set_cookie(name, value, max_age=MONTHS, secure=settings.SECURE, httponly=True, samesite="Lax")


def _signed_uuid(signer: signing.Signer, said: Any) -> UUID | None:
    try:
        return UUID(signer.unsign(said or ""))
    except (signing.BadSignature, ValueError):
        return None


__all__ = ["CHANNEL", "Visit", "keep"]
