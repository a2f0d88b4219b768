"""What records teach without anybody's labels: how often one person's records agree, and how often strangers' do.

The model is Fellegi and Sunter's (1969): fields are independent given whether two records are one person's. Strangers
(u) are learned from pairs at random, one person (m) by expectation maximisation among pairs alike in something
strong (Winkler 1988). The same records teach the same: nothing is drawn but by a hash of the record's number.
"""

from collections.abc import Mapping
from dataclasses import replace

import duckdb
from splink import block_on

from .comparing import Model, Odds, expected, linker, read_odds, weigh
from .fields import FIELDS

SEED = 4
PAIRS_AT_RANDOM = 2_000_000
PAIRS_TO_TRAIN = 1_000_000
FEWEST_TO_TRAIN = 100
"""Pairs that a lesson needs; from fewer nothing is learned."""

STRANGERS_EXPECTED = 10_000
PERSONS_EXPECTED = 50
"""What is expected counts as much as so many pairs seen, of strangers and of one person's records."""

FOUND_BY_THE_STRICT = 0.7
FEWEST_TWICE = 0.01
"""Guesses made beforehand, corrected by what is learned: the strict rules find so many of all true pairs, and at
least so many of all records have another of the same person."""

ROUNDS = 6
NEAR_ENOUGH = 0.01
"""Learning ends after so many rounds, or when one changes how many pairs are one person's by less than this part."""

STRICT = (
    ("email",),
    ("phone",),
    ("card",),
    ("given", "surname", "born"),
    ("given", "surname", "street", "house"),
)
"""Records alike in all of these are one person's nearly always."""

LESSONS = (
    ("given", "surname", "born"),
    ("given", "surname", "postcode"),
    ("email",),
    ("phone",),
    ("card",),
    ("born", "postcode"),
    ("street", "house", "postcode"),
)
"""Among records alike in these many are one person's: how they agree in everything else is learned from each."""

MOST_ALIKE = 20
"""More records than this alike in something strict show that it is not strict here."""


Believed = Mapping[str, Mapping[str, Odds]]
Told = Mapping[str, float]


def learn(session: duckdb.DuckDBPyConnection) -> Model:
    """The model of the records as they were `told`, judged on the candidates in `pairs`."""
    records = int(session.execute("select count(*) from told").fetchall()[0][0])
    possible = max(records * (records - 1) / 2, 1.0)
    sure = _strict_pairs(session)
    model = expected(session, max(sure / FOUND_BY_THE_STRICT, FEWEST_TWICE * records) / possible)
    seen, told = _strangers(session, model), _told(session, possible)
    model = _taught(session, model, seen, sure / possible, told)
    for _ in range(ROUNDS - 1):
        share = max((_expected_matches(session, model) + _joined(session)) / possible, 1 / possible)
        settled = abs(share / model.probability - 1) < NEAR_ENOUGH
        model = _taught(session, replace(model, probability=_steady(share)), seen, share, told)
        if settled:
            break
    return model


def _strict_pairs(session: duckdb.DuckDBPyConnection) -> int:
    """How many two records are alike in something strict."""
    found = " union ".join(
        _ALIKE.format(columns=", ".join(rule), told=" and ".join(f"{column} is not null" for column in rule))
        for rule in STRICT
    )
    return int(session.execute(f"select count(*) from ({found})").fetchall()[0][0])


_ALIKE = f"""
select a, b from (
    select list(number order by number) as alike from told where {{told}} group by {{columns}}
    having count(*) between 2 and {MOST_ALIKE}
) blocks, unnest(alike) as x(a), unnest(alike) as y(b) where a < b
"""


def _strangers(session: duckdb.DuckDBPyConnection, model: Model) -> Mapping[str, Mapping[str, Odds]]:
    """How often pairs at random agree, those of one person among them."""
    pupil = linker(session, model, "told")
    pupil.training.estimate_u_using_random_sampling(max_pairs=PAIRS_AT_RANDOM, seed=SEED, min_count_per_level=None)
    return read_odds(pupil)


def _told(session: duckdb.DuckDBPyConnection, possible: float) -> Told:
    """Of how many pairs both records say something, by field."""
    shares = ", ".join(f"count(coalesce({', '.join(field.present)})) / count(*)" for field in FIELDS)
    row = session.execute(f"select {shares} from told").fetchall()[0]
    return {field.name: part * part * possible for field, part in zip(FIELDS, row, strict=True)}


def _taught(session: duckdb.DuckDBPyConnection, model: Model, seen: Believed, share: float, told: Told) -> Model:
    """Strangers without those of one person among them (`share` of all pairs), then one person's from every lesson."""
    before = expected(session, model.probability).odds
    strangers = {
        field: apart(odds, seen[field], before[field], share, min(told[field], PAIRS_AT_RANDOM))
        for field, odds in model.odds.items()
    }
    pupil = linker(session, replace(model, odds=strangers), "told")
    for columns in LESSONS:
        if _alike(session, columns) >= FEWEST_TO_TRAIN:
            pupil.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), estimate_without_term_frequencies=True, max_pairs=PAIRS_TO_TRAIN
            )
    learned = read_odds(pupil)
    persons = {
        field: of_one(learned[field], strangers[field], before[field], share * told[field]) for field in model.odds
    }
    return replace(model, odds=persons)


def apart(
    one: Mapping[str, Odds], seen: Mapping[str, Odds], before: Mapping[str, Odds], share: float, pairs: float
) -> dict[str, Odds]:
    """How often strangers agree, if among `pairs` at random so many agree and `share` of them are one person's."""
    left = {degree: max(seen[degree].u - share * one[degree].m, 0.0) * pairs for degree in one}
    whole = sum(left.values()) + STRANGERS_EXPECTED
    return {
        degree: Odds(one[degree].m, _steady((left[degree] + before[degree].u * STRANGERS_EXPECTED) / whole))
        for degree in one
    }


def of_one(
    learned: Mapping[str, Odds], strangers: Mapping[str, Odds], before: Mapping[str, Odds], pairs: float
) -> dict[str, Odds]:
    """How often one person's records agree, learned from about so many pairs, and what was expected before."""
    whole = sum(odds.m for odds in learned.values()) * pairs + PERSONS_EXPECTED
    return {
        degree: Odds(_steady((odds.m * pairs + before[degree].m * PERSONS_EXPECTED) / whole), strangers[degree].u)
        for degree, odds in learned.items()
    }


def _steady(figure: float) -> float:
    """Nine digits: what differs beyond them is the order in which the processors came to their sums."""
    return float(f"{figure:.9g}")


def _alike(session: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> int:
    """Pairs alike in all of these."""
    told = " and ".join(f"{column} is not null" for column in columns)
    counted = f"select count(*) as c from told where {told} group by {', '.join(columns)}"
    return int(session.execute(f"select coalesce(sum(c * (c - 1) / 2), 0)::bigint from ({counted})").fetchall()[0][0])


def _expected_matches(session: duckdb.DuckDBPyConnection, model: Model) -> float:
    """How many of the candidates are one person's, by the model itself; of very many, judged from a part of them."""
    total = int(session.execute("select count(*) from pairs").fetchall()[0][0])
    looked, matching = 0, 0.0
    for table, size in weigh(session, model, 0.0):
        looked += size
        matching += float(session.execute(f"select coalesce(sum(match_probability), 0) from {table}").fetchall()[0][0])
        if looked >= PAIRS_TO_TRAIN:
            break
    return matching * total / max(looked, 1)


def _joined(session: duckdb.DuckDBPyConnection) -> int:
    """Pairs of records that are one customer's already."""
    counted = 'select count(*) as c from told group by "group"'
    return int(session.execute(f"select coalesce(sum(c * (c - 1) / 2), 0)::bigint from ({counted})").fetchall()[0][0])
