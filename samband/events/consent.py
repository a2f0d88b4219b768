"""What consent tells: keys and purposes, never an address or a name."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Event, about="address"):
    """Somebody agreed to a purpose for an address. `address` is the key of its identifier, `kind` its kind.

    `customer_id` is the account that was signed in or meant, if any.
    """

    address: UUID
    kind: str
    purpose: str
    entry_id: UUID
    source: str
    channel: str
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event, about="address"):
    """Somebody refused a purpose for an address, or took an agreement back."""

    address: UUID
    kind: str
    purpose: str
    entry_id: UUID
    source: str
    channel: str
    customer_id: UUID | None
