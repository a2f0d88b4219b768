"""What the tills tell. Amounts are minor units of `currency`; who stood there is a member's id, never a name."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class DeviceEnrolled(Event, about="device_id"):
    """A device of ours may come in from now on. `kind`: pos, kiosk, door or board."""

    device_id: UUID
    location: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class DeviceRevoked(Event, about="device_id"):
    """A device may come in no more."""

    device_id: UUID
    location: str


@dataclass(frozen=True, kw_only=True)
class DrawerOpened(Event, about="drawer_id"):
    """A cash drawer was opened with so much in it."""

    drawer_id: UUID
    device_id: UUID
    location: str
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class CashMoved(Event, about="drawer_id"):
    """Somebody put money into a drawer (+) or took it out (-), apart from any sale. `kind`: pay_in or pay_out."""

    drawer_id: UUID
    kind: str
    amount: int
    currency: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DrawerClosed(Event, about="drawer_id"):
    """A drawer was counted and closed. `number` counts the closings of its location."""

    drawer_id: UUID
    location: str
    number: int
    expected: int
    counted: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OfflineSaleTaken(Event, about="sale_id"):
    """A sale that a till made by itself has become an order."""

    sale_id: UUID
    device_id: UUID
    order_id: UUID
    customer_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class OfflineSaleInConflict(Event, about="sale_id"):
    """A sale that a till made by itself cannot become an order as it is: somebody has to decide."""

    sale_id: UUID
    device_id: UUID
    location: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConflictResolved(Event, about="sale_id"):
    """Somebody decided about such a sale. `state`: accepted (it became an order) or cancelled."""

    sale_id: UUID
    device_id: UUID
    state: str
    order_id: UUID | None
