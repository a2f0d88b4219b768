"""What must balance in inventory: the ledger explains every level, open holds explain everything that is held, and
open fences everything that is fenced.
"""

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
where h.state <> 'closed' and h.kind <> 'allotment'
    and not exists (select from inventory_holdline l where l.hold = h.id and l."left" > 0)
order by h.id
"""

_IMPOSSIBLE = """
select location, sku, on_hand, held, fenced, safety from inventory_level
where on_hand < 0 or held < 0 or fenced < 0 or held + fenced > on_hand or safety < 0
order by sku, location
"""


_FENCED = """
select l.location, l.sku, l.fenced, sum((kept.value ->> 'left')::bigint)
from inventory_level l left join lateral jsonb_each(l.fences) kept on true
where l.fenced <> 0 or l.fences is not null
group by l.location, l.sku, l.fenced
having l.fenced <> coalesce(sum((kept.value ->> 'left')::bigint), 0)
order by l.sku, l.location
"""

_FENCES = """
select coalesce(f.id, kept.id), kept.sku is null
from (select id from inventory_fence where ended_at is null) f
full join (
    select l.sku, l.location, kept.key as channel, (kept.value ->> 'id')::uuid as id
    from inventory_level l cross join lateral jsonb_each(l.fences) kept
) kept on kept.id = f.id
left join inventory_fence known
    on (known.id, known.sku, known.location, known.channel) = (kept.id, kept.sku, kept.location, kept.channel)
where f.id is null or kept.id is null or known.id is null
order by 1
"""

_DRAWN = """
select l.hold, l.sku, l.location, l.drawn from inventory_holdline l
left join inventory_fence f on (f.id, f.sku, f.location) = (l.fence, l.sku, l.location)
where l.drawn > 0 and f.id is null
order by 1, 2, 3
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
    for location, sku, on_hand, held, fenced, safety in _rows(_IMPOSSIBLE):
        told = f"{on_hand} on hand, {held} held, {fenced} fenced, {safety} safety"
        yield f"Level {sku} at {location} is impossible: {told}."
    for location, sku, fenced, left in _rows(_FENCED):
        yield f"Level {sku} at {location} has {fenced} fenced, but {left or 0} are left in its fences."
    for fence, nowhere in _rows(_FENCES):
        told = "open, but its level does not know it" if nowhere else "in a level, but no open fence there"
        yield f"Fence {fence} is {told}."
    for hold, sku, location, drawn in _rows(_DRAWN):
        yield f"Hold {hold} has {drawn} of {sku} at {location} out of a fence that does not exist."


def _rows(statement: str) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(1000):
            yield from batch
