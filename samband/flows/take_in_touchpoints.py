"""Take in what was captured: each message once, kept under the strongest identifier it came with.

One transaction: what is answered is committed, what is not answered may be sent again.
"""

from collections.abc import Iterable, Sequence

from django.db import transaction

from samband.customers.touchpoints import commands, queries, reading, storing
from samband.customers.touchpoints.refusals import UnknownSource
from samband.customers.touchpoints.shapes import NOBODY, Happening, Note, Origin, Row, Taken
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier


def note(source: str, *notes: Note) -> Taken:
    """Take in what the house itself saw; joins the caller's transaction. The source is opened if there is none."""
    try:
        origin = queries.origin(source)
    except UnknownSource:
        commands.open_house(source)
        origin = queries.origin(source)
    return take_in(origin, [reading.noted(one, origin) for one in notes])


@transaction.atomic(savepoint=False)
def take_in(origin: Origin, items: Sequence[Happening], *, gpc: bool = False) -> Taken:
    """Keep each of the items that was never taken in before."""
    storing.begin()
    fresh = storing.unseen(one.message for one in items)
    kept: list[Happening] = []
    for one in items:
        if one.message in fresh:
            fresh.discard(one.message)
            kept.append(one)
    if kept:
        numbers = _numbers({identifier for one in kept for identifier in one.identifiers})
        _assert_pairs(kept, numbers, origin)
        events = storing.event_numbers(sorted({one.event for one in kept}))
        storing.store([_row(one, origin, numbers) for one in kept], events, now())
    return Taken(len(kept), len(items) - len(kept), 0)


def _row(one: Happening, origin: Origin, numbers: dict[Identifier, int]) -> Row:
    known = [numbers[identifier] for identifier in one.identifiers]
    return Row(one, origin.id, known[0] if known else NOBODY, known[-1] if len(known) > 1 else None)


def _numbers(identifiers: Iterable[Identifier]) -> dict[Identifier, int]:
    from samband.customers.identity import commands as identity

    known = sorted(identifiers)
    if not known:
        return {}
    by_key = identity.know(known, now())
    return {one: by_key[one.key] for one in known}


def _assert_pairs(items: Iterable[Happening], numbers: dict[Identifier, int], origin: Origin) -> None:
    from samband.customers.identity import commands as identity
    from samband.customers.identity.commands import Pair

    pairs = {}
    for one in items:
        for first, second, rule in one.links:
            a, b = sorted((numbers[one.identifiers[first]], numbers[one.identifiers[second]]))
            pairs.setdefault((a, b, rule), Pair(a=a, b=b, rule=rule, source=origin.slug, at=one.occurred_at))
    if pairs:
        identity.assert_pairs(tuple(pairs.values()))
