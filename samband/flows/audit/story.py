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
        "order_and_story",
        "Order {number} is {state}, but it was told {placed} times that it was placed, {completed} that it was"
        " completed, {cancelled} that it was cancelled.",
        f"""
select o.number, o.order_id, o.state, coalesce(t.placed, 0) as placed, coalesce(t.completed, 0) as completed,
       coalesce(t.cancelled, 0) as cancelled
from ({orders.RELATION}) o left join ({_ORDERS}) t on t.subject = o.order_id
where o.source = '' and (coalesce(t.placed, 0), coalesce(t.completed, 0), coalesce(t.cancelled, 0))
    <> (o.was_placed::int, (o.state = 'completed')::int, (o.state = 'cancelled')::int)
order by 1
""",
    ),
    Check(
        "story_of_no_order",
        "Order {order_id} was told of, but does not exist.",
        f"""
select t.subject as order_id from ({_ORDERS}) t
where not exists (select from ({orders.RELATION}) o where o.order_id = t.subject) order by 1
""",
    ),
    Check(
        "fulfillment_and_story",
        "Fulfillment {number} is {state}, but it was told {handed_over} times that it was handed over, {shipped} that"
        " it was shipped.",
        f"""
select f.number, f.fulfillment_id, f.state, coalesce(t.handed_over, 0) as handed_over,
       coalesce(t.shipped, 0) as shipped
from ({fulfillment.RELATION}) f left join ({_FULFILLMENTS}) t on t.subject = f.fulfillment_id
where (coalesce(t.handed_over, 0), coalesce(t.shipped, 0)) <> (f.was_handed_over::int, f.was_shipped::int)
order by 1
""",
    ),
    Check(
        "story_of_no_fulfillment",
        "Fulfillment {fulfillment_id} was told of, but does not exist.",
        f"""
select t.subject as fulfillment_id from ({_FULFILLMENTS}) t
where not exists (select from ({fulfillment.RELATION}) f where f.fulfillment_id = t.subject) order by 1
""",
    ),
)
