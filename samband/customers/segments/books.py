"""What must balance: who is kept in a segment is who its conditions hold of, and its size is how many they are."""

from collections.abc import Iterator

from django.db import connection, transaction

from . import compiling, reckoning, windows
from .reckoning import Kept

_SIZES = (
    "select 'Segment ' || s.slug || ' is said to have ' || s.size || ' customers, but ' || count(m.customer) ||"
    " ' are in it.' from segments_segment s left join segments_membership m on m.segment = s.id and m.how <= 1"
    " where s.live group by s.id having s.size <> count(m.customer) order by s.slug"
)

# Whom a list or time has just named is left out: they are about to be reckoned.
_WRONG = """,
due as materialized (select unnest(customers) as customer from segments_waiting union all {lapsed}),
kept as (select customer from segments_membership where segment = %(asked)s::int and how <= 1)
select count(*) filter (where k.customer is null), count(*) filter (where f.customer is null)
from found f full join kept k using (customer)
left join (select distinct customer from due) waits using (customer)
where (f.customer is null or k.customer is null) and waits.customer is null
"""


def findings() -> Iterator[str]:
    """One sentence for every segment whose members or size are not what they should be."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        yield from (sentence for (sentence,) in cursor.fetchall())
    segments = reckoning.kept()
    for one in segments:
        if one.live and (sentence := _finding(one, segments)):
            yield sentence


def _finding(one: Kept, segments: tuple[Kept, ...]) -> str:
    at = reckoning.moment(segments)
    with transaction.atomic(), reckoning.by_sets(bulk=True):
        text, values = compiling.found([one.asked], reckoning.facts(segments, [one.definition], at), None)
        due = windows.due([one])
        lapsed, more = windows.lapsed(due, at) if due else (_NOBODY, {})
        [(missing, wrong)] = reckoning.rows(text + _WRONG.format(lapsed=lapsed), {**values, **more, "asked": one.id})
    if not missing and not wrong:
        return ""
    return f"Segment {one.slug} lacks {missing} customers whom it should have, and has {wrong} whom it should not."


_NOBODY = "select null::uuid where false"
