"""Reckoning a segment for everybody at once: when it is new, or says something new."""

from datetime import datetime

from django.db import connection, transaction

from samband.events.segments import SegmentFilled
from samband.kernel.clock import now
from samband.timeline import record

from . import compiling, reckoning
from .evaluating import wait_for_turn
from .models import Segment
from .reckoning import Kept

_FILL = """,
gone as (
    delete from segments_membership m where m.segment = %(asked)s::int
    and not exists (select from found f where f.customer = m.customer) returning how
),
come as (
    insert into segments_membership (segment, customer, how, entered_at)
    select segment, customer, 0, %(at)s::timestamptz from found order by customer
    on conflict (segment, customer) do update set how = 0 where segments_membership.how > 1
    returning (xmax = 0) as fresh
)
select (select count(*) from found), (select count(*) from come), (select count(*) from gone where how <= 1)
"""


def fill_next() -> str | None:
    """Fill one segment that waits for it, those first that others ask about; its name, or None if none waits.

    Others go on meanwhile: whoever is evaluated while it is filled is evaluated again afterwards. Killed, nothing of it
    has happened.
    """
    segments = reckoning.kept()
    live = {one.slug for one in segments if one.live}
    for one in segments:
        if not one.live and set(one.needs) <= live and _fill(one):
            return one.slug
    return None


@transaction.atomic
def _fill(one: Kept) -> bool:
    """Whether it was done: not if somebody else is at it, or it says something else by now."""
    if not _alone(one.id):
        return False
    segments = reckoning.kept()
    at = max(now(), one.swept_at or now())
    count, entered, left = _put_in_place(one, segments, at)
    wait_for_turn()
    still = Segment.objects.filter(pk=one.id, version=one.version, live=False, branches=one.branches)
    if not still.update(live=True, size=count, filled_at=at, swept_at=at):
        transaction.set_rollback(True)
        return False
    # Whoever asked about it meanwhile, and was done before, heard what it said earlier.
    Segment.objects.filter(live=True, needs__contains=[one.slug]).update(live=False)
    record(SegmentFilled(segment=one.slug, version=one.version, count=count, entered=entered, left=left))
    return True


def _alone(segment: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended('segments.fill', %s::int))", [segment])
        return bool(cursor.fetchone()[0])


def _put_in_place(one: Kept, segments: tuple[Kept, ...], at: datetime) -> tuple[int, int, int]:
    """Everybody in their place: how many are in it, how many came in and how many went.

    Places that sleep go: what they would wake to is another question now.
    """
    text, values = compiling.found([one.asked], reckoning.facts(segments, [one.definition], at), None)
    with reckoning.by_sets(bulk=True):
        [(count, entered, left)] = reckoning.rows(text + _FILL, {**values, "asked": one.id, "at": at})
    return count, entered, left
