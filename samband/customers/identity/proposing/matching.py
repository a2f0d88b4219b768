"""Everybody compared with everybody who may be the same person, in an embedded DuckDB that keeps nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .blocking import bring_together
from .comparing import Match, matches
from .odds import Model
from .records import MEMORY_MB, Record, lay_out, workshop
from .sampling import learned

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What came of comparing: the likely pairs of groups, each once and the likeliest first, and how it was judged."""

    records: int
    compared: int
    model: Model | None
    likely: tuple[Match, ...]


def find(records: Iterable[Record], least: float, most: int, memory_mb: int = MEMORY_MB) -> Found:
    """The pairs of groups that are one person with at least this probability: so many at most, the likeliest.

    For two groups the two records count that agree best. The same records find the same.
    """
    with workshop(memory_mb) as session:
        laid_out = lay_out(session, records)
        compared = bring_together(session) if laid_out >= FEWEST else 0
        if not compared:
            return Found(laid_out, 0, None, ())
        model = learned(session)
        return Found(laid_out, compared, model, _likeliest(matches(session, model, least), most))


def _likeliest(found: Iterator[Match], most: int) -> tuple[Match, ...]:
    best: dict[tuple[str, str], Match] = {}
    for match in found:
        pair = min(match.groups), max(match.groups)
        if pair not in best or _rank(match) < _rank(best[pair]):
            best[pair] = match
        if len(best) > 2 * most:
            best = dict(sorted(best.items(), key=lambda one: _rank(one[1]))[:most])
    return tuple(sorted(best.values(), key=_rank)[:most])


def _rank(match: Match) -> tuple[float, tuple[str, str], int, int]:
    one, other = sorted(match.groups)
    return -match.weight, (one, other), match.a, match.b
