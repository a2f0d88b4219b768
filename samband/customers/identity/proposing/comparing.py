"""Splink's part: how two records are compared and weighed, given what is expected of people or was learned of these."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.internals.comparison_level_library import CustomLevel, ElseLevel
from splink.internals.comparison_library import CustomComparison

from .fields import FIELDS, OTHER, Degree, Field

CHUNK_PAIRS = 1_000_000
"""Pairs weighed at a time, so that memory is bounded however many there are."""

logging.getLogger("splink").setLevel(logging.CRITICAL)  # it tells at length, and its errors repeat whole statements


@dataclass(frozen=True, slots=True)
class Odds:
    """How often one person's two records agree to a degree (`m`), and how often two strangers' do (`u`)."""

    m: float
    u: float


@dataclass(frozen=True, slots=True)
class Model:
    """What is believed of some records: plain figures, and nobody's data.

    `probability` is that of two records at random being one person's, `people` how many there are, `odds` by field
    and degree.
    """

    probability: float
    people: int
    odds: Mapping[str, Mapping[str, Odds]]


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
        session.execute(_RARITY.format(column=column)).fetchall()
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
            tf_minimum_u_value=odds.u if degree.own else 0.5 / people,
            disable_tf_exact_match_detection=True,
        )
    return level


def read_odds(made: Linker) -> dict[str, dict[str, Odds]]:
    """What Splink believes now, by field and degree; a figure that it has none of is 0."""
    return {
        comparison["output_column_name"]: {
            level.get("label_for_charts", ""): Odds(
                level.get("m_probability") or 0.0, level.get("u_probability") or 0.0
            )
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        }
        for comparison in made.misc.save_model_to_json()["comparisons"]
    }


def weigh(
    session: duckdb.DuckDBPyConnection, model: Model, least: float, chunk_pairs: int = CHUNK_PAIRS
) -> Iterator[tuple[str, int]]:
    """Weigh the table `pairs`, a chunk at a time: the table with those of at least this probability, and its size."""
    judge = linker(session, model)
    total = int(session.execute("select count(*) from pairs").fetchall()[0][0])
    chunks = max(1, -(-total // chunk_pairs))
    for chunk in range(chunks):
        session.execute(_CHUNK.format(chunks=chunks, chunk=chunk)).fetchall()
        some = judge._db_api.register("chunk", table_name=f"chunk_{chunk}")
        judge.table_management.register_blocked_pairs_for_predict(some)
        weighed = judge.inference.predict(threshold_match_probability=least or None, warning_mode="never")
        size = int(session.execute(f"select count(*) from {weighed.physical_name}").fetchall()[0][0])
        yield weighed.physical_name, size
        weighed.drop_table_from_database_and_remove_from_cache()


_CHUNK = """
create or replace table chunk as
select '0' as match_key, a as join_key_l, b as join_key_r from pairs
where a * 2654435761 % 4294967296 % {chunks} = {chunk}
"""


def matches(session: duckdb.DuckDBPyConnection, model: Model, least: float) -> Iterator[Match]:
    """Every two records of the table `pairs` that are one person's with at least this probability, and why."""
    fields = [field for field in FIELDS if field.name in model.odds]
    for table, _ in weigh(session, model, least):
        for row in _rows(session, table):
            yield Match(
                row["number_l"],
                row["number_r"],
                (row["group_l"], row["group_r"]),
                round(row["match_weight"], 3),
                round(row["match_probability"], 9),
                tuple(_agreement(field, model, row) for field in fields if row[f"gamma_{field.name}"] >= 0),
            )


def _rows(session: duckdb.DuckDBPyConnection, table: str) -> Iterator[dict[str, Any]]:
    found = session.execute(f"select * from {table} order by number_l, number_r")
    names = [column[0] for column in found.description]
    while rows := found.fetchmany(10_000):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def _agreement(field: Field, model: Model, row: Mapping[str, Any]) -> Agreement:
    # Splink counts degrees from the worst, which is 0.
    degree = tuple(model.odds[field.name])[-1 - row[f"gamma_{field.name}"]]
    bits = row[f"mw_{field.name}"] + (row.get(f"mw_tf_adj_{field.name}") or 0.0)
    return Agreement(field.name, degree, round(bits, 3))
