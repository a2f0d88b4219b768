"""The statements that change levels. Each locks the levels it will change in one order, (SKU, location), for everybody,
so that two who want the same goods wait for each other and never deadlock.

PostgreSQL's `update … from` locks in whatever order its plan meets the rows. Therefore a materialized step locks them
first, sorted; it also reads them again after a wait, so that what is decided there is decided on fresh values. The
update then sets every column that a CHECK looks at from what that step read: an update meets a row first as it was
when the statement began, and a CHECK would judge a mixture of then and now before the row is read again. Rows that do
not exist yet are made by `make_room` in a statement of its own before any level is locked: whoever waits in there for
another's new row holds nothing that the other could want.

An array comes out of an inner select where a statement is said often: the planner would plan anew for its length.

Whoever writes a row that points at a level has locked that level first, even if it does not change: a foreign key takes
a weaker lock of its own, and while somebody has that one alone, two who queue for the level can wait for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.kernel.ids import new_id

from .claims import Claim, Part, Stock, read_fences
from .reading import Spot, columns

_TAKE = """
with wanted as materialized (
    select * from unnest(
        (select %(locations)s::text[]), (select %(skus)s::text[]), (select %(quantities)s::bigint[])
    ) as w (location, sku, quantity)
),
level as materialized (
    select l.location, l.sku, w.quantity, l.on_hand, l.held, l.fenced, l.fences,
        l.on_hand - l.held - l.safety - l.fenced
            + coalesce((l.fences -> %(channel)s::text ->> 'left')::bigint, 0) as available,
        least(w.quantity, coalesce((l.fences -> %(channel)s::text ->> 'left')::bigint, 0)) as drawn
    from inventory_level l join wanted w on w.sku = l.sku and w.location = l.location
    order by l.sku, l.location
    for no key update of l
),
hold as (
    insert into inventory_hold (id, kind, state, channel, device, sells_until, lapses_at, created_at)
    select %(hold)s::uuid, %(kind)s::text, 'live', %(channel)s::text, %(device)s::text,
        %(sells_until)s::timestamptz, %(lapses_at)s::timestamptz, %(at)s::timestamptz
    where (select count(*) from level where available >= quantity) = (select count(*) from wanted)
    on conflict (id) do nothing
    returning id
),
taken as (
    update inventory_level l
    set on_hand = level.on_hand, held = level.held + level.quantity, fenced = level.fenced - level.drawn,
        fences = case when level.drawn > 0 then jsonb_set(
            level.fences, array[%(channel)s::text, 'left'],
            to_jsonb((level.fences -> %(channel)s::text ->> 'left')::bigint - level.drawn)
        ) else level.fences end
    from level, hold where l.sku = level.sku and l.location = level.location
),
line as (
    insert into inventory_holdline (hold, location, sku, quantity, "left", drawn, fence)
    select hold.id, level.location, level.sku, level.quantity, level.quantity, level.drawn,
        case when level.drawn > 0 then (level.fences -> %(channel)s::text ->> 'id')::uuid end
    from level, hold
)
select w.location, w.sku, w.quantity, greatest(coalesce(level.available, 0), 0), exists (select from hold)
from wanted w left join level on w.sku = level.sku and w.location = level.location
order by w.sku, w.location
"""


@dataclass(frozen=True, slots=True)
class Short:
    """A position that fell short: wanted this many, available that many."""

    location: str
    sku: str
    wanted: int
    available: int


def take(
    hold_id: UUID,
    positions: Sequence[Position],
    lapses_at: datetime,
    channel: str = "",
    device: str = "",
    sells_until: datetime | None = None,
) -> tuple[bool, list[Short]]:
    """Set all of it aside under a new hold, or nothing: one statement. Tells whether it did, and what fell short.

    Units come out of the channel's fence first. A hold with `sells_until` is an allotment.
    """
    asked = {
        **columns(positions),
        "hold": hold_id,
        "kind": "allotment" if sells_until else "order",
        "channel": channel,
        "device": device,
        "sells_until": sells_until,
        "lapses_at": lapses_at,
        "at": now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        rows = cursor.fetchall()
    short = [Short(location, sku, quantity, free) for location, sku, quantity, free, _ in rows if free < quantity]
    return rows[0][4], short


_KEEP = """
update inventory_hold set state = 'kept'
where id = %s::uuid and state = 'live' and kind = 'order' and lapses_at > %s::timestamptz
"""


def keep(hold_id: UUID) -> bool:
    """Make a live hold one that does not lapse; False if there is no such hold, or it is not live any more."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [hold_id, now()])
        return bool(cursor.rowcount)


_LINES = """
select h.kind, h.state, h.channel, h.sells_until, h.lapses_at, l.location, l.sku, l."left", l.drawn, l.fence
from inventory_hold h join inventory_holdline l on l.hold = h.id
where h.id = %s::uuid
order by l.sku, l.location
for no key update of h, l
"""


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold that this transaction has locked, and what it still claims."""

    kind: str
    state: str
    channel: str
    sells_until: datetime | None
    lapses_at: datetime
    claims: list[Claim]

    @property
    def told_until(self) -> datetime:
        """Until when the device was told to sell; for an order's hold, when it lapses."""
        return self.sells_until or self.lapses_at


def lines_of(hold_id: UUID) -> OpenHold | None:
    """Lock a hold and tell how it stands and what is left of it; None if there is no such hold."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [hold_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    kind, state, channel, sells_until, lapses_at = rows[0][:5]
    return OpenHold(kind, state, channel, sells_until, lapses_at, [Claim(*row[5:]) for row in rows if row[7]])


_SETTLE = """
with part as materialized (
    select * from unnest(
        %(ids)s::uuid[], %(holds)s::uuid[], %(locations)s::text[], %(skus)s::text[], %(quantities)s::bigint[],
        %(drawn)s::bigint[], %(fences)s::uuid[]
    ) as p (id, hold, location, sku, quantity, drawn, fence)
),
total as materialized (select location, sku, sum(quantity)::bigint as quantity from part group by location, sku),
level as materialized (
    select l.location, l.sku, l.on_hand, l.held, l.fenced, l.fences, t.quantity
    from inventory_level l join total t on t.sku = l.sku and t.location = l.location
    order by l.sku, l.location
    for no key update of l
),
{back}freed as (
    update inventory_level l
    set held = level.held - level.quantity,
        on_hand = level.on_hand - case when %(leaves)s::bool then level.quantity else 0 end,
        {fenced}
    from level {and_back}
    where l.sku = level.sku and l.location = level.location
),
line as (
    update inventory_holdline l set "left" = l."left" - part.quantity, drawn = l.drawn - part.drawn
    from part where l.hold = part.hold and l.sku = part.sku and l.location = part.location
),
move as (
    insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)
    select id, location, sku, -quantity, 'issue', '', hold::text, %(at)s::timestamptz
    from part where %(leaves)s::bool
)
update inventory_hold set state = 'closed' where id = any(%(closing)s::uuid[])
"""


_SHELF_ONLY = {"back": "", "fenced": "fenced = level.fenced, fences = level.fences", "and_back": ""}

_INTO_FENCES = {
    "back": """back as materialized (
    select level.location, level.sku, sum(given.units)::bigint as units, jsonb_object_agg(
        fence.key, jsonb_set(fence.value, '{left}', to_jsonb((fence.value ->> 'left')::bigint + given.units))
    ) as fences
    from (
        select location, sku, fence, sum(drawn)::bigint as units from part
        where drawn > 0 group by location, sku, fence
    ) given
    join level on level.sku = given.sku and level.location = given.location
    cross join lateral jsonb_each(level.fences) fence
    where fence.value ->> 'id' = given.fence::text
    group by level.location, level.sku
),
""",
    "fenced": """fenced = level.fenced + coalesce(back.units, 0),
        fences = case when back.units > 0 then level.fences || back.fences else level.fences end""",
    "and_back": "left join back on back.sku = level.sku and back.location = level.location",
}

_TO_THE_SHELF = _SETTLE.format_map(_SHELF_ONLY)
_TO_THE_FENCES_TOO = _SETTLE.format_map(_INTO_FENCES)


def settle(parts: Sequence[tuple[UUID, Part]], closing: Sequence[UUID], *, leaves: bool) -> None:
    """Take units out of holds that the caller has locked: out of the house if it `leaves`, else back to the shelf.

    Units that were drawn from a fence go back to it as long as it is open.
    """
    fenced = not leaves and any(part.drawn for _, part in parts)
    with connection.cursor() as cursor:
        cursor.execute(
            _TO_THE_FENCES_TOO if fenced else _TO_THE_SHELF,
            {
                **columns([part for _, part in parts]),
                "holds": [hold for hold, _ in parts],
                "drawn": [part.drawn for _, part in parts],
                "fences": [part.fence for _, part in parts],
                "ids": [new_id() for _ in parts],
                "closing": list(closing),
                "leaves": leaves,
                "at": now(),
            },
        )


_LAPSED = """
select id, kind from inventory_hold where state = 'live' and lapses_at <= %s::timestamptz
order by lapses_at limit %s::int
for no key update skip locked
"""

_LEFT = """
select hold, location, sku, "left", drawn, fence from inventory_holdline
where hold = any(%s::uuid[]) and "left" > 0
"""


def lock_lapsed(at: datetime, most: int) -> dict[UUID, str]:
    """Lock up to so many live holds whose time is over; those that somebody is just deciding about are left alone.

    Tells the kind of each.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LAPSED, [at, most])
        return dict(cursor.fetchall())


def left_of(hold_ids: Iterable[UUID]) -> list[tuple[UUID, Claim]]:
    """What is still set aside under these holds."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [list(hold_ids)])
        return [(hold, Claim(*claim)) for hold, *claim in cursor.fetchall()]


_MAKE_ROOM = """
insert into inventory_level (location, sku, on_hand, held, safety)
select location, sku, 0, 0, 0 from unnest(%(locations)s::text[], %(skus)s::text[]) as s (location, sku)
order by sku, location
on conflict do nothing
"""


def make_room(spots: Iterable[Spot]) -> None:
    """Give every spot a level. Call it before locking any."""
    spots = list(spots)
    with connection.cursor() as cursor:
        cursor.execute(_MAKE_ROOM, {"locations": [spot[0] for spot in spots], "skus": [spot[1] for spot in spots]})


_LOCK = """
select l.location, l.sku, l.on_hand, l.held, l.safety, l.fenced, l.fences
from inventory_level l
join unnest(%(locations)s::text[], %(skus)s::text[]) as s (location, sku) on s.sku = l.sku and s.location = l.location
order by l.sku, l.location
for no key update of l
"""


def lock(spots: Iterable[Spot]) -> dict[Spot, Stock]:
    """Lock levels and tell what is there at each; a spot without a level is left out."""
    spots = list(spots)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"locations": [spot[0] for spot in spots], "skus": [spot[1] for spot in spots]})
        return {
            (location, sku): Stock(on_hand, held, safety, fenced, read_fences(fences))
            for location, sku, on_hand, held, safety, fenced, fences in cursor.fetchall()
        }


_WRITE = """
with move as materialized (
    select * from unnest(
        %(ids)s::uuid[], %(locations)s::text[], %(skus)s::text[], %(quantities)s::bigint[], %(kinds)s::text[]
    ) as m (id, location, sku, quantity, kind)
),
written as (
    insert into inventory_move (id, location, sku, quantity, kind, reason, reference, at)
    select id, location, sku, quantity, kind, %(reason)s, %(reference)s, %(at)s::timestamptz from move
)
update inventory_level l set on_hand = l.on_hand + move.quantity
from move where l.sku = move.sku and l.location = move.location
"""


def write(moves: Sequence[tuple[str, Position]], *, reference: str, reason: str = "") -> None:
    """Write moves (kind and signed position, at most one a level) and change the levels the caller has locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                **columns([position for _, position in moves]),
                "ids": [new_id() for _ in moves],
                "kinds": [kind for kind, _ in moves],
                "reason": reason,
                "reference": reference,
                "at": now(),
            },
        )
