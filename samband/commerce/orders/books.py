"""What must balance in orders."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

RELATION = """
select id as order_id, number, kind, state, source, total, refunded, currency, cart_id, customer_id, contact_id,
       placed_at is not null as was_placed
from orders_order
"""
"""Every order there is; amounts in minor units of `currency`. `source` is '' unless it was taken over."""

UNITS = "select order_id, sum(quantity)::bigint as units from orders_orderline group by order_id"
"""How many units each order is for, those that were called off too."""

GROUPS = """
select order_id, location, goods.key as sku, sum(goods.value::bigint)::bigint as units
from orders_ordergroup cross join jsonb_each_text(goods) goods group by order_id, location, goods.key
"""
"""What of each order comes from where."""

GOES_TO = "select order_id, address_id from orders_ordergroup where address_id is not null"
"""The addresses orders go to."""

CHECKS = (
    Check(
        "lines_do_not_sum",
        "Order {number}: its total is {total} (VAT {total_vat}) but shipping and its {lines} lines sum to {sum_total}"
        " (VAT {sum_vat}).",
        """
select o.number, o.total, o.total_vat, (o.shipping + l.total)::bigint as sum_total,
       (o.shipping_vat + l.vat)::bigint as sum_vat, l.lines
from orders_order o
join (
    select order_id, sum(total) as total, sum(vat) as vat, count(*) as lines from orders_orderline group by order_id
) l on l.order_id = o.id
where o.total <> o.shipping + l.total or o.total_vat <> o.shipping_vat + l.vat
""",
    ),
    Check(
        "net_and_vat",
        "Order {number}: {total_net} and {total_vat} VAT are not {total}.",
        "select number, total_net, total_vat, total from orders_order where total_net + total_vat <> total",
    ),
    Check(
        "no_lines",
        "Order {number} has no lines.",
        """
select number from orders_order o where not exists (select from orders_orderline l where l.order_id = o.id)
""",
    ),
    Check(
        "wrong_sign",
        "Order {number} has a line whose sign does not fit a sale or a credit.",
        """
select distinct o.number from orders_order o join orders_orderline l on l.order_id = o.id
where (o.kind = 'sale') <> (l.quantity > 0)
""",
    ),
    Check(
        "groups_differ",
        "Order {number}: the goods of its groups are not the goods of its lines.",
        f"""
select o.number from (
    select order_id from (
        select order_id, sku, quantity from orders_orderline
        union all select order_id, sku, -units from ({GROUPS}) grouped
    ) both_ways
    group by order_id, sku having sum(quantity) <> 0
) differs join orders_order o on o.id = differs.order_id
where o.source = '' and o.kind = 'sale' group by o.number
""",
    ),
    Check(
        "half_cancelled",
        "Order {number} is cancelled, but not all of its lines are.",
        """
select distinct o.number from orders_order o join orders_orderline l on l.order_id = o.id
where o.state = 'cancelled' and o.source = '' and l.quantity > l.cancelled_quantity
""",
    ),
    Check(
        "refunded_too_much",
        "Order {number}: {refunded} was refunded of {total}.",
        "select number, refunded, total from orders_order where kind = 'sale' and refunded > total",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each order that does not add up."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
