"""Profiles and segments follow what happens: whoever was touched, joined or parted is reckoned anew at once.

A batch is one transaction: what it takes off the queues, it reckons in. Killed anywhere, it is done again, and nothing
is lost or counted twice, because what is reckoned depends only on what is there.
"""

from django.db import connection, transaction

from samband.customers.identity import commands as identity
from samband.customers.profiles import commands as profiles
from samband.customers.profiles import queries as known
from samband.customers.segments import evaluating as segments
from samband.customers.touchpoints import commands as touchpoints
from samband.timeline.chores import every

AT_ONCE = 200
"""So many requests' touchpoints are followed in one transaction."""

MOVED_AT_ONCE = 2000
"""And about so many customers whose identifiers are others now."""

A_TURN = 25
"""So many batches at most before other chores have their turn."""


@every(0.5)
def keep_up() -> int:
    """Follow what waits, for a while; returns how many customers were looked at."""
    return follow(batches=A_TURN)


@every(600)
def see_to_everybody() -> int:
    """Whoever is known by something but was never touched, joined or parted is reckoned once, too; returns how many."""
    seen = 0
    for _ in range(A_TURN):
        customers = known.unreckoned(MOVED_AT_ONCE)
        if not customers:
            break
        with transaction.atomic():
            profiles.refresh(customers)
            segments.evaluate(customers)
        seen += len(customers)
    return seen


def follow(most: int = AT_ONCE, batches: int | None = None) -> int:
    """Follow until nothing waits (or so many batches were followed); returns how many customers were looked at.

    `most` is how many requests' touchpoints one transaction takes.
    """
    looked_at = 0
    while batches is None or batches > 0:
        resolved, followed = identity.resolve(), _follow_some(most)
        looked_at += followed or 0
        if not resolved and followed is None:
            break
        batches = None if batches is None else batches - 1
    return looked_at


@transaction.atomic
def _follow_some(most: int) -> int | None:
    """Look at some of those who wait; None if nobody does."""
    with connection.cursor() as cursor:
        # Losing this commit in a crash loses the effect with it, and both are done again: no wait for the disk.
        cursor.execute("set local synchronous_commit = off")
    numbers, moved = touchpoints.take_touched(most), identity.take_moved(MOVED_AT_ONCE)
    if not numbers and not moved:
        return None
    customers = moved | known.customers_of(numbers)
    profiles.refresh(customers)
    segments.evaluate(customers)
    return len(customers)
