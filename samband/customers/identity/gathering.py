"""What must be looked at again when something is asserted, taken back or marked: whole components, in a few statements.

An assertion can change nothing beyond what hangs together with the two that it names. Through a shared value nothing
hangs together, so the walk never goes through one; for one that begins or ceases to be shared it goes both ways.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from samband.kernel.identifier import KINDS

from .components import Edge, Node
from .rules import THINGS, enough, is_shared

_HANDED_ON = [KINDS.index(kind) for kind in sorted(THINGS)]


class Kept(NamedTuple):
    """A node with what is kept of it."""

    node: Node
    customer: UUID
    shared: bool


@dataclass(frozen=True)
class Gathered:
    """Whole components: their nodes as they are kept, their edges, and which nodes are shared from now on."""

    kept: Mapping[int, Kept]
    edges: tuple[Edge, ...]
    shared: frozenset[int]


def alone() -> None:
    """Wait to be the only one who changes components, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('identity:components', 0))")


def gather(seeds: Collection[int], recount: Collection[int] = (), opened: Collection[int] = ()) -> Gathered:
    """Everything that can change with these numbers.

    A value that is shared stays so while assertions only come, so only those in `recount` are counted all the same.
    `opened` are walked through though they are shared: their mark came or went.
    """
    counted = _shared_now(seeds, recount)
    kept = walk(seeds, {*opened, *(number for number, shared in counted.items() if not shared)})
    shared = frozenset(number for number, one in kept.items() if counted.get(number, one.shared))
    closed = {number for number, one in kept.items() if one.node.marked or number in shared}
    return Gathered(kept, edges_of(kept.keys() - closed, closed), shared)


def walk(seeds: Iterable[int], opened: Iterable[int]) -> dict[int, Kept]:
    """Whatever hangs together with these numbers; shared values are walls, but for those that are `opened`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select * from identity_gather(%s::bigint[], %s::bigint[], %s::smallint[])",
            [list(seeds), sorted(opened), _HANDED_ON],
        )
        return {row[0]: _kept(*row) for row in cursor.fetchall()}


def edges_of(open_: Iterable[int], closed: Iterable[int]) -> tuple[Edge, ...]:
    """The edges that go out from these, in the one direction in which they are kept; of the closed ones those that may
    hold all the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("select * from identity_edges(%s::bigint[], %s::bigint[])", [list(open_), list(closed)])
        return tuple(map(Edge._make, cursor.fetchall()))


def _shared_now(seeds: Collection[int], recount: Collection[int]) -> dict[int, bool]:
    """Of those that must be counted, whether they are shared now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, kind from identity_identifier where id = any(%s::bigint[]) and erased_at is null"
            " and (not shared or id = any(%s::bigint[]))",
            [list(seeds), list(recount)],
        )
        kinds = {number: KINDS[kind] for number, kind in cursor.fetchall()}
    near = neighbours(kinds)
    return {number: is_shared(kind, near.get(number, {})) for number, kind in kinds.items()}


def neighbours(numbers: Iterable[int]) -> dict[int, dict[tuple[str, str], int]]:
    """How many neighbours each has, by kind and namespace; counted until it is clear that they are too many."""
    found: dict[int, dict[tuple[str, str], int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("select * from identity_neighbours(%s::bigint[], %s::integer)", [list(numbers), enough()])
        for number, kind, namespace, count in cursor.fetchall():
            found.setdefault(number, {})[KINDS[kind], namespace] = count
    return found


def _kept(number: int, kind: int, namespace: str, key: UUID, customer: UUID, shared: bool, marked: bool) -> Kept:
    return Kept(Node(number, KINDS[kind], namespace, key, marked), customer, shared)
