"""What orders tell. Totals are minor units of the order's currency, VAT included."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class OrderDrafted(Event, about="order_id"):
    """A shopper went to pay: goods are held, a total is agreed, nothing is placed yet."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    total: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event, about="order_id"):
    """The payment is secured and the order stands. `sold_at` is the location of the till or spot, if it was at one."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    contact_id: UUID | None
    channel: str
    language: str
    total: int
    currency: str
    sold_at: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event, about="order_id"):
    """The order (or the draft of one) is off. `reason`: declined, abandoned, customer, retailer, pickup_expired."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    contact_id: UUID | None
    was_placed: bool
    reason: str
    language: str


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event, about="order_id"):
    """Everything that was ordered is in the customer's hands, or called off."""

    order_id: UUID
    number: str
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class OrderImported(Event, about="order_id"):
    """An order from another system was written into the history."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    total: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class LineTakenOff(Event, about="order_id"):
    """So many units of a SKU are not wanted any more, or cannot be had; `amount` is to go back to the customer."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    sku: str
    quantity: int
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class LineReplaced(Event, about="order_id"):
    """The customer agreed to a substitute; `amount` is the difference that goes back to them."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    sku: str
    quantity: int
    substitute: str
    substitute_quantity: int
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class GroupRedirected(Event, about="order_id"):
    """A parcel of the order goes to another address, or in another slot."""

    order_id: UUID
    number: str
    customer_id: UUID | None
    group: int
    slot_id: UUID | None
