"""What must balance in the tills."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

CASH = """
select order_id, sum(amount)::bigint as cash from tills_drawermovement where order_id is not null group by order_id
"""
"""What the drawers keep of each order, in minor units: paid in less paid back."""

SALES = "select id as sale, order_id from tills_queuedsale where order_id is not null"
"""Sales that were made while a till was alone, and the orders they became."""

CHECKS = (
    Check(
        "balances",
        "Drawer {drawer} has a balance of {balance}, but its movements sum to {moved}.",
        """
select d.id as drawer, d.balance, coalesce(sum(m.amount), 0)::bigint as moved from tills_drawer d
left join tills_drawermovement m on m.drawer_id = d.id
group by d.id, d.balance having d.balance <> coalesce(sum(m.amount), 0) order by d.id
""",
    ),
    Check(
        "closings",
        "Closing {number} of {location} expected {expected}, but {moved} had moved until then.",
        """
select d.location, d.number, d.expected, coalesce(sum(m.amount) filter (where not m.late), 0)::bigint as moved
from tills_drawer d left join tills_drawermovement m on m.drawer_id = d.id
where d.state = 'closed'
group by d.id, d.location, d.number, d.expected
having d.expected <> coalesce(sum(m.amount) filter (where not m.late), 0) order by 1, 2
""",
    ),
    Check(
        "numbers",
        "{location} has {closings} closings, but the last has the number {last}.",
        """
select location, count(*) as closings, max(number) as last from tills_drawer where state = 'closed'
group by location having count(*) <> max(number) order by 1
""",
    ),
    # The money of a sale in conflict is in the drawer but no order's; once decided, none of it is set apart any more.
    Check(
        "apart",
        "Sale {sale} ({state}) of {cash} in cash has {apart} set apart in its drawer.",
        """
select s.id as sale, s.state, s.cash, coalesce(sum(m.amount), 0)::bigint as apart
from tills_queuedsale s
left join tills_drawermovement m on m.sale_id = s.id and m.kind = 'unsettled'
group by s.id, s.state, s.cash
having coalesce(sum(m.amount), 0) <> case when s.state = 'conflict' then s.cash else 0 end
order by s.id
""",
    ),
    Check(
        "taken",
        "Sale {sale} was {cash} in cash, but {moved} of its order went into its drawer.",
        """
select s.id as sale, s.cash, coalesce(sum(m.amount), 0)::bigint as moved
from tills_queuedsale s
left join tills_drawermovement m on m.order_id = s.order_id and m.kind = 'sale' and m.drawer_id = s.drawer_id
where s.order_id is not null
group by s.id, s.cash having s.cash <> coalesce(sum(m.amount), 0) order by s.id
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each drawer or sale whose money does not add up."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
