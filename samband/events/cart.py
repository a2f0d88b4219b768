"""What the cart tells."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class CartsJoined(Event, about="cart_id"):
    """A guest's cart became part of the customer's own at sign-in."""

    cart_id: UUID
    guest_cart_id: UUID
    customer_id: UUID


@dataclass(frozen=True, kw_only=True)
class CartOrdered(Event, about="cart_id"):
    """A cart became an order; its owner starts the next one empty."""

    cart_id: UUID
    order_id: UUID
    customer_id: UUID | None
