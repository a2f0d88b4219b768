"""What can be counted: one statement, right over all processes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, connection

from samband.kernel.clock import now
from samband.kernel.refusal import TooMany, Unavailable

from . import rules

# One more than are allowed is as many as a count need hold: whoever goes on trying makes it no larger.
_COUNT = """
insert into tries_tried as tried (who, spent, over_at)
values (%(who)s::bytea, 1, %(over_at)s::timestamptz)
on conflict (who) do update set
    spent = case when tried.over_at <= %(now)s::timestamptz then 1 else least(tried.spent, %(most)s::int) + 1 end,
    over_at = case when tried.over_at <= %(now)s::timestamptz then excluded.over_at else tried.over_at end
returning spent, over_at
"""


def count(what: str, who: str, most: int, seconds: int) -> None:
    """Count one more try of this kind by `who`, who has `most` of them in so many seconds from the first one on.

    Count before it is tried, and not inside a transaction that a refusal undoes. Raises TooMany with `retry_after`
    (seconds); Unavailable if it cannot be counted, for then nothing is let through.
    """
    try:
        spent, over_at = _counted(what, who, most, seconds)
    except Error as error:
        raise Unavailable() from error
    if spent > most:
        raise TooMany(retry_after=seconds_until(over_at))


def _counted(what: str, who: str, most: int, seconds: int) -> tuple[int, datetime]:
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {
                "who": hashed(what, who),
                "now": moment,
                "over_at": moment + timedelta(seconds=seconds),
                "most": most,
            },
        )
        spent, over_at = cursor.fetchone()
    return spent, over_at


def seconds_until(moment: datetime) -> int:
    """Whole seconds until then, at least one."""
    return max(1, int((moment - now()).total_seconds()) + 1)


def forget(what: str, who: str) -> None:
    """Begin anew for somebody who proved right. Raises Unavailable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("delete from tries_tried where who = %s::bytea", [hashed(what, who)])
    except Error as error:
        raise Unavailable() from error


def sweep() -> int:
    """Forget every count whose time is over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("delete from tries_tried where over_at <= %s::timestamptz", [now()])
        return int(cursor.rowcount)


def hashed(what: str, who: str) -> bytes:
    """Whom a count is kept for, under the house's own secret."""
    return rules.whose(settings.SECRET_KEY.encode(), what, who)
