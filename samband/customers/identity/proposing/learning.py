"""What records teach without anybody's labels: how often one person's records agree, and how often strangers' do.

The model is Fellegi and Sunter's (1969): fields are independent given whether two records are one person's. It is
learned by expectation maximisation (Dempster, Laird and Rubin 1977; Winkler 1988): strangers (u) from pairs at random,
one person (m), and how many pairs are one person's, from the pairs that are compared anyway. What we expect beforehand
counts as some pairs seen (a Dirichlet prior), so that little data teaches little. Pure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from .fields import OTHER, OWN
from .odds import Believed, Model, Odds

STRANGERS_EXPECTED = 1000
PERSONS_EXPECTED = 50
"""What is expected counts as much as so many pairs seen, of strangers and of one person's records."""

ROUNDS = 200
NEAR_ENOUGH = 1e-4
"""Learning ends after so many rounds, or when one changes how many pairs are one person's by less than this part."""

LIKELIEST = 0.5

Pattern = tuple[str | None, ...]
"""How two records agree in each field of a model, in its order; None where they say nothing."""

Seen = Sequence[tuple[Pattern, float]]
"""Patterns, and how many pairs show them."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """How often each pattern is seen among the candidates (each stands for `scale` of them) and among pairs at random;
    `possible` is how many pairs of records of different customers there are in all.
    """

    candidates: Mapping[Pattern, int]
    at_random: Mapping[Pattern, int]
    scale: float
    possible: float


def learn(expected: Model, lesson: Lesson) -> Model:
    """The model that explains the lesson best, beginning with what is expected. The same lesson teaches the same."""
    fields = tuple(expected.odds)
    candidates = [(one, n) for one, n in _in_order(lesson.candidates) if not household(fields, one)]
    at_random = _in_order(lesson.at_random)
    model = expected
    for _ in range(ROUNDS):
        persons = [(one, n * lesson.scale * probability(model, one)) for one, n in candidates]
        strangers = [(one, n * (1.0 - probability(model, one))) for one, n in at_random]
        share = min((sum(n for _, n in persons) + 1.0) / lesson.possible, LIKELIEST)
        settled = abs(share / model.probability - 1.0) < NEAR_ENOUGH
        m = _shares(expected.odds, "m", persons, PERSONS_EXPECTED)
        u = _shares(expected.odds, "u", strangers, STRANGERS_EXPECTED)
        model = replace(model, probability=share, odds=_odds(m, u))
        if settled:
            break
    return model


def _in_order(seen: Mapping[Pattern, int]) -> list[tuple[Pattern, int]]:
    """Sums of floating figures depend on their order: it is always the same."""
    return sorted(seen.items(), key=lambda one: tuple(degree or "" for degree in one[0]))


def household(fields: Sequence[str], pattern: Pattern) -> bool:
    """Different given names and nothing of one's own in common: two of a household, however much that has in common.

    They agree in surname, door and telephone as strangers never do, and would teach that one person's names differ.
    """
    degrees = dict(zip(fields, pattern, strict=True))
    return degrees.get("given") == OTHER and not any(degrees.get(field) in alike for field, alike in OWN.items())


def probability(model: Model, pattern: Pattern) -> float:
    """That two records which agree so are one person's (Bayes), whatever the values are that they agree in."""
    weight = math.log2(model.probability / (1.0 - model.probability)) + sum(
        math.log2(odds[degree].m / odds[degree].u)
        for odds, degree in zip(model.odds.values(), pattern, strict=True)
        if degree is not None
    )
    odds: float = 2.0 ** max(min(weight, 1000.0), -1000.0)
    return odds / (1.0 + odds)


def _shares(before: Believed, side: str, seen: Seen, expected: int) -> dict[str, dict[str, float]]:
    """How often each degree is seen among those who say something, what was expected counting as so many pairs."""
    of_side = attrgetter(side)
    counts = {field: {code: of_side(one) * expected for code, one in odds.items()} for field, odds in before.items()}
    for pattern, n in seen:
        for degrees, degree in zip(counts.values(), pattern, strict=True):
            if degree is not None:
                degrees[degree] += n
    return {field: _parts(degrees) for field, degrees in counts.items()}


def _parts(degrees: Mapping[str, float]) -> dict[str, float]:
    whole = sum(degrees.values())
    return {degree: n / whole for degree, n in degrees.items()}


def _odds(m: Mapping[str, Mapping[str, float]], u: Mapping[str, Mapping[str, float]]) -> Believed:
    return {field: {code: Odds(m[field][code], u[field][code]) for code in m[field]} for field in m}
