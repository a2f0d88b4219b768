"""Cutting numbers into a few ranges that a person can choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, nextafter
from typing import Any

from tantivy import Query, Searcher

from ..attributes import number_in

MOST_RANGES = 6
MOST_DISTINCT = 5000


@dataclass
class Span:
    """The numbers there are: from `low` to `high`, cut into ranges whose ends are numbers that occur, both included."""

    low: float
    high: float
    cuts: tuple[tuple[float, float], ...]
    _labels: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def aggregation(self, code: str) -> dict[str, Any]:
        """How the index counts them."""
        ranges = [{"key": written(low, high), "from": low, "to": nextafter(high, inf)} for low, high in self.cuts]
        return {"range": {"field": f"number.{code}", "ranges": ranges}}

    def labels(self, unit: str, language: str) -> list[tuple[str, str]]:
        """Each range as it is asked for and as it is read: ("90.0..120.0", "90–120 cm")."""
        if language not in self._labels:
            self._labels[language] = [
                (written(low, high), f"{_in_words(low, high, language)} {unit}".strip()) for low, high in self.cuts
            ]
        return self._labels[language]


def written(low: float, high: float) -> str:
    """The range as a filter's value."""
    return f"{_short(low)}..{_short(high)}"


def _short(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def _in_words(low: float, high: float, language: str) -> str:
    return number_in(low, language) if low == high else f"{number_in(low, language)}–{number_in(high, language)}"


def spans_of(searcher: Searcher, query: Query, codes: Sequence[str]) -> dict[str, Span]:
    """How the numbers of the documents found are best cut; numbers that all are alike are left out."""
    if not codes:
        return {}
    asked = {code: {"terms": {"field": f"number.{code}", "size": MOST_DISTINCT}} for code in codes}
    answer = searcher.aggregate(query, asked)
    spans = {}
    for code in codes:
        counted = {float(bucket["key"]): int(bucket["doc_count"]) for bucket in answer[code]["buckets"]}
        if len(counted) > 1:
            cuts = cut(counted)
            spans[code] = Span(cuts[0][0], cuts[-1][1], cuts)
    return spans


def cut(counted: dict[float, int]) -> tuple[tuple[float, float], ...]:
    """At most six ranges of about as many products each. Few different numbers stand for themselves."""
    numbers = sorted(counted)
    if len(numbers) <= MOST_RANGES:
        return tuple((number, number) for number in numbers)
    share = sum(counted.values()) / MOST_RANGES
    cuts: list[tuple[float, float]] = []
    first, held = numbers[0], 0
    for place, number in enumerate(numbers):
        held += counted[number]
        full = held >= share * (len(cuts) + 1) and len(cuts) < MOST_RANGES - 1
        if full or place == len(numbers) - 1:
            cuts.append((first, number))
            if place < len(numbers) - 1:
                first = numbers[place + 1]
    return tuple(cuts)
