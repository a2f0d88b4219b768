"""A house that fills up within minutes: whoever has been connected since it was empty reads no more than others."""

import pytest
from django.db import connection

from samband.customers.identity import gathering

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20_000
WALKED = 10

_MANY = """
insert into identity_identifier (kind, namespace, value, key, customer, first_seen)
select 1, 'web', n::text, key, key, now() from (select n, gen_random_uuid() as key from generate_series(1, %s) n) one
"""
_PAIRS = """
insert into identity_assertion (a, b, rule, source, first_at)
select min(id), max(id), 'user', 'web', now()
from (select id, row_number() over (order by id) - 1 as nth from identity_identifier) one group by nth / 2
"""
_WALK = "explain (analyze, buffers, format json) select * from identity_gather(%s, '{}', '{}')"
_EDGES = "explain (analyze, buffers, format json) select * from identity_edges(%s, '{}')"
_NEIGHBOURS = "explain (analyze, buffers, format json) select * from identity_neighbours(%s, 10)"


def test_a_walk_reads_what_hangs_together_however_many_came_since_the_session_began():
    with connection.cursor() as cursor:
        for table in ("identifier", "assertion", "retraction"):
            cursor.execute(f"vacuum analyze identity_{table}")
        for _ in range(12):  # so often that a plan may be kept
            gathering.gather([1, 2], recount=[1, 2])
        cursor.execute(_MANY, [PEOPLE])
        cursor.execute(_PAIRS)
        cursor.execute("select array(select id from identity_identifier order by id desc limit %s)", [WALKED])
        seeds = cursor.fetchone()[0]
        assert len(gathering.gather(seeds).kept) == WALKED
        pages = [_pages(cursor, statement, seeds) for statement in (_WALK, _EDGES, _NEIGHBOURS)]
    assert max(pages) < WALKED * 100, pages


def _pages(cursor, statement: str, seeds: list[int]) -> int:
    """How many pages the statement looked at."""
    cursor.execute(statement, [seeds])
    plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
