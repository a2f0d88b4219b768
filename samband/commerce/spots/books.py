"""What must hold of spots, visits and exit passes."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.clock import now

LONG_AFTER = timedelta(days=1)
"""After its time a pass is settled at the next turn of a chore; a day later it never will be."""

PASSES = "select id as pass_id, order_id from spots_exitpass"
"""Every exit pass and the order it lets out."""

CHECKS = (
    Check(
        "never_settled",
        "Exit pass {exit_pass} should have lapsed at {good_until} and is still open.",
        """
select id as exit_pass, good_until from spots_exitpass
where state = 'open' and good_until < %(before)s::timestamptz order by 1
""",
        lambda: {"before": now() - LONG_AFTER},
    ),
    Check(
        "checked_before_issued",
        "Exit pass {exit_pass} was settled before it was issued.",
        """
select id as exit_pass from spots_exitpass
where coalesce(checked_at, lapsed_at) < issued_at - interval '1 minute' order by 1
""",
    ),
    Check(
        "no_such_spot",
        "Visit {visit} is at spot {spot}, which {told}.",
        """
select v.id as visit, v.spot,
       case when s.number is null then 'does not exist' else 'is in ' || s.location || ', not in ' || v.location end
           as told
from spots_visit v left join spots_spot s on s.number = v.spot
where s.number is null or s.location <> v.location order by 1
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each thing that cannot be right."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
