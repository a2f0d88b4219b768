"""A store with a till in it: a device that is enrolled, a cashier, an open drawer, and sales made without the line."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from samband.commerce.tills import commands, drawers, queries
from samband.commerce.tills.queries import DeviceView, DrawerView
from samband.commerce.tills.rules import vat_within
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.staff import commands as staff
from samband.staff import pins
from tests.worlds import PRICES, REYKJAVIK

PIN = "4711"
FLOAT = 20_000
STANDARD, FOOD = 2_400, 1_100


@dataclass
class Till:
    """A till that is ready to sell."""

    device_id: UUID
    token: str
    cashier_id: UUID
    drawer_id: UUID
    location: str = REYKJAVIK
    sequence: Any = field(default_factory=lambda: count(1))

    @property
    def device(self) -> DeviceView:
        return queries.device(self.device_id)

    @property
    def drawer(self) -> DrawerView:
        return queries.drawer(self.drawer_id)

    def sells(self, *goods: tuple[str, int], **other: Any) -> dict[str, Any]:
        """A sale as the device tells it: SKUs and how many of each; `other` replaces any field."""
        lines = [_line(sku, quantity) for sku, quantity in goods]
        total = sum(line["total"] for line in lines)
        told = {
            "sale_id": str(uuid4()),
            "sequence": next(self.sequence),
            "sold_at": now().isoformat(),
            "drawer_id": str(self.drawer_id),
            "sold_by": str(self.cashier_id),
            "snapshot": 1,
            "market": "IS",
            "currency": "ISK",
            "language": "is",
            "customer_id": None,
            "allotment_id": None,
            "lines": lines,
            "total": total,
            "vat": sum(line["vat"] for line in lines),
            "tenders": [{"method": "cash", "amount": total, "given": total, "change": 0}],
        }
        told.update(other)
        return told


def _line(sku: str, quantity: int) -> dict[str, Any]:
    unit = PRICES[sku]["ISK"]
    rate = FOOD if sku == "CAKE" else STANDARD
    total = unit * quantity
    return {
        "sku": sku, "name": sku.title(), "quantity": quantity, "unit": unit, "total": total,
        "vat_basis_points": rate, "vat": vat_within(total, rate),
    }  # fmt: skip


def priced(told: dict[str, Any], unit: int) -> dict[str, Any]:
    """The same sale of one line, sold at another price."""
    line = dict(told["lines"][0], unit=unit, total=unit * told["lines"][0]["quantity"])
    line["vat"] = vat_within(line["total"], line["vat_basis_points"])
    paid = {"method": "cash", "amount": line["total"], "given": line["total"], "change": 0}
    return {**told, "lines": [line], "total": line["total"], "vat": line["vat"], "tenders": [paid]}


def member(role: str = "cashier", location: str = REYKJAVIK, name: str = "Anna") -> UUID:
    """Somebody who works here, and has a PIN."""
    one = staff.add_member(f"{new_id()}@example.is", name, role, "a-long-enough-secret", location=location)
    pins.set_pin(one.id, PIN)
    return one.id


def enrolled(name: str = "Till 1", location: str = REYKJAVIK, kind: str = "pos") -> tuple[UUID, str]:
    """A device that may come in: its id and token."""
    return commands.enrol(commands.enrolment_code(commands.new_device(name, location, kind)))


def opened(device_id: UUID, by: UUID, amount: int = FLOAT, currency: str = "ISK") -> UUID:
    """A drawer under a device."""
    drawer_id = new_id()
    drawers.open_drawer(drawer_id, device_id, by, Money(amount, currency))
    return drawer_id


def till(name: str = "Till 1") -> Till:
    """A till in Reykjavík that is ready to sell."""
    device_id, token = enrolled(name)
    cashier_id = member()
    return Till(device_id, token, cashier_id, opened(device_id, cashier_id))


def days_off(moment: datetime) -> int:
    """How many days a moment is from now."""
    return round((moment - now()).total_seconds() / 86_400)
