"""What messages speak of, and the question to the neighbours who know it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from samband.kernel.money import Money

TRANSACTIONAL = ""
"""Of a message that fulfils an order or answers a question; any other names the purpose that it needs a consent for."""

KINDS: dict[str, str] = {
    "sign_in_code": TRANSACTIONAL,
    "order_placed": TRANSACTIONAL,
    "order_cancelled": TRANSACTIONAL,
    "pickup_ready": TRANSACTIONAL,
    "pickup_expired": TRANSACTIONAL,
    "parcel_shipped": TRANSACTIONAL,
    "refunded": TRANSACTIONAL,
    "receipt": TRANSACTIONAL,
    "gift_card": TRANSACTIONAL,
    "proof_code": TRANSACTIONAL,
    "email_changed": TRANSACTIONAL,
    "data_ready": TRANSACTIONAL,
    "newsletter_confirm": TRANSACTIONAL,
    "staff_sign_in_changed": TRANSACTIONAL,
}
"""Every message there is: what it is for."""


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to, in which language."""

    email: str
    name: str
    language: str
    customer_id: UUID | None
    contact_id: UUID | None


@dataclass(frozen=True)
class OrderedLine:
    """One line of an order as the customer saw it."""

    name: str
    quantity: int
    total: Money


@dataclass(frozen=True)
class Gathering:
    """One group of goods of an order: where it comes from or waits, and when. `kind` is ship or pickup.

    Dates are in the zone named; `code` is what to show at the counter once it is ready.
    """

    kind: str
    place: str
    address: str
    zone: str
    promised_from: datetime | None
    promised_until: datetime | None
    wait_until: datetime | None
    code: str
    carrier: str
    tracking: str


@dataclass(frozen=True)
class OrderFacts:
    """What a message about an order says."""

    recipient: Recipient
    number: str
    link: str
    lines: tuple[OrderedLine, ...]
    shipping: Money
    total: Money
    groups: tuple[Gathering, ...]


class Facts(Protocol):
    """Answers what only the neighbours know."""

    def of_order(self, order_id: UUID) -> OrderFacts: ...

    def of_fulfillment(self, fulfillment_id: UUID) -> OrderFacts:
        """The order's facts, with just the one group."""
        ...


_plugged: list[Facts] = []


def plug(facts: Facts) -> None:
    """Called by the wiring, once."""
    _plugged[:] = [facts]


def ask() -> Facts:
    """Whoever was plugged in."""
    return _plugged[0]
