"""Goods as they come from a scanner or a keyboard: a SKU or GTIN and how many, line by line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.gtins import is_gtin
from samband.commerce.catalog.refusals import NoSuchProduct
from samband.kernel.goods import MOST_OF_ONE, SKU
from samband.kernel.refusal import Invalid

from . import reading

ROWS = 6
MOST_LINES = 500


class UnknownGoods(Invalid):
    """The catalog knows no such SKU or GTIN; `row` says in which line and `given` what it said."""

    code = "unknown_goods"


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as it was sent: where it stands, the code, and how many."""

    row: int
    code: str
    quantity: int


def read(given: Mapping[str, str], least: int = 1) -> dict[str, int]:
    """How many of each SKU: rows and scanned lines together, the same goods added up.

    Raises UnknownGoods, and NotRead for a quantity that is none or for nothing at all; then nothing was done.
    """
    typed = [*_rows(given, least), *_scanned(given, least)]
    if not typed:
        raise reading.NotRead(field="sku", want="something")
    if len(typed) > MOST_LINES:
        raise reading.NotRead(field="sku", want="text")
    known = _known([line.code for line in typed])
    goods: dict[str, int] = {}
    for line in typed:
        if line.code not in known:
            raise UnknownGoods(row=line.row, given=line.code[:64])
        sku = known[line.code]
        goods[sku] = goods.get(sku, 0) + line.quantity
    return goods


def _rows(given: Mapping[str, str], least: int) -> Iterator[Typed]:
    for row in reading.numbered(given, "code"):
        if code := reading.text(given, f"code-{row}", 64):
            field = f"quantity-{row}"
            quantity = reading.whole(given, field, least, MOST_OF_ONE) if given.get(field, "").strip() else 1
            yield Typed(row + 1, code, quantity)


def _scanned(given: Mapping[str, str], least: int) -> Iterator[Typed]:
    """One line each: a code, or a code and a quantity. A code that is scanned twice is there twice."""
    for row, line in enumerate(reading.text(given, "scanned").splitlines(), 1):
        if line := line.strip():
            yield Typed(row, *_split(line, row, least))


def _split(line: str, row: int, least: int) -> tuple[str, int]:
    code, gap, last = line.rpartition("\t") if "\t" in line else re.sub(r"[;,]", " ", line).rpartition(" ")
    code = code.strip()
    if not gap or not code or not re.fullmatch(r"[+-]?\d{1,7}", last, re.ASCII) or _is_code(line):
        return line, 1
    if not least <= int(last) <= MOST_OF_ONE:
        raise reading.NotRead(field="quantity", want="whole", row=row)
    return code, int(last)


def _is_code(line: str) -> bool:
    """A SKU may itself have a space and a number at its end."""
    return bool(SKU.fullmatch(line)) and line in catalog.items([line])


def _known(codes: list[str]) -> dict[str, str]:
    """The SKU for each code that the catalog knows."""
    known = {sku: sku for sku in catalog.items([code for code in codes if SKU.fullmatch(code)])}
    for code in codes:
        if code not in known and code.isascii() and code.isdigit() and is_gtin(code):
            try:
                known[code] = catalog.by_gtin(code).sku
            except NoSuchProduct:
                continue
    return known
