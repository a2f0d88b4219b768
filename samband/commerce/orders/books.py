"""What must balance in orders."""

from collections.abc import Iterator

from django.db import connection

_LINES_DO_NOT_SUM = """
select o.number, o.total, o.total_vat, o.shipping + l.total, o.shipping_vat + l.vat, l.lines
from orders_order o
join (
    select order_id, sum(total) as total, sum(vat) as vat, count(*) as lines from orders_orderline group by order_id
) l on l.order_id = o.id
where o.total <> o.shipping + l.total or o.total_vat <> o.shipping_vat + l.vat
"""

_NO_LINES = """
select number from orders_order o where not exists (select from orders_orderline l where l.order_id = o.id)
"""

_WRONG_SIGN = """
select distinct o.number from orders_order o join orders_orderline l on l.order_id = o.id
where (o.kind = 'sale') <> (l.quantity > 0)
"""

_GROUPS_DIFFER = """
with ours as (
    select id, number from orders_order where source = '' and kind = 'sale'
), wanted as (
    select l.order_id, l.sku, sum(l.quantity) as quantity from orders_orderline l join ours on ours.id = l.order_id
    group by l.order_id, l.sku
), grouped as (
    select g.order_id, goods.key as sku, sum(goods.value::bigint) as quantity
    from orders_ordergroup g cross join jsonb_each_text(g.goods) goods group by g.order_id, goods.key
)
select distinct ours.number from wanted full join grouped using (order_id, sku) join ours on ours.id = order_id
where wanted.quantity is distinct from grouped.quantity
"""

_HALF_CANCELLED = """
select distinct o.number from orders_order o join orders_orderline l on l.order_id = o.id
where o.state = 'cancelled' and o.source = '' and l.quantity > l.cancelled_quantity
"""

_REFUNDED_TOO_MUCH = "select number, refunded, total from orders_order where kind = 'sale' and refunded > total"


def findings() -> Iterator[str]:
    """One sentence for every order that does not add up."""
    for number, total, vat, sum_total, sum_vat, lines in _rows(_LINES_DO_NOT_SUM):
        yield (
            f"Order {number}: its total is {total} (VAT {vat}) but shipping and its {lines} lines"
            f" sum to {sum_total} (VAT {sum_vat})."
        )
    for (number,) in _rows(_NO_LINES):
        yield f"Order {number} has no lines."
    for (number,) in _rows(_WRONG_SIGN):
        yield f"Order {number} has a line whose sign does not fit a sale or a credit."
    for (number,) in _rows(_GROUPS_DIFFER):
        yield f"Order {number}: the goods of its groups are not the goods of its lines."
    for (number,) in _rows(_HALF_CANCELLED):
        yield f"Order {number} is cancelled, but not all of its lines are."
    for number, refunded, total in _rows(_REFUNDED_TOO_MUCH):
        yield f"Order {number}: {refunded} was refunded of {total}."


def _rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
