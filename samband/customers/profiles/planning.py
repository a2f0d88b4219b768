"""How the statement is planned: joins by hash, never row by row, because nobody can tell the planner how many customers
a batch has, and a wrong guess would be quadratic; what it would compile just in time is never worth the time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_BEGIN = """
select current_setting('enable_nestloop'), current_setting('jit'),
       set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)
"""
_END = "select set_config('enable_nestloop', %s, true), set_config('jit', %s, true)"


@contextmanager
def by_sets() -> Iterator[None]:
    """Plan like that inside the block, in the transaction that is open; afterwards as before."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)
        before = cursor.fetchone()[:2]
        yield
        cursor.execute(_END, before)
