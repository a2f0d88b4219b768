"""What accounts tells: ids only, never a name or an address."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class CustomerRegistered(Event, about="customer_id"):
    """Somebody we can recognise again. `source`: shop, api, console, import."""

    customer_id: UUID
    source: str


@dataclass(frozen=True, kw_only=True)
class SignInCodeAsked(Event, about="code_id"):
    """Somebody asked for a code to sign in with."""

    code_id: UUID
    language: str


@dataclass(frozen=True, kw_only=True)
class CustomerSignedIn(Event, about="customer_id"):
    """A customer proved that the address is theirs."""

    customer_id: UUID
    channel: str


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event, about="customer_id"):
    """Name, phone, language or an address is different."""

    customer_id: UUID
