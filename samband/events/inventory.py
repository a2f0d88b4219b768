"""What inventory tells. A position is so many units of a SKU at a location."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from samband.kernel.event import Event
from samband.kernel.goods import Position


@dataclass(frozen=True, kw_only=True)
class StockHeld(Event, about="hold_id"):
    """Goods were set aside for an order until a moment."""

    hold_id: UUID
    positions: tuple[Position, ...]
    lapses_at: datetime


@dataclass(frozen=True, kw_only=True)
class HoldKept(Event, about="hold_id"):
    """A hold became an allocation: it no longer lapses."""

    hold_id: UUID


@dataclass(frozen=True, kw_only=True)
class HoldReleased(Event, about="hold_id"):
    """Goods that were held (or some of them) are free again. `reason`: released, lapsed, cancelled, expired."""

    hold_id: UUID
    positions: tuple[Position, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockIssued(Event, about="hold_id"):
    """Held goods left a location: shipped or handed over."""

    hold_id: UUID
    positions: tuple[Position, ...]


@dataclass(frozen=True, kw_only=True)
class StockReceived(Event, about="location"):
    """Goods came in."""

    location: str
    positions: tuple[Position, ...]
    reference: str


@dataclass(frozen=True, kw_only=True)
class StockTransferred(Event, about="location"):
    """Goods moved from one location to another."""

    location: str
    to_location: str
    positions: tuple[Position, ...]
    reference: str


@dataclass(frozen=True, kw_only=True)
class StockAdjusted(Event, about="location"):
    """The books were put right by signed differences, with a reason (damaged, found, lost, counted)."""

    location: str
    positions: tuple[Position, ...]
    reason: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class StockHistoryImported(Event, about="import_id"):
    """So many moves of another system were written into the ledger; no level changed by it."""

    import_id: UUID
    location: str
    source: str
    moves: int
