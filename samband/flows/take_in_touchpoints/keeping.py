"""The one transaction in which things that happened are kept, with whom they belong to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import connection, transaction

from samband.customers.identity import commands as identity
from samband.customers.identity.rules import Pair
from samband.customers.touchpoints import storing
from samband.customers.touchpoints.shapes import NOBODY, Happening, Origin, Row, Taken
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier

from .remembering import Memory

_memory = Memory()

Said = tuple[int, int, str, int]
"""A pair as it is remembered: both numbers, the rule, and the source's id."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What one request brought of a source. `rejected` counts by code what is not taken in."""

    origin: Origin
    items: Sequence[Happening]
    rejected: Mapping[str, int] = field(default_factory=dict)


def keep_together(takings: Sequence[Taking]) -> list[Taken]:
    """Keep what several requests brought in one transaction; what became of each. Joins the caller's, if there is one.

    In this order for everybody, so that two who bring the same wait for each other and never deadlock: messages,
    names of events, identifiers, pairs, rejections.
    """
    if not connection.in_atomic_block:
        try:
            return _keep(takings, looking_first=False)
        except storing.SeenBefore:
            pass  # all of it once more, and looking at each
    return _keep(takings, looking_first=True)


def _keep(takings: Sequence[Taking], *, looking_first: bool) -> list[Taken]:
    with transaction.atomic(savepoint=False):
        edition, house = identity.edition(), storing.house()
        _memory.settle(edition, house)
        kept, taken = _sifted(takings, looking_first)
        if kept:
            numbers, fresh_numbers = _numbers(kept)
            events, fresh_events = _events(kept)
            rows, pairs = _rows(kept, numbers, events)
            identity.assert_pairs(tuple(pairs.values())) if pairs else None
            storing.store(rows, now())
            messages = [one.message for _, one in kept]
            if house is None:
                transaction.on_commit(storing.begin_life, robust=True)
            else:
                learn = partial(_memory.learn, edition, house, fresh_numbers, pairs, fresh_events, messages)
                transaction.on_commit(learn)
        storing.count_rejected(_rejected(takings), now())
    return taken


Kept = list[tuple[Origin, Happening]]


def _sifted(takings: Sequence[Taking], looking_first: bool) -> tuple[Kept, list[Taken]]:
    """Every message once, of all requests together, that was never taken in; and what that is of each request.

    Raises SeenBefore, unless `looking_first`.
    """
    young, old = _memory.messages.young, _memory.messages.old
    fresh = {
        one.message for taking in takings for one in taking.items if one.message not in young and one.message not in old
    }
    if looking_first:
        fresh -= storing.unseen(fresh)
    elif fresh:
        storing.all_unseen(fresh)
    kept: Kept = []
    taken: list[Taken] = []
    for taking in takings:
        before = len(kept)
        for one in taking.items:
            if one.message in fresh:
                fresh.discard(one.message)
                kept.append((taking.origin, one))
        stored = len(kept) - before
        taken.append(Taken(stored, len(taking.items) - stored, sum(taking.rejected.values())))
    return kept, taken


def _numbers(kept: Kept) -> tuple[dict[int, int], dict[Identifier, int]]:
    """The numbers of all identifiers by where they lie in memory, and those of them that had to be asked for.

    A visitor's identifier is one object in many events: to look where it lies is sooner done than to hash it.
    """
    different = {id(one): one for _, happening in kept for one in happening.identifiers}
    known: dict[int, int] = {}
    unknown: dict[Identifier, None] = {}
    remembered = _memory.numbers
    for at, identifier in different.items():
        number = remembered.get(identifier)
        if number is None:
            unknown[identifier] = None
        else:
            known[at] = number
    if not unknown:
        return known, {}
    fresh = identity.number(unknown, now())
    for at, identifier in different.items():
        if at not in known:
            known[at] = fresh[identifier]
    return known, fresh


def _events(kept: Kept) -> tuple[dict[str, int], dict[str, int]]:
    names = {one.event for _, one in kept}
    known = {name: number for name in names if (number := _memory.events.get(name)) is not None}
    fresh = storing.event_numbers(sorted(names - known.keys())) if len(known) < len(names) else {}
    return known | fresh, fresh


def _rows(kept: Kept, numbers: Mapping[int, int], events: Mapping[str, int]) -> tuple[list[Row], dict[Said, Pair]]:
    """What is written down, and the pairs that nobody said before as far as we remember."""
    rows: list[Row] = []
    pairs: dict[Said, Pair] = {}
    remembered = _memory.pairs
    for origin, one in kept:
        if len(one.identifiers) < 2:
            number = numbers[id(one.identifiers[0])] if one.identifiers else NOBODY
            rows.append(Row(one, origin.id, events[one.event], number, None))
            continue
        known = [numbers[id(identifier)] for identifier in one.identifiers]
        rows.append(Row(one, origin.id, events[one.event], known[0], known[-1]))
        for first, second, rule in one.links:
            a, b = known[first], known[second]
            said = (a, b, rule, origin.id) if a < b else (b, a, rule, origin.id)
            if said not in pairs and remembered.get(said) is None:
                pairs[said] = Pair(a=said[0], b=said[1], rule=rule, source=origin.slug, at=one.occurred_at)
    return rows, pairs


def _rejected(takings: Iterable[Taking]) -> dict[tuple[int, str], int]:
    counted: dict[tuple[int, str], int] = {}
    for taking in takings:
        for code, count in taking.rejected.items():
            counted[taking.origin.id, code] = counted.get((taking.origin.id, code), 0) + count
    return counted
