"""State and story never part: what stands in the rooms was told once, and what was told stands in the rooms."""

from samband.commerce.fulfillment import books as fulfillment
from samband.commerce.orders import books as orders
from samband.kernel.books import Check, Checks
from samband.timeline import books as timeline


def _counts(subject: str, names: dict[str, str]) -> str:
    """By subject, how often each of these events was told of it."""
    counted = ", ".join(f"count(*) filter (where name = '{name}') as {what}" for what, name in names.items())
    asked = ", ".join(f"'{name}'" for name in names.values())
    return f"""
select substr(subject, {len(subject) + 2})::uuid as subject, {counted} from ({timeline.RELATION}) e
where name in ({asked}) group by subject
"""


_ORDERS = _counts(
    "order",
    {"placed": "orders.OrderPlaced", "completed": "orders.OrderCompleted", "cancelled": "orders.OrderCancelled"},
)
_FULFILLMENTS = _counts(
    "fulfillment", {"handed_over": "fulfillment.GoodsHandedOver", "shipped": "fulfillment.ParcelShipped"}
)

CHECKS: Checks = (
    Check(
        "orders",
        "Order {order} is {state}, but it was told {placed} times that it was placed, {completed} that it was"
        " completed, {cancelled} that it was cancelled.",
        f"""
select coalesce(o.number, t.subject::text) as order, coalesce(o.state, 'not there') as state,
       coalesce(t.placed, 0) as placed, coalesce(t.completed, 0) as completed, coalesce(t.cancelled, 0) as cancelled
from (select * from ({orders.RELATION}) every where source = '') o full join ({_ORDERS}) t on t.subject = o.order_id
where (coalesce(t.placed, 0), coalesce(t.completed, 0), coalesce(t.cancelled, 0)) is distinct from
    (coalesce(o.was_placed, false)::int, (coalesce(o.state, '') = 'completed')::int,
     (coalesce(o.state, '') = 'cancelled')::int)
order by 1
""",
    ),
    Check(
        "fulfillments",
        "Fulfillment {fulfillment} is {state}, but it was told {handed_over} times that it was handed over,"
        " {shipped} that it was shipped.",
        f"""
select coalesce(f.number, t.subject::text) as fulfillment, coalesce(f.state, 'not there') as state,
       coalesce(t.handed_over, 0) as handed_over, coalesce(t.shipped, 0) as shipped
from ({fulfillment.RELATION}) f full join ({_FULFILLMENTS}) t on t.subject = f.fulfillment_id
where (coalesce(t.handed_over, 0), coalesce(t.shipped, 0)) is distinct from
    (coalesce(f.was_handed_over, false)::int, coalesce(f.was_shipped, false)::int)
order by 1
""",
    ),
)
