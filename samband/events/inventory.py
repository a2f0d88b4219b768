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


@dataclass(frozen=True, kw_only=True)
class StockFenced(Event, about="fence_id"):
    """Units of a SKU at a location are kept for one channel, until a moment or until a rule gives them back."""

    fence_id: UUID
    channel: str
    location: str
    sku: str
    quantity: int
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class FenceReduced(Event, about="fence_id"):
    """So many units are no longer kept for the channel; the rest of the fence stands.

    `reason`: unfenced, stock_gone.
    """

    fence_id: UUID
    channel: str
    location: str
    sku: str
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class FenceEnded(Event, about="fence_id"):
    """Nothing is kept for the channel any more; `quantity` units were left in the fence and are free for everybody.

    `reason`: unfenced, stock_gone, until, closing, idle, needed_elsewhere.
    """

    fence_id: UUID
    channel: str
    location: str
    sku: str
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockAllotted(Event, about="allotment_id"):
    """A device may sell these goods until a moment, also while its line is down. `short`: what was not to be had."""

    allotment_id: UUID
    device: str
    channel: str
    positions: tuple[Position, ...]
    short: tuple[Position, ...]
    sells_until: datetime


@dataclass(frozen=True, kw_only=True)
class AllotmentToppedUp(Event, about="allotment_id"):
    """A device got these goods in addition. `short`: what was not to be had."""

    allotment_id: UUID
    positions: tuple[Position, ...]
    short: tuple[Position, ...]
    sells_until: datetime


@dataclass(frozen=True, kw_only=True)
class AllotmentGivenBack(Event, about="allotment_id"):
    """Goods of a device's allotment are free again. `closed`: the device holds nothing any more.

    `reason`: given_back, lapsed.
    """

    allotment_id: UUID
    positions: tuple[Position, ...]
    closed: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class StockHandedOn(Event, about="hold_id"):
    """Goods that a device sold are an allocation of its order: these of its allotment, and those from the shelf."""

    hold_id: UUID
    allotment_id: UUID
    positions: tuple[Position, ...]
    from_shelf: tuple[Position, ...]


@dataclass(frozen=True, kw_only=True)
class HoldTakenOver(Event, about="hold_id"):
    """Goods that another hold had are part of this order's allocation; others of it are `freed`."""

    hold_id: UUID
    other_id: UUID
    positions: tuple[Position, ...]
    freed: tuple[Position, ...]
