"""Who holds the phone: what their cookies say, read only when somebody asks."""

from dataclasses import replace
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import NoSuchCart
from samband.commerce.cart.rules import CartView
from samband.commerce.inventory import queries as inventory
from samband.commerce.inventory.queries import LocationView
from samband.commerce.spots import commands as spot_commands
from samband.commerce.spots import queries as spots
from samband.commerce.spots.queries import VisitView
from samband.commerce.spots.refusals import UnknownVisit, VisitOver
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import CustomerView
from samband.kernel.refusal import NotFound

from . import speaking

VISIT_COOKIE = "samband_visit"
ORDERS_COOKIE = "samband_kiosk_orders"
A_DAY = 60 * 60 * 24
A_YEAR = A_DAY * 365
MOST_ORDERS = 20

_visits = signing.Signer(salt="kiosk.visit")
_orders = signing.Signer(salt="kiosk.orders")


class Visitor:
    """One request by one phone. A phone without cookies costs the database nothing."""

    def __init__(self, request: HttpRequest, language: str) -> None:
        self.request = request
        self.language = language
        self._cookies: dict[str, tuple[str | None, int]] = {}

    # --- who

    @cached_property
    def customer(self) -> CustomerView | None:
        """Whoever is signed in to the shop with this phone."""
        if settings.SESSION_COOKIE_NAME not in self.request.COOKIES:
            return None
        try:
            customer = accounts.customer(UUID(self.request.session.get("customer_id") or ""))
        except (NotFound, ValueError):
            return None
        return None if customer.erased_at else customer

    @property
    def customer_id(self) -> UUID | None:
        return self.customer.id if self.customer else None

    @property
    def group(self) -> str | None:
        return self.customer.group if self.customer else None

    @property
    def address(self) -> str:
        """Where the request came from."""
        return str(self.request.META.get("REMOTE_ADDR", ""))

    @property
    def by_htmx(self) -> bool:
        return self.request.headers.get("HX-Request") == "true"

    # --- where

    @cached_property
    def _visit_id(self) -> UUID | None:
        try:
            return UUID(_visits.unsign(self.request.COOKIES.get(VISIT_COOKIE, "")))
        except (signing.BadSignature, ValueError):
            return None

    @cached_property
    def visit(self) -> VisitView | None:
        """The visit that this browser is on, if it is not over."""
        if self._visit_id is None:
            return None
        try:
            return spots.visit(self._visit_id)
        except (UnknownVisit, VisitOver):
            return None

    def on_visit(self) -> VisitView:
        """The same, for pages that are nothing without one. Raises VisitOver."""
        if self.visit is None:
            raise VisitOver()
        return self.visit

    @property
    def site(self) -> LocationView | None:
        """The store they are in."""
        return inventory.locations().get(self.visit.location) if self.visit else None

    @cached_property
    def place_name(self) -> str:
        """What the place is called where they are."""
        return spots.spot(self.visit.spot).name if self.visit else ""

    def begin(self, visit: VisitView) -> None:
        """Carry this visit from now on."""
        self.visit = visit
        self._cookies[VISIT_COOKIE] = (_visits.sign(str(visit.id)), A_DAY)

    def leave_store(self) -> None:
        """The visit is over."""
        if self.visit:
            spot_commands.end_visit(self.visit.id)
        self.visit = None
        self._cookies[VISIT_COOKIE] = (None, 0)

    # --- with what

    @cached_property
    def cart(self) -> CartView | None:
        """What they have put together on this visit, if it is not ordered yet."""
        if self.visit is None or self.visit.cart_id is None:
            return None
        try:
            found = carts.cart(self.visit.cart_id)
        except NoSuchCart:
            return None
        return found if found.state == "open" else None

    def open_cart(self) -> CartView:
        """The visit's cart, opened if there is none. Raises VisitOver."""
        visit = self.on_visit()
        if self.cart is None:
            self.cart = cart_commands.open_cart(inventory.location(visit.location).market)
            spot_commands.give_cart(visit.id, self.cart.id)
            self.visit = replace(visit, cart_id=self.cart.id)
        return self.cart

    def look_again(self) -> None:
        """The cart was changed: read it anew when it is next asked for."""
        self.__dict__.pop("cart", None)

    # --- afterwards

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
        self._cookies[ORDERS_COOKIE] = (_orders.sign(",".join(map(str, kept))), A_YEAR)

    def csrf_token(self) -> str:
        return get_token(self.request)

    def leave(self, response: HttpResponse) -> HttpResponse:
        """Give the answer what the phone is to carry. Scripts cannot read any of it."""
        if chosen := speaking.chosen(self.request):
            self._cookies[speaking.COOKIE] = (chosen, A_YEAR)
        for name, (value, lasts) in self._cookies.items():
            if value is None:
                response.delete_cookie(name, samesite="Lax")
            else:
                response.set_cookie(name, value, max_age=lasts, secure=settings.SECURE, httponly=True, samesite="Lax")
        return response
