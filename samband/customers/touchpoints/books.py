"""What must hold of touchpoints."""

from collections.abc import Iterator

from django.db import connection

_NO_SUCH_SOURCE = """
select 'Touchpoints of source ' || t.source || ', which does not exist, were captured: the first is ' || t.first || '.'
from (select source, min(position) as first from touchpoints_touchpoint group by source) t
where not exists (select from touchpoints_source s where s.id = t.source) order by 1
"""

_NO_SUCH_EVENT = """
select 'Touchpoints of event ' || t.event || ', which has no name, were captured.'
from (select distinct event from touchpoints_touchpoint) t
where not exists (select from touchpoints_eventname e where e.id = t.event) order by 1
"""

# What others tell is put right by our clock. The house's own moments are those of its story, whatever its clock was.
_TOLD_TOO_EARLY = """
select 'Touchpoint ' || position || ' happened ' || (occurred_at - received_at) || ' after it was received.'
from touchpoints_touchpoint
where occurred_at > received_at + interval '1 minute'
  and source not in (select id from touchpoints_source where kind = 'house') order by 1 limit 100
"""

_WORTH_WITHOUT_CURRENCY = """
select 'Touchpoint ' || position || ' is worth ' || worth || ' of no currency.'
from touchpoints_touchpoint where worth is not null and currency is null order by 1 limit 100
"""

_MORE_THAN_SEEN = """
select 'There are ' || t.count || ' touchpoints, but only ' || s.count || ' messages were seen.'
from (select count(*) from touchpoints_touchpoint) t, (select count(*) from touchpoints_seen) s
where t.count > s.count
"""


def findings() -> Iterator[str]:
    """One sentence for everything that cannot be right."""
    with connection.cursor() as cursor:
        for statement in (
            _NO_SUCH_SOURCE,
            _NO_SUCH_EVENT,
            _TOLD_TOO_EARLY,
            _WORTH_WITHOUT_CURRENCY,
            _MORE_THAN_SEEN,
        ):
            cursor.execute(statement)
            yield from (sentence for (sentence,) in cursor.fetchall())
