"""What the house's database says of a till's sales: counted where it counts."""

from dataclasses import dataclass

import psycopg

from tests.browser.running import House


@dataclass(frozen=True)
class Books:
    """Of one store: sales of one SKU that were counted and their worth, its stock, and the money in the drawers."""

    orders: int
    worth: int
    on_hand: int
    drawer: int
    kept: int

    def __sub__(self, other: "Books") -> "Books":
        return Books(
            self.orders - other.orders,
            self.worth - other.worth,
            self.on_hand - other.on_hand,
            self.drawer - other.drawer,
            self.kept - other.kept,
        )


SOLD = """
select {} from orders_order o
where o.state in ('placed', 'completed') and o.sold_at = %s
  and exists (select from orders_orderline l where l.order_id = o.id and l.sku = %s)
"""


def books(house: House, location: str, sku: str) -> Books:
    """Orders placed at a store with this SKU, its units on hand, the money in its drawers, and sales ever taken in."""
    return Books(
        orders=_one(house, SOLD.format("count(*)"), location, sku),
        worth=_one(house, SOLD.format("coalesce(sum(o.total), 0)"), location, sku),
        on_hand=_one(house, "select on_hand from inventory_level where location = %s and sku = %s", location, sku),
        drawer=_one(house, "select coalesce(sum(balance), 0)::bigint from tills_drawer where location = %s", location),
        kept=_one(house, "select count(*) from tills_queuedsale"),
    )


def _one(house: House, asked: str, *with_: object) -> int:
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(asked, with_).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return int(row[0])
