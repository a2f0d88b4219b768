"""What the tills can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.money import Money

from .models import (
    MOVEMENTS,
    Allotted,
    Device,
    Drawer,
    DrawerAtDevice,
    DrawerMovement,
    EnrolmentCode,
    QueuedSale,
    Snapshot,
)
from .refusals import DeviceUnknown, NoSuchDevice, NoSuchDrawer, NoSuchSale
from .tokens import hash_of

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device. `state`: new (not enrolled yet), enrolled, revoked; `skew_ms` is how far its clock is ahead of ours."""

    id: UUID
    name: str
    location: str
    kind: str
    state: str
    created_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    seen_at: datetime | None
    skew_ms: int | None
    last_sequence: int


@dataclass(frozen=True, slots=True)
class MovementView:
    """Money into (+) or out of (-) a drawer; `late` if we learned of it only after the closing."""

    at: datetime
    kind: str
    amount: Money
    reason: str
    order_id: UUID | None
    sale_id: UUID | None
    by: UUID | None
    late: bool


@dataclass(frozen=True, slots=True)
class DrawerView:
    """A drawer. `expected` should be in it; `late` came to light after it was closed; `unsettled` is of conflicts.

    Of a closed one `expected` is what it was at the closing, and `difference` = `counted` − `expected`.
    """

    id: UUID
    location: str
    state: str
    opened_at: datetime
    opened_by: UUID
    opened_on: UUID
    closed_at: datetime | None
    closed_by: UUID | None
    number: int | None
    float: Money
    expected: Money
    counted: Money | None
    late: Money
    unsettled: Money
    note: str

    @property
    def difference(self) -> Money | None:
        """What was counted beyond what should have been there."""
        return self.counted - self.expected if self.counted is not None else None

    @property
    def unexplained(self) -> Money | None:
        """The difference that is left once late sales are counted in."""
        return self.difference - self.late if self.difference is not None else None


@dataclass(frozen=True, slots=True)
class Report:
    """A reading of a drawer: X while it is open, Z once closed. `sums` by kind of movement; `sales` are those paid."""

    kind: str
    drawer: DrawerView
    sums: Mapping[str, Money]
    sales: int


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale that a device made by itself. `state`: taken, conflict, accepted, cancelled."""

    id: UUID
    sale_id: UUID
    device_id: UUID
    device: str
    location: str
    sequence: int | None
    sold_at: datetime | None
    received_at: datetime
    total: Money | None
    cash: Money | None
    lines: tuple[Mapping[str, Any], ...]
    notes: tuple[Mapping[str, Any], ...]
    state: str
    order_id: UUID | None
    resolved_at: datetime | None
    resolved_by: UUID | None
    remark: str
    payload: Any


@dataclass(frozen=True, slots=True)
class AllotmentView:
    """What a device was given to sell by itself: units by SKU, ever; until when it may sell."""

    id: UUID
    device_id: UUID
    sell_until: datetime
    given: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """How far a location's list of goods has come, and what it was made of."""

    version: int
    made_of: str
    made_at: datetime
    valid_until: datetime | None


def device(device_id: UUID) -> DeviceView:
    """One device. Raises NoSuchDevice."""
    found = Device.objects.filter(pk=device_id).first()
    if found is None:
        raise NoSuchDevice()
    return _device(found)


def by_token(token: str, *, also_revoked: bool = False) -> DeviceView:
    """The device that presents this token; one that was revoked only if it is asked for. Raises DeviceUnknown."""
    found = Device.objects.filter(token_hash=hash_of(token)).first() if token else None
    if found is None or (found.revoked_at is not None and not also_revoked):
        raise DeviceUnknown()
    return _device(found)


def devices(location: str | None = None) -> tuple[DeviceView, ...]:
    """Every device (of a location): those in use first, then by name."""
    rows = Device.objects.all() if location is None else Device.objects.filter(location=location)
    found = [_device(row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.revoked_at is not None, one.location, one.name, one.created_at)))


def waits_for_code(device_id: UUID) -> datetime | None:
    """Until when a code drawn for this device is good, if one is."""
    return (
        EnrolmentCode.objects.filter(device_id=device_id, used_at=None, until__gt=now())
        .values_list("until", flat=True)
        .first()
    )


_MISSING = """
select n from generate_series(1, %s::bigint) n
where n > %s::bigint - 10000 and not exists (
    select from tills_queuedsale s where s.device_id = %s::uuid and s.sequence = n
)
order by n limit 100
"""


def missing_sequences(device_id: UUID) -> tuple[int, ...]:
    """Numbers of sales that the device made and we never got: they are still on it, or lost."""
    last = Device.objects.filter(pk=device_id).values_list("last_sequence", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [last, last, device_id])
        return tuple(row[0] for row in cursor.fetchall())


def _device(row: Device) -> DeviceView:
    state = "revoked" if row.revoked_at else "enrolled" if row.enrolled_at else "new"
    return DeviceView(
        row.id, row.name, row.location, row.kind, state, row.created_at, row.enrolled_at, row.revoked_at,
        row.seen_at, row.skew_ms, row.last_sequence,
    )  # fmt: skip


def drawer(drawer_id: UUID) -> DrawerView:
    """One drawer. Raises NoSuchDrawer."""
    return _drawer(_row(drawer_id))


def drawer_at(device_id: UUID) -> DrawerView | None:
    """The open drawer that a device puts its money into."""
    found = DrawerAtDevice.objects.select_related("drawer").filter(device_id=device_id).first()
    return _drawer(found.drawer) if found else None


def drawers(location: str | None = None, open_only: bool = False) -> tuple[DrawerView, ...]:
    """Drawers (of a location), open ones first, then the latest first."""
    rows = Drawer.objects.all() if location is None else Drawer.objects.filter(location=location)
    if open_only:
        rows = rows.filter(state="open")
    return tuple(_drawer(row) for row in rows.order_by("-state", "-opened_at")[:MOST_SHOWN])


def movements(drawer_id: UUID) -> tuple[MovementView, ...]:
    """The ledger of a drawer, the oldest first."""
    currency = _row(drawer_id).currency
    return tuple(
        MovementView(
            row.at, row.kind, Money(row.amount, currency), row.reason, row.order_id, row.sale_id, row.by, row.late
        )
        for row in DrawerMovement.objects.filter(drawer_id=drawer_id).order_by("at", "id")
    )


def report(drawer_id: UUID) -> Report:
    """A reading of the drawer: X, or, once it is closed, the Z that was written down then. Raises NoSuchDrawer."""
    row = _row(drawer_id)
    kept = row.report or {"sums": sums(drawer_id), "sales": sales_in(drawer_id)}
    amounts = {kind: Money(kept["sums"].get(kind, 0), row.currency) for kind in MOVEMENTS}
    return Report("Z" if row.report else "X", _drawer(row), amounts, kept["sales"])


def sums(drawer_id: UUID) -> dict[str, int]:
    """What moved in or out of a drawer, by kind, in minor units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, sum(amount)::bigint from tills_drawermovement where drawer_id = %s::uuid group by kind",
            [drawer_id],
        )
        return dict(cursor.fetchall())


def sales_in(drawer_id: UUID) -> int:
    """How many orders were paid into a drawer."""
    return DrawerMovement.objects.filter(drawer_id=drawer_id, kind="sale").values("order_id").distinct().count()


def _row(drawer_id: UUID) -> Drawer:
    found = Drawer.objects.filter(pk=drawer_id).first()
    if found is None:
        raise NoSuchDrawer()
    return found


def _drawer(row: Drawer) -> DrawerView:
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(amount) filter (where kind = 'float'), 0)::bigint,"
            " coalesce(sum(amount) filter (where late), 0)::bigint,"
            " coalesce(sum(amount) filter (where kind = 'unsettled'), 0)::bigint"
            " from tills_drawermovement where drawer_id = %s::uuid",
            [row.id],
        )
        opened_with, late, unsettled = cursor.fetchone()
    expected = row.balance if row.expected is None else row.expected
    return DrawerView(
        row.id, row.location, row.state, row.opened_at, row.opened_by, row.opened_on, row.closed_at, row.closed_by,
        row.number, Money(opened_with, row.currency), Money(expected, row.currency),
        None if row.counted is None else Money(row.counted, row.currency), Money(late, row.currency),
        Money(unsettled, row.currency), row.note,
    )  # fmt: skip


def sale(key: UUID) -> SaleView:
    """One sale that a device made by itself. Raises NoSuchSale."""
    found = QueuedSale.objects.select_related("device").filter(pk=key).first()
    if found is None:
        raise NoSuchSale()
    return _sale(found)


def conflicts(location: str | None = None, open_only: bool = False) -> tuple[SaleView, ...]:
    """Sales that could not become orders as they were: those that wait for a decision first, then the latest first."""
    rows = QueuedSale.objects.select_related("device").exclude(state="taken")
    if location is not None:
        rows = rows.filter(location=location)
    if open_only:
        rows = rows.filter(state="conflict")
    found = [_sale(row) for row in rows.order_by("-received_at")[:MOST_SHOWN]]
    return tuple(sorted(found, key=lambda one: one.state != "conflict"))


def sales_of(device_id: UUID, most: int = 50) -> tuple[SaleView, ...]:
    """What a device sold by itself, the latest first."""
    rows = QueuedSale.objects.select_related("device").filter(device_id=device_id).order_by("-received_at", "-id")
    return tuple(_sale(row) for row in rows[:most])


def sale_of_order(order_id: UUID) -> SaleView | None:
    """The sale of a device that became this order, if it came to be so."""
    found = QueuedSale.objects.select_related("device").filter(order_id=order_id).first()
    return _sale(found) if found else None


def _sale(row: QueuedSale) -> SaleView:
    payload = msgspec.json.decode(row.payload)
    told = payload.get("lines") if isinstance(payload, dict) else None
    lines = tuple(line for line in told if isinstance(line, dict)) if isinstance(told, list) else ()
    return SaleView(
        row.id, row.sale_id, row.device_id, row.device.name, row.location, row.sequence, row.sold_at, row.received_at,
        None if row.total is None else Money(row.total, row.currency),
        Money(row.cash, row.currency) if row.currency else None,
        lines, tuple(row.notes), row.state, row.order_id, row.resolved_at, row.resolved_by, row.remark, payload,
    )  # fmt: skip


def allotment(device_id: UUID) -> AllotmentView | None:
    """What a device may sell by itself, if it was given anything."""
    found = Allotted.objects.filter(device_id=device_id, ended_at=None).first()
    return AllotmentView(found.id, found.device_id, found.sell_until, found.given) if found else None


def allotment_by_id(allotment_id: UUID) -> AllotmentView | None:
    """An allotment, also one that is over."""
    found = Allotted.objects.filter(pk=allotment_id).first()
    return AllotmentView(found.id, found.device_id, found.sell_until, found.given) if found else None


def snapshot(location: str) -> SnapshotView | None:
    """How far the list of goods of a location's tills has come."""
    found = Snapshot.objects.filter(pk=location).first()
    return SnapshotView(found.version, found.made_of, found.made_at, found.valid_until) if found else None


def snapshot_items(location: str, after: int = 0) -> tuple[list[str], list[str]]:
    """What changed in it after a version: the JSON of each piece of goods that is in it, and the SKUs that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku, body from tills_snapshotitem where location = %s::text and version > %s::bigint order by sku",
            [location, after],
        )
        rows = cursor.fetchall()
    return [body for _, body in rows if body is not None], [sku for sku, body in rows if body is None]
