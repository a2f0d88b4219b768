"""What became different since the shopper last looked. Values in, values out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from samband.kernel.money import Money


@dataclass(frozen=True, slots=True)
class CartLineView:
    """A line: units of a SKU, and the price of one that the shopper was last shown, if any was."""

    sku: str
    quantity: int
    seen: Money | None


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with its lines in the order in which they came. `state` is open, ordered or joined.

    `coupons` are the codes that were entered; `joined_into` is the cart that this one became part of.
    """

    id: UUID
    customer_id: UUID | None
    market: str
    currency: str
    state: str
    version: int
    lines: tuple[CartLineView, ...]
    coupons: tuple[str, ...] = ()
    joined_into: UUID | None = None

    @property
    def pieces(self) -> int:
        """How many units there are in all."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What an edit left: so many of the SKU (none: it is out), and the cart's version from then on."""

    cart_id: UUID
    version: int
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Change:
    """Something the shopper has to be told about a line.

    `code`: price_up and price_down (was and now are prices of one), short and sold_out (units wanted and units to be
    had), gone (no longer sold: units wanted and none).
    """

    code: str
    sku: str
    was: Money | int
    now: Money | int


class Tagged(Protocol):
    """Anything with the price of one unit on it."""

    @property
    def unit(self) -> Money: ...


def changes(
    lines: Iterable[CartLineView],
    tags: Mapping[str, Tagged],
    available: Mapping[str, int],
    published: Collection[str],
) -> tuple[Change, ...]:
    """What to tell about these lines, in their order.

    `tags` are today's prices by SKU, `available` the units that can be had, `published` the SKUs that are sold at all.
    What is gone or sold out has no more to be told; what is short may have another price besides.
    """
    return tuple(change for line in lines for change in _of_line(line, tags, available, published))


def _of_line(
    line: CartLineView, tags: Mapping[str, Tagged], available: Mapping[str, int], published: Collection[str]
) -> Iterator[Change]:
    tag = tags.get(line.sku)
    if tag is None or line.sku not in published:
        yield Change("gone", line.sku, line.quantity, 0)
        return
    left = max(available.get(line.sku, 0), 0)
    if left == 0:
        yield Change("sold_out", line.sku, line.quantity, 0)
        return
    if left < line.quantity:
        yield Change("short", line.sku, line.quantity, left)
    if line.seen is not None and line.seen != tag.unit:
        yield Change("price_up" if line.seen < tag.unit else "price_down", line.sku, line.seen, tag.unit)
