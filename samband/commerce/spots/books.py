"""What must hold of spots, visits and exit passes."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from samband.kernel.clock import now

LONG_AFTER = timedelta(days=1)
"""After its time a pass is settled at the next turn of a chore; a day later it never will be."""

_NEVER_SETTLED = """
select 'Exit pass ' || id || ' should have lapsed at ' || good_until || ' and is still open.'
from spots_exitpass where state = 'open' and good_until < %s::timestamptz order by 1
"""

_CHECKED_BEFORE_ISSUED = """
select 'Exit pass ' || id || ' was settled before it was issued.'
from spots_exitpass where coalesce(checked_at, lapsed_at) < issued_at - interval '1 minute' order by 1
"""

_NO_SUCH_SPOT = """
select 'Visit ' || v.id || ' is at spot ' || v.spot || ', which ' ||
       case when s.number is null then 'does not exist.' else 'is in ' || s.location || ', not in ' || v.location || '.'
       end
from spots_visit v left join spots_spot s on s.number = v.spot
where s.number is null or s.location <> v.location order by 1
"""


def findings() -> Iterator[str]:
    """One sentence for everything that cannot be right."""
    with connection.cursor() as cursor:
        for statement, values in (
            (_NEVER_SETTLED, [now() - LONG_AFTER]),
            (_CHECKED_BEFORE_ISSUED, []),
            (_NO_SUCH_SPOT, []),
        ):
            cursor.execute(statement, values)
            yield from (sentence for (sentence,) in cursor.fetchall())
