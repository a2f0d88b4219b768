"""A sale that a device made by itself: how it is told, and whether it can be what it says. Values in, values out."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from samband.kernel.goods import MOST_OF_ONE, SKU
from samband.kernel.languages import LANGUAGES
from samband.kernel.money import LARGEST, MINOR_DIGITS

MOST_LINES = 200
LONGEST_NAME = 500
CLOCK_MAY_BE_OFF = timedelta(minutes=5)
"""By how much a device's clock may differ from ours without a note."""

Note = dict[str, Any]
"""Something to tell about a sale: a `code` and what belongs to it."""


class SaleLine(msgspec.Struct, frozen=True):
    """Goods as they were sold. Amounts are minor units, VAT included; `total` = `unit` × `quantity`."""

    sku: str
    name: str
    quantity: int
    unit: int
    total: int
    vat_basis_points: int
    vat: int


class CashTender(msgspec.Struct, frozen=True):
    """What was paid: `given` − `change` = `amount`. Only cash is taken while the line is down."""

    method: str
    amount: int
    given: int
    change: int = 0


class OfflineSale(msgspec.Struct, frozen=True):
    """A sale as the device tells it. Amounts: minor units of `currency`, VAT included; `sold_at` by its own clock."""

    sale_id: UUID
    sequence: int
    sold_at: datetime
    drawer_id: UUID
    sold_by: UUID
    market: str
    currency: str
    lines: tuple[SaleLine, ...]
    total: int
    vat: int
    tenders: tuple[CashTender, ...]
    language: str = "en"
    snapshot: int = 0
    customer_id: UUID | None = None
    allotment_id: UUID | None = None

    @property
    def cash(self) -> int:
        """What went into the drawer."""
        return sum(tender.amount for tender in self.tenders)


def digest(told: Any) -> bytes:
    """By which the same sale, told again, is known: equal for equal content, in whatever order its fields come."""
    return hashlib.blake2b(msgspec.json.encode(told, order="deterministic"), digest_size=16).digest()


def read(told: Any) -> OfflineSale | Note:
    """The sale, or why it cannot be read."""
    try:
        sale = msgspec.convert(told, OfflineSale, strict=True)
    except (msgspec.ValidationError, RecursionError) as error:
        return {"code": "malformed", "where": str(error)[:200]}
    if sale.sold_at.tzinfo is None:
        return {"code": "malformed", "where": "sold_at has no zone"}
    if wrong := next(_malformed(sale), None):
        return {"code": "malformed", "where": wrong}
    return sale


def _malformed(sale: OfflineSale) -> Any:
    if not 1 <= len(sale.lines) <= MOST_LINES:
        yield "lines"
    if sale.language not in LANGUAGES:
        yield "language"
    if sale.currency not in MINOR_DIGITS:
        yield "currency"
    if not 1 <= sale.sequence < 2**53:
        yield "sequence"
    amounts = [sale.total, sale.vat]
    for tender in sale.tenders:
        amounts += [tender.amount, tender.given, tender.change]
    for place, line in enumerate(sale.lines):
        amounts += [line.unit, line.total, line.vat]
        if not SKU.fullmatch(line.sku):
            yield f"lines[{place}].sku"
        if not 1 <= line.quantity <= MOST_OF_ONE:
            yield f"lines[{place}].quantity"
        if not 0 <= line.vat_basis_points <= 10_000:
            yield f"lines[{place}].vat_basis_points"
        if len(line.name) > LONGEST_NAME or "\x00" in line.name:
            yield f"lines[{place}].name"
    if any(not 0 <= amount <= LARGEST for amount in amounts):
        yield "amounts"


def faults(sale: OfflineSale) -> tuple[Note, ...]:
    """Why the sale cannot be what it says: sums that do not add up, or another way to pay than cash."""
    found: list[Note] = []
    for line in sale.lines:
        if line.total != line.unit * line.quantity or line.vat != vat_within(line.total, line.vat_basis_points):
            found.append({"code": "does_not_add_up", "sku": line.sku})
    if sale.total != sum(line.total for line in sale.lines) or sale.vat != sum(line.vat for line in sale.lines):
        found.append({"code": "does_not_add_up", "what": "total"})
    if sale.cash != sale.total or any(one.given - one.change != one.amount for one in sale.tenders):
        found.append({"code": "does_not_add_up", "what": "tenders"})
    if any(tender.method != "cash" for tender in sale.tenders):
        found.append({"code": "tender_refused"})
    return tuple(found)


def vat_within(gross: int, basis_points: int) -> int:
    """The VAT inside an amount that includes it, rounded half up to the minor unit."""
    whole = 10_000 + basis_points
    return (2 * gross * basis_points + whole) // (2 * whole)


def clock_note(sold_at: datetime, received_at: datetime, skew_ms: int | None) -> Note | None:
    """A note if the device's clock was off: a sale cannot be later than we learn of it.

    `skew_ms` is how far the clock was ahead when the device last told (None: it never did).
    """
    ahead = timedelta(milliseconds=skew_ms or 0)
    beyond = (sold_at - ahead) - received_at
    off = max(abs(ahead), beyond)
    return {"code": "clock_off", "seconds": int(off.total_seconds())} if off > CLOCK_MAY_BE_OFF else None
