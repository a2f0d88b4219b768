"""What must balance in identity: who is whose customer follows from the assertions alone, whatever was learnt first."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from samband.kernel.books import EVERYTHING, Check, Extent, Finding, Walk, found
from samband.kernel.identifier import KINDS

from . import gathering
from .components import join
from .gathering import Kept
from .rules import LIMITS, is_shared

AT_ONCE = 20_000
A_DAY = 50_000
"""So many identifiers are computed anew on a day, others on the next; with all that hangs together with them."""

NUMBERS = "select id as identifier from identity_identifier"
"""The number of everything somebody is or was known by; 0 is nobody's."""

CUSTOMERS = "select distinct customer from identity_identifier where customer is not null"
"""Every customer there is now, by the key of the identifier that leads them."""

MOVED = "select from identity_moved"
"""Whose identifiers are others now, and who has not been followed yet."""

ACCOUNTS = "select key as account from identity_identifier where kind = 0 and erased_at is null"
"""Every account that identity has heard of."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An identifier that is kept as another customer's, or as shared or not, than the assertions say."""

    number: int
    kept: UUID
    computed: UUID
    shared: bool
    should_be_shared: bool


def replay(extent: Extent = EVERYTHING) -> Iterator[Difference]:
    """Compute components from nothing but the assertions, and compare them with what is kept.

    Some twenty thousand identifiers at a time, so that memory hardly grows with the house: each component whole. What
    hangs together with an assertion that waits to be taken in is passed over. Nothing is written.
    """
    unsettled = frozenset(number for (number,) in _rows(_UNSETTLED))
    last = _last_number()
    begins, ends = extent.part(A_DAY, last + 1)
    seen, told = bytearray(last + 1), set[int]()
    for numbers in _numbers(begins, ends):
        if seeds := [number for number in numbers if not seen[number]]:
            nodes, shared = _whole(seeds)
            for number in nodes:
                seen[number] = 1
            for number in sorted(_wrongly_walled(nodes, shared) - unsettled - told):
                told.add(number)
                kept = nodes[number]
                yield Difference(number, kept.customer, kept.customer, kept.shared, number in shared)
            yield from _compared(nodes, shared, unsettled)


def _whole(seeds: Collection[int]) -> tuple[dict[int, Kept], frozenset[int]]:
    """What hangs together with these numbers, and which of it is shared by what was asserted.

    What is kept as shared and is not is walked through, until nothing new comes to light.
    """
    opened: frozenset[int] = frozenset()
    while True:
        nodes = gathering.walk(seeds, opened)
        shared = frozenset(_shared(nodes))
        wrongly = frozenset(number for number, one in nodes.items() if one.shared and number not in shared)
        if wrongly <= opened:
            return nodes, shared
        opened |= wrongly


def _wrongly_walled(nodes: Mapping[int, Kept], shared: frozenset[int]) -> set[int]:
    return {number for number, one in nodes.items() if one.shared != (number in shared)}


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
    from (
        select a as number from identity_assertion where a = any(%(among)s::bigint[])
        union all select b from identity_assertion where b = any(%(among)s::bigint[])
    ) as near
    group by number having count(*) > %(fewest)s
) near
join identity_identifier i on i.id = near.number and i.erased_at is null
join unnest(%(kinds)s::smallint[], %(neighbours)s::bigint[]) as fewest (kind, neighbours) on fewest.kind = i.kind
where near.said > fewest.neighbours
"""


def _shared(among: Collection[int]) -> Iterator[int]:
    """Those of these numbers with more neighbours than one person's identifier has."""
    fewest = {KINDS.index(kind): min(most.values()) for kind, most in LIMITS.items()}
    asked = {
        "among": list(among),
        "fewest": min(fewest.values()),
        "kinds": list(fewest),
        "neighbours": list(fewest.values()),
    }
    crowded = dict(_rows(_CROWDED, asked))
    for number, near in gathering.neighbours(sorted(crowded)).items() if crowded else ():
        if is_shared(KINDS[crowded[number]], near):
            yield number


def _last_number() -> int:
    last: int = next(_rows("select coalesce(max(id), 0) from identity_identifier"))[0]
    return last


def _numbers(begins: int, ends: int) -> Iterator[list[int]]:
    after = begins - 1
    while numbers := [
        number
        for (number,) in _rows(
            "select id from identity_identifier where id > %s and id < %s and erased_at is null order by id limit %s",
            [after, ends, AT_ONCE],
        )
    ]:
        yield numbers
        after = numbers[-1]


def _rows(statement: str, parameters: Any = None) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        yield from cursor.fetchall()


def _walls(extent: Extent) -> Iterator[Finding]:
    for one in replay(extent):
        if one.shared != one.should_be_shared:
            told = "shared" if one.should_be_shared else "not shared"
            yield Finding(
                f"Identifier {one.number} should be {told} by what was asserted of it.", row={"identifier": one.number}
            )
        else:
            yield Finding(
                f"Identifier {one.number} is kept as customer {one.kept}, but by the assertions is {one.computed}.",
                row={"identifier": one.number, "kept": one.kept, "computed": one.computed},
            )


CHECKS = (
    Walk("replay", _walls),
    Check(
        "led_by_another",
        "Customer {customer} is led by identifier {lead}.",
        """
select i.customer, (array_agg(i.key order by i.kind, i.key))[1] as lead from identity_identifier i
left join identity_identifier l on l.key = i.customer and l.customer = i.customer
where i.erased_at is null and (l.key is null or (i.kind, i.key) < (l.kind, l.key))
group by i.customer order by 1
""",
    ),
    Check(
        "reviewed_erased",
        "Review {review} is {state}, but one of the two is erased.",
        """
select r.id as review, r.state from identity_review r
join identity_identifier i on i.id in (r.a, r.b) where i.erased_at is not null order by 1
""",
    ),
    Check(
        "asserted_of_nothing",
        "Assertion {assertion} joins identifiers {a} and {b}, not both of which there are.",
        """
select e.id as assertion, e.a, e.b from identity_assertion e
left join identity_identifier x on x.id = e.a left join identity_identifier y on y.id = e.b
where x.id is null or y.id is null order by 1
""",
    ),
    Check(
        "retracted_nothing",
        "Retraction {retraction} takes back assertion {assertion}, which does not exist.",
        """
select t.id as retraction, t.assertion from identity_retraction t
where not exists (select from identity_assertion e where e.id = t.assertion) order by 1
""",
    ),
)


def findings(extent: Extent = EVERYTHING) -> Iterator[Finding]:
    """One sentence for each identifier that is not as the assertions say."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor, extent)
