"""What must balance in identity: who is whose customer follows from the assertions alone, whatever was learnt first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from samband.kernel.identifier import KINDS

from . import gathering
from .components import join
from .gathering import Kept
from .rules import LIMITS, is_shared

AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Difference:
    """An identifier that is kept as another customer's, or as shared or not, than the assertions say."""

    number: int
    kept: UUID
    computed: UUID
    shared: bool
    should_be_shared: bool


def findings() -> Iterator[str]:
    """One sentence for each identifier that is not as the assertions say."""
    for one in replay():
        if one.shared != one.should_be_shared:
            told = "shared" if one.should_be_shared else "not shared"
            yield f"Identifier {one.number} should be {told} by what was asserted of it."
        else:
            yield f"Identifier {one.number} is kept as customer {one.kept}, but by the assertions is {one.computed}."
    for customer, lead in _rows(_LED_BY_ANOTHER):
        yield f"Customer {customer} is led by identifier {lead}."
    for review, state in _rows(_REVIEWED_ERASED):
        yield f"Review {review} is {state}, but one of the two is erased."


_LED_BY_ANOTHER = """
select customer, (array_agg(key order by kind, key))[1] from identity_identifier
where erased_at is null group by customer having customer <> (array_agg(key order by kind, key))[1] order by 1
"""

_REVIEWED_ERASED = """
select r.id, r.state from identity_review r
join identity_identifier i on i.id in (r.a, r.b) where i.erased_at is not null order by 1
"""


def replay() -> Iterator[Difference]:
    """Compute every component from nothing but the assertions, and compare it with what is kept.

    Some twenty thousand identifiers at a time, so that memory hardly grows with the house: each component whole. What
    hangs together with an assertion that waits to be taken in is passed over. Nothing is written.
    """
    unsettled = frozenset(number for (number,) in _rows(_UNSETTLED))
    shared = frozenset(_shared())
    kept = dict(_rows("select id, customer from identity_identifier where shared and erased_at is null"))
    for number in sorted((kept.keys() ^ shared) - unsettled):
        customer = kept.get(number) or _customer(number)
        yield Difference(number, customer, customer, number in kept, number in shared)
    seen = bytearray(_last_number() + 1)
    for numbers in _numbers():
        if seeds := [number for number in numbers if not seen[number]]:
            nodes = gathering.walk(seeds, kept.keys() - shared)
            for number in nodes:
                seen[number] = 1
            yield from _compared(nodes, shared, unsettled)


def _compared(nodes: Mapping[int, Kept], shared: frozenset[int], unsettled: frozenset[int]) -> Iterator[Difference]:
    closed = {number for number, one in nodes.items() if one.node.marked or number in shared}
    edges = gathering.edges_of(nodes.keys() - closed, closed)
    outcome = join((one.node for one in nodes.values()), edges, closed)
    waiting = nodes.keys() & unsettled
    passed_over = {outcome.customer[number] for number in waiting} | {nodes[number].customer for number in waiting}
    for number, one in sorted(nodes.items()):
        computed = outcome.customer[number]
        if computed != one.customer and not passed_over & {computed, one.customer}:
            yield Difference(number, one.customer, computed, one.shared, one.shared)


_UNSETTLED = """
select unnest(array[e.a, e.b]) from identity_pending p join identity_assertion e on e.id = p.assertion
"""

_CROWDED = """
select i.id, i.kind from (
    select number, count(*) as said
    from (select a as number from identity_assertion union all select b from identity_assertion) as near
    group by number having count(*) > %s
) near
join identity_identifier i on i.id = near.number and i.erased_at is null
join unnest(%s::smallint[], %s::bigint[]) as fewest (kind, neighbours) on fewest.kind = i.kind
where near.said > fewest.neighbours
"""


def _shared() -> Iterator[int]:
    """The numbers with more neighbours than one person's identifier has: of those with assertions enough for it."""
    fewest = {KINDS.index(kind): min(most.values()) for kind, most in LIMITS.items()}
    crowded = dict(_rows(_CROWDED, [min(fewest.values()), list(fewest), list(fewest.values())]))
    numbers = sorted(crowded)
    for start in range(0, len(numbers), AT_ONCE):
        for number, near in gathering.neighbours(numbers[start : start + AT_ONCE]).items():
            if is_shared(KINDS[crowded[number]], near):
                yield number


def _customer(number: int) -> UUID:
    customer: UUID = next(_rows("select customer from identity_identifier where id = %s", [number]))[0]
    return customer


def _last_number() -> int:
    last: int = next(_rows("select coalesce(max(id), 0) from identity_identifier"))[0]
    return last


def _numbers() -> Iterator[list[int]]:
    after = 0
    while numbers := [
        number
        for (number,) in _rows(
            "select id from identity_identifier where id > %s and erased_at is null order by id limit %s",
            [after, AT_ONCE],
        )
    ]:
        yield numbers
        after = numbers[-1]


def _rows(statement: str, parameters: list[Any] | None = None) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()
