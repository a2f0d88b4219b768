"""What spots tell: codes in the store, visits by phone, and leaving with goods."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class SpotMade(Event, about="spot"):
    """A place in a store can be spoken to by phone. `spot` is its number; `kind`: table, seat, shelf, product, door."""

    spot: int
    location: str
    code: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class SpotPointed(Event, about="spot"):
    """A shelf or label speaks of other goods now."""

    spot: int
    location: str
    sku: str


@dataclass(frozen=True, kw_only=True)
class SpotRotated(Event, about="spot"):
    """A new edition of a spot's code: earlier ones open nothing any more."""

    spot: int
    location: str
    edition: int


@dataclass(frozen=True, kw_only=True)
class SpotRevoked(Event, about="spot"):
    """No code of the spot opens anything, until a new edition is made."""

    spot: int
    location: str


@dataclass(frozen=True, kw_only=True)
class WordTurned(Event, about="location"):
    """The store's word of the day is another one from now on."""

    location: str
    edition: int


@dataclass(frozen=True, kw_only=True)
class VisitOpened(Event, about="visit_id"):
    """Somebody with a phone is in the store. `presence` says how we know: screen, nearby, word."""

    visit_id: UUID
    location: str
    place: str
    purpose: str
    presence: str
    good_until: datetime


@dataclass(frozen=True, kw_only=True)
class ExitPassIssued(Event, about="pass_id"):
    """The goods of an order are paid and may leave by the door."""

    pass_id: UUID
    order_id: UUID
    location: str
    looked_at: bool
    good_until: datetime


@dataclass(frozen=True, kw_only=True)
class ExitPassChecked(Event, about="pass_id"):
    """A door has let the goods out. Once and never again."""

    pass_id: UUID
    order_id: UUID
    location: str
    checked_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class ExitPassLapsed(Event, about="pass_id"):
    """The store closed and no door has seen the pass: the goods count as handed over."""

    pass_id: UUID
    order_id: UUID
    location: str


@dataclass(frozen=True, kw_only=True)
class BagLookedAt(Event, about="pass_id"):
    """The staff compared bag and list. `found`: right, differs."""

    pass_id: UUID
    order_id: UUID
    location: str
    found: str
