"""The UCI Online Retail file (Chen, 2012): each row one line of a British gift retailer's invoice.

Columns: InvoiceNo, StockCode, Description, Quantity, InvoiceDate (ISO 8601, London's time), UnitPrice (pounds, taken to
include VAT), CustomerID, Country.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from samband.commerce.orders.rules import LONGEST_NAME, MOST_LINES, DraftLine, Historic
from samband.flows.take_over import Deal, Ground, Note
from samband.kernel.goods import MOST_OF_ONE, SKU

from . import rows
from .rejects import Rejects
from .tally import times

SOURCE = "online-retail"
COLUMNS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
MARKET = "GB"
CHANNEL = "import"
VAT_BASIS_POINTS = 2000
LARGEST_UNIT = 10**9

BOOKKEEPING = frozenset({"AMAZONFEE", "B", "CRUK"})
"""What the retailer paid or wrote off: never a customer's."""

CHARGES = "BANK CHARGES"
"""A customer's if a customer is named, else the retailer's own."""

NOT_GOODS = BOOKKEEPING | {CHARGES, "POST", "DOT", "C2", "D", "M", "S", "PADS"}
"""Carriage, discounts, samples and what was keyed in by hand; gift vouchers (GIFT_…) are no goods either."""

COUNTRIES = {"United Kingdom": "GB", "Iceland": "IS", "Poland": "PL", "Greece": "GR", "Latvia": "LV"}

_INVOICE = re.compile(r"(C?)[0-9]{1,20}")
_ADJUSTMENT = re.compile(r"A[0-9]{1,20}")
_CUSTOMER = re.compile(r"[0-9A-Za-z-]{0,40}")
_QUANTITY = re.compile(r"-?[0-9]{1,9}")
_PRICE = re.compile(r"(-?[0-9]{1,12})(?:\.([0-9]{1,12}))?")
_LONDON = ZoneInfo("Europe/London")


@dataclass(slots=True)
class Invoice:
    """Lines that were sold, or with `is_credit` taken back, together. A line may be here more than once."""

    reference: str
    is_credit: bool
    at: datetime
    customer: str
    country: str
    lines: list[DraftLine] = field(default_factory=list)
    is_done: bool = False

    @property
    def is_note(self) -> bool:
        """Nobody bought it and nothing was paid: somebody put stock right."""
        return not self.customer and not self.is_credit and not any(line.total for line in self.lines)


@dataclass
class Reading:
    """What is in a file. `worth` is that of the rows that are not rejects, in pence.

    `goods` are the lines that something on a shelf was ever sold by, each kind of line once: equal lines of invoices
    are the same object.
    """

    invoices: dict[str, Invoice] = field(default_factory=dict)
    write_offs: list[Note] = field(default_factory=list)
    goods: list[DraftLine] = field(default_factory=list)
    rows: int = 0
    worth: int = 0

    def sold(self) -> Iterator[Invoice]:
        return (invoice for invoice in self.invoices.values() if not invoice.is_note)

    def notes(self) -> list[Note]:
        """Corrections of stock: write-offs, and what was found or given away for nothing."""
        found = [
            Note(invoice.reference, line.sku, line.quantity, line.name, invoice.at)
            for invoice in self.invoices.values()
            if invoice.is_note
            for line in invoice.lines
        ]
        return sorted([*self.write_offs, *found], key=lambda note: (note.at, note.reference))


def is_goods(sku: str) -> bool:
    """Is it something that lies on a shelf?"""
    return sku not in NOT_GOODS and not sku.startswith("GIFT_")


def check(path: Path) -> None:
    """Raises NoSuchFile, and NotThatFile for a file with other columns."""
    if rows.header(path) != COLUMNS:
        raise rows.NotThatFile(columns=COLUMNS)


def read(
    path: Path,
    rejects: Rejects,
    progress: Callable[[int], None] = lambda rows: None,
    sold: Callable[[Invoice], None] = lambda invoice: None,
) -> Reading:
    """Read the whole file; every row is in the reading or among the rejects.

    `progress` hears how many rows are done, `sold` each invoice (that is no note) once nothing more of it can come.
    Takes some 300 bytes of memory a row. Raises what `check` does.
    """
    check(path)
    reading = Reading()
    lines, moments, ends = _Lines(), _Once(_moment), rows.last_lines(path)
    # Most rows go on with the sale of the row before: for them nothing needs to be looked up but the line.
    plain, sale, sale_moment, sale_customer = lines.plain.get, None, "", ""
    number, before = 1, ""
    with rows.records(path) as every:
        for number, row in enumerate(every, 2):
            if not number & 0x3FFF:
                progress(number)
            if len(row) != 8:
                rejects.add(number, path.name, "unreadable", row, None)
                continue
            reference, code, description, quantity, moment, price, customer, _ = row
            if reference != before:
                if 0 < ends.get(before.encode(errors="replace"), 0) <= every.line:
                    _end(reading.invoices.get(before), sold)
                before, sale = reference, None
            elif sale is not None and moment == sale_moment and customer == sale_customer:
                line = plain((code, description, quantity, price))
                if line is not None and len(sale) < MOST_LINES:
                    sale.append(line)
                    continue
            if reason := _take(reading, row, lines, moments):
                rejects.add(number, path.name, reason, row, times(quantity, price))
            elif (invoice := reading.invoices.get(reference)) and not invoice.is_credit:
                sale, sale_moment, sale_customer = invoice.lines, moment, customer
    for invoice in reading.invoices.values():
        _end(invoice, sold)
    reading.rows = number - 1
    reading.worth = sum([sum([line.total for line in invoice.lines]) for invoice in reading.invoices.values()])
    reading.goods = [line for line in lines.plain.values() if is_goods(line.sku)]
    progress(reading.rows)
    return reading


def _end(invoice: Invoice | None, sold: Callable[[Invoice], None]) -> None:
    """Nothing more of the invoice can come."""
    if invoice and not invoice.is_done:
        invoice.is_done = True
        if not invoice.is_note:
            sold(invoice)


def _take(reading: Reading, row: rows.Row, lines: "_Lines", moments: "_Once") -> str:
    """Put the row where it belongs, or tell the reason why it belongs nowhere."""
    reference, code, description, quantity, moment, price, customer, country = row
    line = lines[code, description, quantity, price]
    if isinstance(line, str):
        return line
    at = moments[moment]
    if at is None:
        return "unreadable"
    invoice = reading.invoices.get(reference)
    if invoice is None:
        if reason := _no_invoice(reference, customer):
            return reason
        invoice = Invoice(reference, reference[0] == "C", at, customer, country)
    if reason := _misfit(invoice, line, customer):
        return reason
    if line.quantity < 0 and not invoice.is_credit:
        reading.write_offs.append(Note(reference, line.sku, line.quantity, line.name, at))
        return ""
    if not invoice.lines:
        reading.invoices[reference] = invoice
    invoice.lines.append(line)
    return ""


def _no_invoice(reference: str, customer: str) -> str:
    if _ADJUSTMENT.fullmatch(reference):
        return "bookkeeping"
    if not _INVOICE.fullmatch(reference):
        return "not_an_invoice"
    return "" if _CUSTOMER.fullmatch(customer) else "unreadable"


def _misfit(invoice: Invoice, line: DraftLine, customer: str) -> str:
    if invoice.is_done:
        return "apart"
    if customer != invoice.customer:
        return "other_customer"
    if (line.quantity < 0) != invoice.is_credit and (invoice.is_credit or line.unit):
        return "sign_does_not_fit"
    if not customer and line.sku == CHARGES:
        return "bookkeeping"
    if not line.unit and not is_goods(line.sku) and (not customer or line.quantity < 0):
        return "not_goods"
    return "too_many_lines" if len(invoice.lines) >= MOST_LINES else ""


class _Lines(dict[tuple[str, str, str, str], DraftLine | str]):
    """What code, description, quantity and price come to: a line or a reason. The same come again and again.

    `plain` are the lines that fit every sale.
    """

    def __init__(self) -> None:
        self.plain: dict[tuple[str, str, str, str], DraftLine] = {}
        self._skus, self._names = _Once(_sku), _Once(_name)
        self._quantities, self._prices = _Once(_quantity), _Once(_price)

    def __missing__(self, key: tuple[str, str, str, str]) -> DraftLine | str:
        line = self[key] = self._line(*key)
        if isinstance(line, DraftLine) and line.total > 0 and line.sku != CHARGES:
            self.plain[key] = line
        return line

    def _line(self, code: str, description: str, quantity: str, price: str) -> DraftLine | str:
        parts = self._names[description], self._quantities[quantity], self._skus[code], self._prices[price]
        for part in parts:
            if isinstance(part, _Reason):
                return part.code
        name, units, sku, unit = parts
        total = units * unit
        vat = _vat(total)
        return DraftLine(sku, name or sku, units, unit, total, total - vat, vat, VAT_BASIS_POINTS)


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a field cannot be part of a line."""

    code: str


class _Once(dict[str, Any]):
    """What fields come to, each read once."""

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self._read(text)
        return value


def _sku(code: str) -> str | _Reason:
    sku = code.strip().upper()
    if not SKU.fullmatch(sku):
        return _Reason("no_sku")
    return _Reason("bookkeeping") if sku in BOOKKEEPING else sku


def _name(description: str) -> str | _Reason:
    if not rows.readable(description):
        return _Reason("unreadable")
    name = description.strip()
    return name if len(name) <= LONGEST_NAME else _Reason("too_large")


def _quantity(text: str) -> int | _Reason:
    if not _QUANTITY.fullmatch(text):
        return _Reason("unreadable")
    units = int(text)
    if abs(units) > MOST_OF_ONE:
        return _Reason("too_large")
    return units or _Reason("sign_does_not_fit")


def _price(text: str) -> int | _Reason:
    """Pence."""
    amount = _PRICE.fullmatch(text)
    if not amount:
        return _Reason("unreadable")
    if text.startswith("-"):
        return _Reason("negative_price")
    pence = (amount[2] or "").rstrip("0")
    if len(pence) > 2:
        return _Reason("finer_than_a_penny")
    unit = int(amount[1]) * 100 + int(pence.ljust(2, "0"))
    return unit if unit <= LARGEST_UNIT else _Reason("too_large")


def _vat(total: int) -> int:
    """The part of an amount that is VAT at 20 %: a sixth, rounded half away from nothing."""
    part = (abs(total) * VAT_BASIS_POINTS * 2 + 10_000 + VAT_BASIS_POINTS) // (2 * (10_000 + VAT_BASIS_POINTS))
    return part if total > 0 else -part


def _moment(text: str) -> datetime | None:
    """The moment, London's if it names no zone; None for what is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=_LONDON)


def deal(invoice: Invoice, ground: Ground, customers: dict[str, UUID]) -> Deal:
    """The invoice as an order that is over, paid or paid out in full."""
    total = sum([line.total for line in invoice.lines])
    vat = sum([line.vat for line in invoice.lines])
    order = Historic(
        source=SOURCE,
        reference=invoice.reference,
        kind="credit" if invoice.is_credit else "sale",
        state="completed",
        customer_id=customers.get(invoice.customer),
        channel=CHANNEL,
        market=ground.market,
        language="en",
        currency=ground.currency,
        total=total,
        total_net=total - vat,
        total_vat=vat,
        shipping=0,
        shipping_vat=0,
        placed_at=invoice.at,
        lines=tuple(invoice.lines),
    )
    return Deal(order, max(total, 0), max(-total, 0))
