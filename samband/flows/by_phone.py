"""What somebody buys with their phone in a store: their basket as it stands in this place, and going to pay for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from samband.commerce.cart.rules import CartView
from samband.commerce.inventory import queries as inventory
from samband.commerce.spots import commands
from samband.commerce.spots.queries import SpotView, VisitView
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict

from .basket import Basket, look_at
from .check_out import Checkout, Outcome, Part, Tender, check_out

CHANNEL = "kiosk"


class NotEnoughHere(Conflict):
    """There are not so many of it in this store that nobody else has a claim on; `left` says how many there are."""

    code = "not_enough_here"


@dataclass(frozen=True, kw_only=True)
class PhoneOrder:
    """What a visitor asks to pay for: their cart as they saw it, for the total they agreed to. Nobody need be named."""

    visit: VisitView
    cart_id: UUID
    version: int
    seen_total: Money
    tenders: tuple[Tender, ...]
    language: str
    customer_id: UUID | None = None
    group: str | None = None
    email: str = ""
    name: str = ""


@dataclass(frozen=True)
class Here:
    """A basket as it stands in one store. `left` are the units to be had here of what is short."""

    basket: Basket
    left: Mapping[str, int]

    @property
    def can_be_paid(self) -> bool:
        return self.basket.quote is not None and not self.left and not self.basket.changes


def look_here(visit: VisitView, cart: CartView, group: str | None = None, customer_id: UUID | None = None) -> Here:
    """The basket with prices, offers and stock of the place. Three statements, one more for coupons."""
    basket = look_at(cart, CHANNEL, group, visit.purpose, place=visit.place, customer_id=customer_id)
    here = {
        sku: next((place.available for place in places if place.location == visit.location), 0)
        for sku, places in basket.stock.items()
    }
    left = {line.sku: here.get(line.sku, 0) for line in cart.lines if here.get(line.sku, 0) < line.quantity}
    return Here(basket, left)


def step_to(
    visit: VisitView, spot: SpotView, cart: CartView, group: str | None = None, customer_id: UUID | None = None
) -> VisitView:
    """They stand at another spot of the store now: its offers hold, unless the basket would cost more by it."""
    if spot.location != visit.location or spot.place == visit.place:
        return visit
    moved = replace(visit, spot=spot.number, place=spot.place)
    was, now = (look_here(one, cart, group, customer_id).basket.quote for one in (visit, moved))
    if was is not None and now is not None and was.total < now.total:
        return visit
    commands.step_to(visit.id, spot.number, spot.place)
    return moved


def check_left(visit: VisitView, sku: str, quantity: int) -> None:
    """Raises NotEnoughHere if the store has fewer than so many that may be promised."""
    places = inventory.available([sku], CHANNEL)[sku]
    left = next((place.available for place in places if place.location == visit.location), 0)
    if left < quantity:
        raise NotEnoughHere(sku=sku, left=left)


def pay_for(order: PhoneOrder, *, key: str, return_url: str) -> Outcome:
    """Order what is in the basket, to be served at the visit's place or carried along. Raises what `check_out` does."""
    visit = order.visit
    _, _, spot = visit.place.partition("/")
    part = Part(kind=visit.purpose, location=visit.location, place=spot if visit.purpose == "serve" else "")
    wish = Checkout(
        cart_id=order.cart_id,
        version=order.version,
        customer_id=order.customer_id,
        channel=CHANNEL,
        language=order.language,
        email=order.email,
        name=order.name,
        parts=(part,),
        tenders=order.tenders,
        seen_total=order.seen_total,
        group=order.group,
        sold_at=visit.location,
        place=visit.place,
    )
    return check_out(wish, key=key, return_url=return_url)
