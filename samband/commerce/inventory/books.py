"""What must balance in inventory: the ledger explains every level, open holds explain everything that is held, and
open fences everything that is fenced.
"""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

HOLDS = """
select h.id as hold_id, h.kind, h.state, coalesce(l.units, 0) as units, h.lapses_at
from inventory_hold h
left join (select hold, sum("left")::bigint as units from inventory_holdline where "left" > 0 group by hold) l
    on l.hold = h.id
"""
"""Every hold and how many units are left in it. Those of kind `order` have the id of an order or of a substitution."""

HELD = 'select hold as hold_id, location, sku, quantity, "left" as units from inventory_holdline'
"""What each hold was for, and how much of it is left."""

CHECKS = (
    Check(
        "ledger",
        "Level {sku} at {location} has {on_hand} on hand, but its moves sum to {moved}.",
        """
select location, sku, coalesce(l.on_hand, 0) as on_hand, coalesce(m.moved, 0)::bigint as moved
from inventory_level l
full join (select location, sku, sum(quantity) as moved from inventory_move group by location, sku) m
    using (location, sku)
where coalesce(l.on_hand, 0) <> coalesce(m.moved, 0)
order by sku, location
""",
    ),
    Check(
        "held",
        "Level {sku} at {location} has {held} held, but open holds claim {claimed}.",
        """
select location, sku, coalesce(l.held, 0) as held, coalesce(o.claimed, 0)::bigint as claimed
from inventory_level l
full join (
    select location, sku, sum("left") as claimed from inventory_holdline where "left" > 0 group by location, sku
) o using (location, sku)
where coalesce(l.held, 0) <> coalesce(o.claimed, 0)
order by sku, location
""",
    ),
    Check(
        "closed_with_goods",
        "Hold {hold} is closed, but {units} of {sku} at {location} are left in it.",
        """
select h.id as hold, l.location, l.sku, l."left" as units
from inventory_holdline l join inventory_hold h on h.id = l.hold
where l."left" > 0 and h.state = 'closed'
order by h.id, l.sku, l.location
""",
    ),
    Check(
        "empty",
        "Hold {hold} is {state}, but nothing is left in it.",
        """
select h.id as hold, h.state from inventory_hold h
where h.state <> 'closed' and h.kind <> 'allotment'
    and not exists (select from inventory_holdline l where l.hold = h.id and l."left" > 0)
order by h.id
""",
    ),
    Check(
        "more_left_than_held",
        "Hold {hold} was for {quantity} of {sku} at {location}, but {units} are left in it.",
        """
select hold, quantity, sku, location, "left" as units from inventory_holdline
where "left" > quantity or "left" < 0 order by hold, sku, location
""",
    ),
    Check(
        "impossible",
        "Level {sku} at {location} is impossible: {on_hand} on hand, {held} held, {fenced} fenced, {safety} safety.",
        """
select location, sku, on_hand, held, fenced, safety from inventory_level
where on_hand < 0 or held < 0 or fenced < 0 or held + fenced > on_hand or safety < 0
order by sku, location
""",
    ),
    Check(
        "fenced",
        "Level {sku} at {location} has {fenced} fenced, but {units} are left in its fences.",
        """
select l.location, l.sku, l.fenced, coalesce(sum((kept.value ->> 'left')::bigint), 0)::bigint as units
from inventory_level l left join lateral jsonb_each(l.fences) kept on true
where l.fenced <> 0 or l.fences is not null
group by l.location, l.sku, l.fenced
having l.fenced <> coalesce(sum((kept.value ->> 'left')::bigint), 0)
order by l.sku, l.location
""",
    ),
    Check(
        "fences",
        "Fence {fence} is {told}.",
        """
select coalesce(f.id, kept.id) as fence,
       case when kept.sku is null then 'open, but its level does not know it'
            else 'in a level, but no open fence there' end as told
from (select id from inventory_fence where ended_at is null) f
full join (
    select l.sku, l.location, kept.key as channel, (kept.value ->> 'id')::uuid as id
    from inventory_level l cross join lateral jsonb_each(l.fences) kept
) kept on kept.id = f.id
left join inventory_fence known
    on (known.id, known.sku, known.location, known.channel) = (kept.id, kept.sku, kept.location, kept.channel)
where f.id is null or kept.id is null or known.id is null
order by 1
""",
    ),
    Check(
        "drawn",
        "Hold {hold} has {drawn} of {sku} at {location} out of a fence that does not exist.",
        """
select l.hold, l.sku, l.location, l.drawn from inventory_holdline l
left join inventory_fence f on (f.id, f.sku, f.location) = (l.fence, l.sku, l.location)
where l.drawn > 0 and f.id is null
order by 1, 2, 3
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each level or hold that does not add up."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
