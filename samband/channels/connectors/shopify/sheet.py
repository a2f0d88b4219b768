"""A Shopify export as rows of named fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .. import rows
from ..rejects import Rejects

Kind = Literal["products", "customers", "orders"]

MARKS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("orders", frozenset({"Name", "Lineitem name", "Lineitem quantity", "Lineitem price", "Total", "Currency"})),
    ("products", frozenset({"Handle", "Title"})),
    ("customers", frozenset({"Email", "First Name", "Last Name"})),
)
"""Columns that only this kind of export has, and that cannot be missed. The first that fits counts."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its number in the file, its fields as they were, and by name. A name that is not there is empty."""

    number: int
    raw: list[str]
    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def first(self, *names: str) -> str:
        """The first of these fields that says something: exports have changed their names over the years."""
        return next((self.fields[name] for name in names if self.fields.get(name)), "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """An export that was recognised."""

    path: Path
    kind: Kind
    columns: list[str]


def recognised(path: Path) -> Sheet:
    """Raises NoSuchFile, NotThatFile."""
    columns = [name.strip() for name in rows.header(path)]
    for kind, marks in MARKS:
        if marks <= set(columns):
            return Sheet(path, kind, columns)
    raise rows.NotThatFile("That is no export of Shopify's products, customers or orders.", file=path.name)


def records(sheet: Sheet, rejects: Rejects) -> Iterator[Record]:
    """Every row that can be read; the others are rejected here."""
    with rows.records(sheet.path) as every:
        for number, row in enumerate(every, 2):
            if len(row) != len(sheet.columns) or not all(map(rows.readable, row)):
                rejects.add(number, sheet.path.name, "unreadable", row, None if sheet.kind == "orders" else 0)
                continue
            yield Record(number, row, {name: text.strip() for name, text in zip(sheet.columns, row, strict=True)})


def reject(
    sheet: Sheet,
    rejects: Rejects,
    parts: Sequence[Record],
    reason: str,
    because: str = "",
    worth: Sequence[Decimal | None] | None = None,
) -> None:
    """Reject all of these rows for one reason."""
    for record, one in zip(parts, worth or [Decimal(0)] * len(parts), strict=True):
        rejects.add(record.number, sheet.path.name, reason, record.raw, one, because)


def minor(text: str, currency: str) -> int:
    """An amount as minor units; nothing is nothing. Raises Invalid."""
    if not text:
        return 0
    if not text.isascii():
        raise Invalid("That is not an amount.")
    return Money.parse(text.replace("_", " "), currency).amount


def told(refusal: Invalid | Exception) -> str:
    """What a refusal says, with its details but nobody's name."""
    details = getattr(refusal, "details", {})
    said = getattr(refusal, "message", str(refusal))
    return f"{said} {', '.join(f'{name}: {value}' for name, value in details.items())}".strip()
