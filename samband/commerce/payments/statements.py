"""Reading a bank statement: which money came in, and what was written on it. Who sent it is not read."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from samband.kernel.money import MINOR_DIGITS, Money
from samband.kernel.refusal import Invalid

from .references import found_in
from .refusals import StatementUnreadable

MOST_LINES = 20_000
MOST_CHARACTERS = 5_000_000

COLUMNS = {
    "id": ("id", "transaction id", "entry reference", "bank reference"),
    "amount": ("amount", "credit"),
    "currency": ("currency", "ccy"),
    "text": ("text", "reference", "remittance", "remittance information", "details", "description"),
}
"""What a column may be called, in any case."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Money that came in. `id` is the bank's own name for it; `references` those found in what the payer wrote."""

    id: str
    amount: Money
    references: tuple[str, ...]


def read(text: str) -> tuple[Entry, ...]:
    """Every payment that came in, as a statement with a header row tells it; what went out is passed over.

    Columns are parted by commas, semicolons or tabs. Raises StatementUnreadable.
    """
    if len(text) > MOST_CHARACTERS:
        raise StatementUnreadable("The statement is too long.")
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_parted_by(text))
    try:
        entries = tuple(_entries(rows, _columns(next(rows, []))))
    except csv.Error as error:
        raise StatementUnreadable("The statement is not a table.") from error
    if len({entry.id for entry in entries}) != len(entries):
        raise StatementUnreadable("The statement names a transaction twice.")
    return entries


def _parted_by(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _columns(header: list[str]) -> dict[str, int]:
    named = {name.strip().lower(): at for at, name in enumerate(header)}
    found = {what: next((named[name] for name in names if name in named), -1) for what, names in COLUMNS.items()}
    if missing := [what for what, at in found.items() if at < 0]:
        raise StatementUnreadable("The statement lacks a column.", missing=missing)
    return found


def _entries(rows: Iterator[list[str]], at: Mapping[str, int]) -> Iterator[Entry]:
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES:
            raise StatementUnreadable("The statement is too long.")
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(at.values()):
            raise StatementUnreadable("A row is too short.", row=number)
        name, currency = row[at["id"]].strip(), row[at["currency"]].strip().upper()
        if not 1 <= len(name) <= 100 or "\x00" in "".join(row):
            raise StatementUnreadable("A transaction has no id.", row=number)
        if currency not in MINOR_DIGITS:
            raise StatementUnreadable("The shop does not trade in this currency.", row=number)
        amount = _amount(row[at["amount"]], currency, number)
        if amount.amount > 0:
            yield Entry(name, amount, found_in(row[at["text"]]))


def _amount(typed: str, currency: str, number: int) -> Money:
    """An amount with a point or a comma before its cents, and whatever else between its thousands."""
    bare = re.sub(r"[\s\u00a0']", "", typed)
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(",") < bare.rfind(".") else "."
        bare = bare.replace(thousands, "")
    try:
        return Money.parse(Decimal(bare.replace(",", ".")), currency)
    except (InvalidOperation, Invalid) as error:
        raise StatementUnreadable("That is not an amount.", row=number) from error
