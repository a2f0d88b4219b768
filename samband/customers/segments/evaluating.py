"""Keeping segments up to date for customers of whom something changed."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from samband.events.segments import SegmentEntered, SegmentLeft
from samband.timeline import record_all

from . import compiling, reckoning
from .following import How, Reckoned, Step, follow
from .models import Segment, Waiting
from .reckoning import Kept

AT_ONCE = 30
"""How many segments one statement reckons; more would take longer to plan than to run."""

MOST_CUSTOMERS = 5000

# Only what is not as it was comes back.
_DIFFERENT = """,
held as (
    select segment, customer, how from segments_membership
    where segment = any(%(asked)s::int[]) and customer = any(%(customers)s::uuid[])
),
sleeping as materialized (
    select k.customer as whose, s.segment, k.key as customer from member k cross join lateral (
        select segment from segments_membership
        where customer = k.key and segment = any(%(asked)s::int[]) and how in (0, 2) offset 0) s
    where k.key <> k.customer
)
select d.segment, d.customer, d.holds, d.how, d.is_customer,
       array(select s.customer from sleeping s where s.whose = d.customer and s.segment = d.segment order by 1)
from (
    select segment, customer, f.customer is not null as holds, h.how, p.customer is not null as is_customer
    from found f full join held h using (segment, customer) left join person p using (customer)
) d
where d.holds is distinct from coalesce(d.how <= 1, false) or (d.how > 1 and d.is_customer)
order by d.segment, d.customer
"""

_TAKE_OUT = """
delete from segments_membership using unnest(%s::int[], %s::uuid[]) as gone (segment, customer)
where segments_membership.segment = gone.segment and segments_membership.customer = gone.customer
"""

_PUT_IN = """
insert into segments_membership (segment, customer, how, entered_at)
select segment, customer, how, %s::timestamptz
from unnest(%s::int[], %s::uuid[], %s::smallint[]) as come (segment, customer, how)
on conflict (segment, customer) do update set how = excluded.how
"""

_COUNT = """
update segments_segment set size = size + counted.change
from unnest(%s::int[], %s::int[]) as counted (id, change) where segments_segment.id = counted.id
"""


@transaction.atomic(savepoint=False)
def evaluate(customers: Collection[UUID]) -> int:
    """Reckon which segments these customers are in, who may be ids that are none any more; how many places changed.

    Joins the caller's transaction and sees what it changed. Two who evaluate wait for one another, so that what was
    reckoned from older facts never stands over what was reckoned from newer ones. Whom segments concern that are being
    filled is put on a list, and evaluated as soon as they are.
    """
    wait_for_turn()
    segments = reckoning.kept() if customers else ()
    if not segments:
        return 0
    live, ordered = [one for one in segments if one.live], sorted(customers)
    at, changed = reckoning.moment(live), 0
    for begin in range(0, len(ordered), MOST_CUSTOMERS):
        few = ordered[begin : begin + MOST_CUSTOMERS]
        for layer in reckoning.layers(live):
            for first in range(0, len(layer), AT_ONCE):
                changed += _evaluate(segments, layer[first : first + AT_ONCE], few, at)
        if len(live) < len(segments):
            Waiting.objects.create(customers=few, late=True)
    return changed


def wait_for_turn() -> None:
    """One evaluates at a time, until the end of the transaction. What others did before is seen from here on."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('segments.evaluate', 0))")


def _evaluate(segments: Sequence[Kept], asked: Sequence[Kept], customers: Sequence[UUID], at: datetime) -> int:
    facts = reckoning.facts(segments, [one.definition for one in asked], at)
    text, values = compiling.found([one.asked for one in asked], facts, customers)
    values["asked"] = [one.id for one in asked]
    with reckoning.by_sets(bulk=False):
        steps = list(_steps(text + _DIFFERENT, values))
    if steps:
        _take(steps, {one.id: one.slug for one in asked}, at)
    return len(steps)


def _steps(text: str, values: dict[str, object]) -> Iterator[Step]:
    for segment, customer, holds, how, is_customer, inside in reckoning.rows(text, values):
        known = None if how is None else How(how)
        step = follow(Reckoned(segment, customer, holds, known, is_customer, tuple(inside)))
        if step is not None:
            yield step


def _take(steps: Sequence[Step], slugs: dict[int, str], at: datetime) -> None:
    gone = [step for step in steps if step.how is None]
    come = {(step.segment, step.customer): step.how for step in steps if step.how is not None}
    come |= {(step.segment, one): How.SPENT for step in steps for one in step.spent}
    with connection.cursor() as cursor:
        if gone:
            cursor.execute(_TAKE_OUT, [[one.segment for one in gone], [one.customer for one in gone]])
        if come:
            places, how = list(come), [int(one) for one in come.values()]
            cursor.execute(_PUT_IN, [at, [one[0] for one in places], [one[1] for one in places], how])
        changes = Counter[int]()
        for step in steps:
            changes[step.segment] += step.change
        counted = {segment: change for segment, change in changes.items() if change}
        if counted:
            cursor.execute(_COUNT, [list(counted), list(counted.values())])
    record_all(
        (SegmentEntered if step.how is How.IN else SegmentLeft)(customer_id=step.customer, segment=slugs[step.segment])
        for step in steps
        if step.told
    )


def wake(customers: Collection[UUID]) -> None:
    """Have these customers evaluated soon. Joins the caller's transaction."""
    if customers:
        Waiting.objects.create(customers=sorted(customers))


_WAITING = """
delete from segments_waiting where id in (
    select id from segments_waiting where not late or %s order by id limit %s for update skip locked)
returning customers
"""


@transaction.atomic
def evaluate_waiting(most: int = 50) -> int:
    """Evaluate whom somebody woke, and those who came while a segment was being filled; how many there were.

    Killed, it is done again.
    """
    wait_for_turn()
    with connection.cursor() as cursor:
        all_live = not Segment.objects.filter(live=False).exists()
        cursor.execute(_WAITING, [all_live, most])
        customers = {customer for (row,) in cursor.fetchall() for customer in row}
    if customers:
        evaluate(customers)
    return len(customers)
