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


@dataclass(frozen=True, kw_only=True)
class WordingWritten(Event, about="topic"):
    """The retailer asks with other words from now on. `topic` is what about: a purpose, a category, `choices`."""

    topic: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ConsentAsked(Event, about="asking_id"):
    """Somebody typed an address and agreed; a mail asks there whether it is so."""

    asking_id: UUID
    address: UUID
    purposes: tuple[str, ...]
    source: str
    channel: str
    customer_id: UUID | None
