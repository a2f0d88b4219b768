"""Touchpoints that are old enough to be let go of: counted, or let go of a few at a time."""

from datetime import datetime

from django.db import connection

from . import commands

_COUNT = """
select count(*) from touchpoints_touchpoint
where occurred_at < %s::timestamptz and (not %s::bool or identifier = 0)
"""


def of_nobody(before: datetime) -> int:
    """How many happened before then of which nobody knows whose they are."""
    return _count(before, nobodys=True)


def forget_of_nobody(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    return commands.forget_older(before, nobodys=True, most=most)


def of_anybody(before: datetime) -> int:
    """How many happened before then, whosever they are."""
    return _count(before, nobodys=False)


def forget_of_anybody(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    return commands.forget_older(before, most=most)


def _count(before: datetime, *, nobodys: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [before, nobodys])
        return int(cursor.fetchone()[0])
