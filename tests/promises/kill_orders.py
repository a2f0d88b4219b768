"""How orders stand, read from their table itself."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class Stands:
    """An order and how it stands; `total` in minor units, `units` of goods."""

    order_id: UUID
    number: str
    state: str
    total: int
    units: int


def standings() -> list[Stands]:
    """Every order, in the order of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select o.id, o.number, o.state, o.total, coalesce(sum(l.quantity), 0)::int from orders_order o"
            " left join orders_orderline l on l.order_id = o.id group by o.id order by o.number"
        )
        return [Stands(*row) for row in cursor.fetchall()]
