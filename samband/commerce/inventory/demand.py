"""What inventory can be asked about demand: what runs low, what is sold out here and lies there, what to move.

The pace of a SKU at a location is what left it in the last PACE_DAYS, a day. Where it was sold out meanwhile more would
have been sold, so its pace is rather too low; the buffer of the reorder point is for that too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from django.db import connection

from samband.kernel.clock import now

from .balancing import COVER, Shelf, Transfer, balance, reorder_point
from .queries import locations

PACE_DAYS = 28

_SHELVES = """
with sold as (
    select location, sku, -sum(quantity)::bigint as units from inventory_move
    where kind = 'issue' and at >= %s::timestamptz group by location, sku
)
select l.sku, l.location, greatest(l.on_hand - l.held - l.safety, 0),
    greatest(l.on_hand - l.held - l.safety - l.fenced, 0), coalesce(sold.units, 0)
from inventory_level l left join sold on sold.sku = l.sku and sold.location = l.location
where l.sku in (select sku from sold)
order by l.sku, l.location
"""


@dataclass(frozen=True, slots=True)
class LowStock:
    """A SKU at a location that is at its reorder point or below: units to sell, sold a day, days they last, and how
    many to order so that they last for three weeks beyond the wait for them.
    """

    location: str
    sku: str
    to_sell: int
    pace: float
    days: float
    reorder_point: int
    order: int


@dataclass(frozen=True, slots=True)
class Uneven:
    """A SKU that is sold out soon at some locations while it lies at others."""

    sku: str
    short: tuple[Shelf, ...]
    lying: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A transfer of a SKU that would help."""

    sku: str
    transfer: Transfer


def paces(location: str, most: int = 200) -> dict[str, float]:
    """Units a day of what a location sells, the quickest SKU before the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku, -sum(quantity)::float8 from inventory_move"
            " where kind = 'issue' and at >= %s::timestamptz and location = %s"
            " group by sku order by sum(quantity), sku limit %s",
            [now() - timedelta(days=PACE_DAYS), location, most],
        )
        return {sku: units / PACE_DAYS for sku, units in cursor.fetchall()}


def low_stock(location: str | None = None, most: int = 200) -> tuple[LowStock, ...]:
    """What should be ordered (for a location, if one is named), what lasts the shortest before the others."""
    low = [
        LowStock(
            shelf.location, sku, shelf.to_sell, shelf.pace, shelf.days, point,
            point + round(shelf.pace * COVER.aim_days) - shelf.to_sell,
        )
        for sku, shelves in _by_sku()
        for shelf in shelves
        if shelf.pace and location in (None, shelf.location)
        for point in [reorder_point(shelf.pace)]
        if shelf.to_sell <= point
    ]  # fmt: skip
    return tuple(sorted(low, key=lambda each: (each.days, -each.pace, each.sku, each.location))[:most])


def uneven(most: int = 100) -> tuple[Uneven, ...]:
    """SKUs that lie where they are not asked for, those that are missed the most before the others."""
    found = []
    for sku, shelves in _by_sku():
        short = tuple(sorted((shelf for shelf in shelves if shelf.is_short()), key=lambda shelf: shelf.days))
        lying = tuple(sorted((shelf for shelf in shelves if shelf.spares()), key=lambda shelf: -shelf.spares()))
        if short and lying:
            found.append(Uneven(sku, short, lying))
    return tuple(sorted(found, key=_missed)[:most])


def _missed(each: Uneven) -> tuple[float, str]:
    return -sum(shelf.pace for shelf in each.short), each.sku


def proposals(most: int = 100) -> tuple[Proposal, ...]:
    """Transfers that would help, to where goods are sold out first before the others."""
    found = [Proposal(sku, transfer) for sku, shelves in _by_sku() for transfer in balance(shelves)]
    return tuple(sorted(found, key=lambda each: (each.transfer.days_there, each.sku, each.transfer.location))[:most])


def _by_sku() -> Iterator[tuple[str, list[Shelf]]]:
    """The shelves of every SKU that was sold anywhere of late. One statement."""
    sites = locations()
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES, [now() - timedelta(days=PACE_DAYS)])
        rows = cursor.fetchall()
    for sku, shelves in groupby(rows, key=lambda row: row[0]):
        yield (
            sku,
            [
                Shelf(code, to_sell, movable, sold / PACE_DAYS, sites[code].country, sites[code].place)
                for _, code, to_sell, movable, sold in shelves
                if code in sites
            ],
        )
