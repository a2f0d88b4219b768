"""What must balance in rights."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.clock import now

from .rules import LIVE

LEFT_LYING = timedelta(hours=1)

CHECKS = (
    Check(
        "late",
        "Request {request} ({kind}) should have been answered by {deadline:%Y-%m-%d}.",
        """
select id as request, kind, deadline from rights_request
where state = any(%(live)s::text[]) and deadline < %(now)s::timestamptz order by deadline
""",
        lambda: {"live": list(LIVE), "now": now()},
    ),
    Check(
        "half_done",
        "Erasure {erasure} was begun at {began_at:%Y-%m-%d %H:%M} and is not done.",
        """
select id as erasure, began_at from rights_erasure where state <> 'done' and began_at < %(before)s::timestamptz
order by began_at
""",
        lambda: {"before": now() - LEFT_LYING},
    ),
    Check(
        "no_such_erasure",
        "Addresses are held back for erasure {erasure}, which does not exist.",
        """
select distinct s.erasure from rights_suppressed s
where not exists (select from rights_erasure e where e.id = s.erasure) order by 1
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each request that nobody answered in time, erasure left half way, and hash of none."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
