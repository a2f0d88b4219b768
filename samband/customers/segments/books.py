"""What must balance: who is kept in a segment is who its conditions hold of, and its size is how many they are."""

from collections.abc import Iterator

from django.db import connection, transaction

from samband.kernel.books import Check, Extent, Finding, Walk, found

from . import compiling, reckoning, windows
from .reckoning import Kept

MEMBERS = """
select segment, customer from segments_membership
where how <= 1 and customer not in (select unnest(customers) from segments_waiting)
"""
"""Who is in which segment now, but for those who are about to be looked at."""

# Whom a list or time has just named is left out: they are about to be reckoned.
_WRONG = """,
due as materialized (select unnest(customers) as customer from segments_waiting union all {lapsed}),
kept as (select customer from segments_membership where segment = %(asked)s::int and how <= 1)
select count(*) filter (where k.customer is null), count(*) filter (where f.customer is null)
from found f full join kept k using (customer)
left join (select distinct customer from due) waits using (customer)
where (f.customer is null or k.customer is null) and waits.customer is null
"""


def _members(extent: Extent) -> Iterator[Finding]:
    segments = reckoning.kept()
    for one in segments:
        if one.live and (finding := _finding(one, segments)):
            yield finding


def _finding(one: Kept, segments: tuple[Kept, ...]) -> Finding | None:
    at = reckoning.moment(segments)
    with transaction.atomic(), reckoning.by_sets(bulk=True):
        text, values = compiling.found([one.asked], reckoning.facts(segments, [one.definition], at), None)
        due = windows.due([one])
        lapsed, more = windows.lapsed(due, at) if due else (_NOBODY, {})
        [(missing, wrong)] = reckoning.rows(text + _WRONG.format(lapsed=lapsed), {**values, **more, "asked": one.id})
    if not missing and not wrong:
        return None
    return Finding(
        f"Segment {one.slug} lacks {missing} customers whom it should have, and has {wrong} whom it should not.",
        row={"segment": one.slug, "lacks": missing, "has": wrong},
    )


_NOBODY = "select null::uuid where false"

CHECKS = (
    Check(
        "size",
        "Segment {segment} is said to have {size} customers, but {members} are in it.",
        """
select s.slug as segment, s.size, count(m.customer) as members
from segments_segment s left join segments_membership m on m.segment = s.id and m.how <= 1
where s.live group by s.id having s.size <> count(m.customer) order by s.slug
""",
    ),
    Check(
        "no_such_segment",
        "{members} customers are in segment {segment}, which does not exist.",
        """
select m.segment, count(*) as members from segments_membership m
where not exists (select from segments_segment s where s.id = m.segment) group by m.segment order by 1
""",
    ),
    Walk("members", _members),
)


def findings() -> Iterator[Finding]:
    """One sentence for each segment whose members or size are not what they should be."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
