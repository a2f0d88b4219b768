"""The lesson: some of the candidates and some pairs at random, and how their records agree. No dice: hashes draw."""

import duckdb

from .comparing import expected, patterns
from .learning import Lesson, learn
from .odds import Model

SEED = 4
PAIRS_AT_RANDOM = 250_000
PAIRS_TO_LEARN = 250_000
TWICE_EXPECTED = 0.01
"""A guess made beforehand, corrected by what is learned: such a part of all records has another of the same person."""


def learned(session: duckdb.DuckDBPyConnection) -> Model:
    """What is to be believed of the records in `people`, learned from the candidates in `pairs` and pairs at random.

    It is a model of records of different customers: what makes two records one customer at once, such as the same mail,
    never joins those that are left to compare.
    """
    records = _count(session, "people")
    possible = _possible(session)
    model = expected(session, min(TWICE_EXPECTED * records / possible, 0.5))
    one_in = max(1, -(-_count(session, "pairs") // PAIRS_TO_LEARN))
    session.execute(_SOME.format(seed=SEED, one_in=one_in)).fetchall()
    session.execute(_draw(records)).fetchall()
    scale = _count(session, "pairs") / max(_count(session, "some_pairs"), 1)
    lesson = Lesson(patterns(session, model, "some_pairs"), patterns(session, model, "random_pairs"), scale, possible)
    session.execute("drop table some_pairs").fetchall()
    session.execute("drop table random_pairs").fetchall()
    return learn(model, lesson)


_SOME = "create table some_pairs as select a, b from pairs where hash(a, b, {seed}) % {one_in} = 0"

# Each record draws some others; of few records all pairs are taken.
_RANDOM = """
create table random_pairs as
with placed as (select number, "group", row_number() over (order by number) - 1 as place from people),
drawn as (
    select number, "group", (hash(number, nth, {seed}) % {records})::bigint as place
    from people cross join range({each}) draw (nth)
)
select least(x.number, y.number) as a, greatest(x.number, y.number) as b
from drawn x join placed y using (place) where x."group" <> y."group"
"""
_ALL = """
create table random_pairs as
select x.number as a, y.number as b from people x join people y on x.number < y.number where x."group" <> y."group"
"""


def _draw(records: int) -> str:
    if records * (records - 1) // 2 <= PAIRS_AT_RANDOM:
        return _ALL
    part = PAIRS_AT_RANDOM / records
    return _RANDOM.format(each=max(1, round(part)), seed=SEED, records=records)


def _possible(session: duckdb.DuckDBPyConnection) -> float:
    """How many two records of different customers there are."""
    counted = 'select count(*) as c from people group by "group"'
    summed = f"select sum(c)::double * (sum(c) - 1) / 2 - sum(c::double * (c - 1) / 2) from ({counted})"
    return max(float(session.execute(summed).fetchall()[0][0] or 0.0), 1.0)


def _count(session: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(session.execute(f"select count(*) from {table}").fetchall()[0][0])
