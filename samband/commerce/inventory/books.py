"""What must balance in inventory: the ledger explains every level, and open holds explain everything that is held."""

from collections.abc import Iterator

from django.db import connection

_LEDGER = """
select location, sku, coalesce(l.on_hand, 0), coalesce(m.moved, 0)
from inventory_level l
full join (
    select location, sku, sum(quantity) as moved from inventory_move group by location, sku
) m using (location, sku)
where coalesce(l.on_hand, 0) <> coalesce(m.moved, 0)
order by sku, location
"""

_HELD = """
select location, sku, coalesce(l.held, 0), coalesce(o.claimed, 0)
from inventory_level l
full join (
    select location, sku, sum("left") as claimed from inventory_holdline where "left" > 0 group by location, sku
) o using (location, sku)
where coalesce(l.held, 0) <> coalesce(o.claimed, 0)
order by sku, location
"""

_CLOSED = """
select h.id, l.location, l.sku, l."left" from inventory_holdline l join inventory_hold h on h.id = l.hold
where l."left" > 0 and h.state = 'closed'
order by h.id, l.sku, l.location
"""

_EMPTY = """
select h.id, h.state from inventory_hold h
where h.state <> 'closed' and not exists (select from inventory_holdline l where l.hold = h.id and l."left" > 0)
order by h.id
"""

_IMPOSSIBLE = """
select location, sku, on_hand, held, safety from inventory_level
where on_hand < 0 or held < 0 or held > on_hand or safety < 0
order by sku, location
"""


def findings() -> Iterator[str]:
    """One sentence for each level or hold that does not add up."""
    for location, sku, on_hand, moved in _rows(_LEDGER):
        yield f"Level {sku} at {location} has {on_hand} on hand, but its moves sum to {moved}."
    for location, sku, held, claimed in _rows(_HELD):
        yield f"Level {sku} at {location} has {held} held, but open holds claim {claimed}."
    for hold, location, sku, left in _rows(_CLOSED):
        yield f"Hold {hold} is closed, but {left} of {sku} at {location} are left in it."
    for hold, state in _rows(_EMPTY):
        yield f"Hold {hold} is {state}, but nothing is left in it."
    for location, sku, on_hand, held, safety in _rows(_IMPOSSIBLE):
        yield f"Level {sku} at {location} is impossible: {on_hand} on hand, {held} held, {safety} safety."


def _rows(statement: str) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(1000):
            yield from batch
