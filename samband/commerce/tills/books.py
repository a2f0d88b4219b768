"""What must balance in the tills."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

_BALANCES = """
select d.id, d.balance, coalesce(sum(m.amount), 0)::bigint from tills_drawer d
left join tills_drawermovement m on m.drawer_id = d.id
group by d.id, d.balance having d.balance <> coalesce(sum(m.amount), 0) order by d.id
"""

_CLOSINGS = """
select d.location, d.number, d.expected, coalesce(sum(m.amount) filter (where not m.late), 0)::bigint
from tills_drawer d left join tills_drawermovement m on m.drawer_id = d.id
where d.state = 'closed'
group by d.id, d.location, d.number, d.expected
having d.expected <> coalesce(sum(m.amount) filter (where not m.late), 0) order by 1, 2
"""

_NUMBERS = """
select location, count(*), max(number) from tills_drawer where state = 'closed'
group by location having count(*) <> max(number) order by 1
"""

# The money of a sale in conflict is in the drawer but no order's; once decided, none of it is set apart any more.
_APART = """
select s.id, s.state, s.cash, coalesce(sum(m.amount), 0)::bigint
from tills_queuedsale s
left join tills_drawermovement m on m.sale_id = s.id and m.kind = 'unsettled'
group by s.id, s.state, s.cash
having coalesce(sum(m.amount), 0) <> case when s.state = 'conflict' then s.cash else 0 end
order by s.id
"""

_TAKEN = """
select s.id, s.cash, coalesce(sum(m.amount), 0)::bigint
from tills_queuedsale s
left join tills_drawermovement m on m.order_id = s.order_id and m.kind = 'sale' and m.drawer_id = s.drawer_id
where s.order_id is not null
group by s.id, s.cash having s.cash <> coalesce(sum(m.amount), 0) order by s.id
"""


def findings() -> Iterator[str]:
    """One sentence for every drawer or sale whose money does not add up."""
    for drawer, balance, moved in _rows(_BALANCES):
        yield f"Drawer {drawer} has a balance of {balance}, but its movements sum to {moved}."
    for location, number, expected, moved in _rows(_CLOSINGS):
        yield f"Closing {number} of {location} expected {expected}, but {moved} had moved until then."
    for location, closed, last in _rows(_NUMBERS):
        yield f"{location} has {closed} closings, but the last has the number {last}."
    for sale, state, cash, apart in _rows(_APART):
        yield f"Sale {sale} ({state}) of {cash} in cash has {apart} set apart in its drawer."
    for sale, cash, moved in _rows(_TAKEN):
        yield f"Sale {sale} was {cash} in cash, but {moved} of its order went into its drawer."


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
