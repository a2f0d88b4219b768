"""How goods are named and counted between rooms."""

import re
from dataclasses import dataclass

from .refusal import Invalid

SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+ -]{0,63}")
MOST_OF_ONE = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """So many units (≥ 1) of one stock-keeping unit. Lines sort by SKU: the one order in which everybody locks."""

    sku: str
    quantity: int

    def __post_init__(self) -> None:
        if not isinstance(self.sku, str) or not SKU.fullmatch(self.sku):
            raise Invalid("That is not a SKU.")
        if (
            not isinstance(self.quantity, int)
            or isinstance(self.quantity, bool)
            or not 1 <= self.quantity <= MOST_OF_ONE
        ):
            raise Invalid("A quantity is a whole number from one.", sku=self.sku)


@dataclass(frozen=True, slots=True)
class Position:
    """So many units of one SKU at one location (its code); in an adjustment the number may be negative."""

    location: str
    sku: str
    quantity: int


def gathered(lines: "list[Line] | tuple[Line, ...]") -> tuple[Line, ...]:
    """The same goods with one line a SKU, in the order in which everybody locks."""
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.sku] = sums.get(line.sku, 0) + line.quantity
    return tuple(Line(sku, quantity) for sku, quantity in sorted(sums.items()))
