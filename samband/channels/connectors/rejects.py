"""Rows that were not taken over, each with its reason, in a file that a person can open."""

import csv
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from types import TracebackType

from .tally import NUMBER, Worth

REASONS: Mapping[str, str] = {
    "unreadable": "The row cannot be read: columns, a number, a date or letters are broken.",
    "not_an_invoice": "The invoice number is none.",
    "no_sku": "The row names no goods, or by a code that cannot be one.",
    "finer_than_a_penny": "The price is finer than the currency's smallest coin.",
    "too_large": "A number is beyond belief.",
    "negative_price": "A price below nothing.",
    "bookkeeping": "The retailer's own bookkeeping (fees, bad debt), nothing that a customer bought or gave back.",
    "not_goods": "A note about stock of something that is no goods.",
    "sign_does_not_fit": "A sale with less than one unit, or a cancellation with more than none.",
    "other_customer": "The invoice was begun for another customer.",
    "apart": "The row stands apart from its invoice, in writing that hid it until the invoice was done with.",
    "too_many_lines": "The invoice has more lines than an order can have.",
    "incomplete": "Something that is needed is missing.",
    "repeated": "The same was in the files before.",
    "picture": "The row holds nothing but a picture, and pictures are not fetched.",
    "unknown_currency": "No market of ours trades in this currency.",
    "does_not_add_up": "The parts do not sum to the total.",
    "still_open": "The order is not over: it is still to be paid or sent.",
    "not_a_customer": "The row has no e-mail address or id that could be somebody's.",
    "refused": "It could not be taken over as it is; the explanation says why.",
}
"""Every reason there is, by its stable code."""

LEFT: Mapping[str, str] = {
    "pictures": "pictures were not fetched: we ask nobody outside",
    "crossed_out": "higher prices were crossed out; here an offer has an end, which the file does not tell",
    "barcodes": "barcodes are no GTINs, or another's",
    "phones": "telephone numbers cannot be dialled",
    "addresses": "addresses are incomplete, or outside our countries",
    "erased": "times a row was about somebody who asked to be forgotten: nothing of them was taken over",
    "negative_stock": "variants had less than nothing in stock",
    "stock_not_counted": "variants were not counted there, and have no stock until somebody counts them",
}
"""What may be left behind of rows that are taken over, by code."""


def path_of(folder: Path, file: Path) -> Path:
    """Where the rejects of a file lie."""
    name = file.name.removesuffix(".gz").removesuffix(".csv") or "file"
    return folder / f"{name}-rejects.csv"


class Rejects:
    """A rejects file being written; it is put in its place, whole, when the block ends well."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.reasons: Counter[str] = Counter()
        self.worth = Worth()
        self._columns = columns

    def __enter__(self) -> "Rejects":
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._unfinished = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        # They may name people: only we may read them.
        self._file = open(os.open(self._unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", newline="",
                          encoding="utf-8", errors="backslashreplace")  # fmt: skip
        self._writer = csv.writer(self._file)
        self._writer.writerow(["row", "file", "reason", "explanation", *self._columns])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, traceback: TracebackType | None) -> None:
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self._unfinished.replace(self.path)
        finally:
            with suppress(OSError):  # what is not whole, for want of room perhaps, names people all the same
                self._file.close()
            self._unfinished.unlink(missing_ok=True)

    def add(
        self,
        number: int,
        file: str,
        reason: str,
        row: Sequence[str],
        worth: Decimal | int | None = 0,
        because: str = "",
    ) -> None:
        """Keep a row that is not taken over. `worth` is its quantity × price, None if that cannot be read."""
        self.reasons[reason] += 1
        self.worth.add(worth)
        self._writer.writerow([number, file, reason, because or REASONS[reason], *map(_inert, row)])

    @property
    def rows(self) -> int:
        return self.reasons.total()


def _inert(text: str) -> str:
    """A field that a spreadsheet would run as a formula is only shown."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" and not NUMBER.fullmatch(text) else text
