"""Splink's part: how two records are compared and weighed, given what is expected of people or was learned of these."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.comparison_level_library import CustomLevel, ElseLevel
from splink.internals.comparison_library import CustomComparison

from .fields import BOTH, FIELDS, OTHER, SAME, Degree, Field
from .learning import Pattern, household
from .odds import Model, Odds

CHUNK_PAIRS = 1_000_000
"""Pairs weighed at a time, so that memory is bounded however many there are."""

logging.getLogger("splink").setLevel(logging.CRITICAL)  # it tells at length, and its errors repeat whole statements


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two records agree in one field, and the bits it adds to the weight (or takes away, if negative)."""

    field: str
    degree: str
    bits: float


@dataclass(frozen=True, slots=True)
class Match:
    """Two records of two groups, and what speaks for one person: the weight in bits, the probability of it, and why."""

    a: int
    b: int
    groups: tuple[str, str]
    weight: float
    probability: float
    agreements: tuple[Agreement, ...]


def expected(session: duckdb.DuckDBPyConnection, probability: float) -> Model:
    """What is believed before anything was learned, of the fields that at least two records say something of."""
    columns = sorted({degree.column for field in FIELDS for degree in field.degrees})
    counted = ", ".join(f"count({column})" for column in columns)
    counted = f'select count(distinct "group"), {counted} from people'
    people, *counts = session.execute(counted).fetchall()[0]
    told = {column for column, count in zip(columns, counts, strict=True) if count > 1}
    fields = {field.name: _hoped(field, told) for field in FIELDS if told & set(field.present)}
    return Model(probability, int(people), fields)


def _hoped(field: Field, told: set[str]) -> dict[str, Odds]:
    odds = {degree.code: Odds(degree.m, degree.u) for degree in field.degrees if degree.column in told}
    odds[OTHER] = Odds(field.m_other, field.u_other)
    m, u = sum(one.m for one in odds.values()), sum(one.u for one in odds.values())
    return {degree: Odds(one.m / m, one.u / u) for degree, one in odds.items()}


def linker(session: duckdb.DuckDBPyConnection, model: Model, table: str = "people") -> Linker:
    """Splink over a table of records, with the model and our own counts of how rare each value is."""
    fields = [field for field in FIELDS if field.name in model.odds]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="number",
        comparisons=[_comparison(field, model) for field in fields],
        probability_two_random_records_match=model.probability,
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        additional_columns_to_retain=["group"],
        max_iterations=50,
    )
    api = DuckDBAPI(connection=session)
    rare = {degree.rare for field in fields for degree in field.degrees if degree.code in model.odds[field.name]}
    made = Linker(api.register(table), settings, log_level=None)
    for column in sorted(rare - {""}):
        count = _RARITY.format(column=column) if column != "full_name" else _NAMES.format(together=_together(model))
        session.execute(count).fetchall()
        made.table_management.register_term_frequency_lookup(api.register(f"rare_{column}"), column)
    return made


# How frequent a value is among customers other than the two who share it: that these two do is what is being judged.
_RARITY = """
create or replace table rare_{column} as
with told as (select "group" as person, {column} from people where {column} is not null),
     everybody as (select greatest(count(distinct person), 1) as n from told)
select {column}, greatest(count(distinct person) - 2, 0)::double / any_value(n) as tf_{column}
from told, everybody group by {column}
"""


# A whole name is at least as frequent as its parts are together, also one that nobody else has.
_NAMES = """
create or replace table rare_full_name as
with told as (select distinct "group" as person, full_name, given, surname from people where full_name is not null),
    everybody as (select greatest(count(distinct person), 1)::double as n from told),
    one as (select given, count(distinct person) as c from told group by given),
    other as (select surname, count(distinct person) as c from told group by surname),
    whole as (select full_name, given, surname, count(distinct person) as c from told group by all)
select full_name, max(least(1, greatest(
    (whole.c - 2) / n, {together} * greatest(one.c - 1.5, 0.5) / n * greatest(other.c - 1.5, 0.5) / n
))) as tf_full_name
from whole join one using (given) join other using (surname), everybody group by full_name
"""


def _together(model: Model) -> float:
    """How many times more often strangers share a whole name than if its parts had nothing to do with each other."""
    both, given, surname = (
        model.odds.get(field, {}).get(degree, Odds(0.0, 0.0)).u
        for field, degree in (("surname", BOTH), ("given", SAME), ("surname", SAME))
    )
    return min(max(both / max((given + both) * (surname + both), 1e-12), 1.0), 1000.0)


def _comparison(field: Field, model: Model) -> CustomComparison:
    odds = model.odds[field.name]
    levels: list[Any] = [CustomLevel(field.missing).configure(is_null_level=True)]
    levels += [_level(degree, odds[degree.code], model.people) for degree in field.degrees if degree.code in odds]
    levels.append(
        ElseLevel().configure(label_for_charts=OTHER, m_probability=odds[OTHER].m, u_probability=odds[OTHER].u)
    )
    return CustomComparison(levels, output_column_name=field.name)


def _level(degree: Degree, odds: Odds, people: int) -> CustomLevel:
    level = CustomLevel(degree.sql, label_for_charts=degree.code)
    level.configure(m_probability=odds.m, u_probability=odds.u)
    if degree.rare:
        level.configure(
            tf_adjustment_column=degree.rare,
            tf_adjustment_weight=1.0,
            tf_minimum_u_value=odds.u if degree.own else 0.0 if degree.code == BOTH else 0.5 / people,
            disable_tf_exact_match_detection=True,
        )
    return level


def patterns(session: duckdb.DuckDBPyConnection, model: Model, pairs: str) -> dict[Pattern, int]:
    """How often the records of a table of pairs agree in which way."""
    seen: Counter[Pattern] = Counter()
    gammas = ", ".join(f"gamma_{field}" for field in model.odds)
    for table in weigh(session, model, 0.0, pairs):
        for row in session.execute(f"select count(*), {gammas} from {table} group by all").fetchall():
            seen[_pattern(model, row[1:])] += row[0]
    return seen


def _pattern(model: Model, gammas: Sequence[int]) -> Pattern:
    """Splink counts degrees from the worst, which is 0, and has -1 for nothing said."""
    return tuple(
        None if gamma < 0 else tuple(odds)[-1 - gamma] for odds, gamma in zip(model.odds.values(), gammas, strict=True)
    )


def weigh(session: duckdb.DuckDBPyConnection, model: Model, least: float, pairs: str = "pairs") -> Iterator[str]:
    """Weigh a table of pairs, a chunk at a time: the tables of those of at least this probability, each gone after."""
    judge = linker(session, model)
    total = int(session.execute(f"select count(*) from {pairs}").fetchall()[0][0])
    chunks = max(1, -(-total // CHUNK_PAIRS))
    for chunk in range(chunks):
        session.execute(_CHUNK.format(pairs=pairs, chunks=chunks, chunk=chunk)).fetchall()
        some = judge._db_api.register("chunk", table_name=f"chunk_{chunk}")
        judge.table_management.register_blocked_pairs_for_predict(some)
        weighed = judge.inference.predict(threshold_match_probability=least or None, warning_mode="never")
        yield weighed.physical_name
        weighed.drop_table_from_database_and_remove_from_cache()


_CHUNK = """
create or replace table chunk as
select '0' as match_key, a as join_key_l, b as join_key_r from {pairs}
where a * 2654435761 % 4294967296 % {chunks} = {chunk}
"""


def matches(session: duckdb.DuckDBPyConnection, model: Model, least: float) -> Iterator[Match]:
    """Every two records of the table `pairs` that are one person's with at least this probability, and why."""
    fields = tuple(model.odds)
    for table in weigh(session, model, least):
        for row in _rows(session, table):
            pattern = _pattern(model, [row[f"gamma_{field}"] for field in fields])
            if not household(fields, pattern):
                yield _match(row, fields, pattern)


def _rows(session: duckdb.DuckDBPyConnection, table: str) -> Iterator[dict[str, Any]]:
    found = session.execute(f"select * from {table} order by number_l, number_r")
    names = [column[0] for column in found.description]
    while rows := found.fetchmany(10_000):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def _match(row: Mapping[str, Any], fields: Sequence[str], pattern: Pattern) -> Match:
    return Match(
        row["number_l"],
        row["number_r"],
        (row["group_l"], row["group_r"]),
        round(row["match_weight"], 3),
        round(row["match_probability"], 9),
        tuple(
            Agreement(field, degree, round(row[f"mw_{field}"] + (row.get(f"mw_tf_adj_{field}") or 0.0), 3))
            for field, degree in zip(fields, pattern, strict=True)
            if degree is not None
        ),
    )
