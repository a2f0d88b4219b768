"""A house that fills up within minutes: whoever has been connected since it was empty reads no more than others."""

import pytest
from django.db import connection

from samband.kernel.clock import now

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20_000
ASKED = 10

_MANY = """
insert into identity_identifier (kind, namespace, value, key, customer, first_seen)
select 1, 'web', n::text, key, key, now() from (select n, gen_random_uuid() as key from generate_series(1, %s) n) one
"""
_PAIRS = """
insert into identity_assertion (a, b, rule, source, first_at)
select min(id), max(id), 'user', 'web', now()
from (select id, row_number() over (order by id) - 1 as nth from identity_identifier) one group by nth / 2
"""
_LAST = (
    "select array_agg(id), array_agg(key) from (select id, key from identity_identifier order by id desc limit %s) l"
)
_LOOKED_AT = {
    "walk": "identity_gather(%(ids)s::bigint[], '{}', '{}')",
    "edges": "identity_edges(%(ids)s::bigint[], '{}')",
    "neighbours": "identity_neighbours(%(ids)s::bigint[], 10)",
    "numbers": "identity_know(%(keys)s::uuid[], %(ones)s::smallint[], %(words)s::text[], %(words)s::text[], now())",
    "pairs": """identity_assert(
        %(ids)s::bigint[], %(others)s::bigint[], %(words)s::text[], %(words)s::text[], %(moments)s::timestamptz[])""",
}


NOTHING: dict = {"ids": [], "keys": [], "others": [], "ones": [], "words": [], "moments": []}


def test_what_is_asked_of_identity_reads_what_it_names_however_many_came_since_the_session_began():
    with connection.cursor() as cursor:
        for table in ("identifier", "assertion", "retraction"):
            cursor.execute(f"vacuum analyze identity_{table}")
        for asked in _LOOKED_AT.values():
            for _ in range(12):  # so often that a plan may be kept
                cursor.execute(f"select * from {asked}", NOTHING)
        cursor.execute(_MANY, [PEOPLE])
        cursor.execute(_PAIRS)
        cursor.execute(_LAST, [ASKED])
        ids, keys = cursor.fetchone()
        told = {
            "ids": ids, "keys": keys, "others": ids[::-1], "ones": [1] * ASKED, "words": ["user"] * ASKED,
            "moments": [now()] * ASKED,
        }  # fmt: skip
        pages = {name: _pages(cursor, asked, told) for name, asked in _LOOKED_AT.items()}
    assert all(looked_at < ASKED * 100 for looked_at in pages.values()), pages


def _pages(cursor, asked: str, told: dict) -> int:
    """How many pages it looked at."""
    cursor.execute(f"explain (analyze, buffers, format json) select * from {asked}", told)
    plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
