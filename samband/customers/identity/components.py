"""Who is one person, as a pure function of what was asserted: no clock, no database, no order of arrival.

Assertions join from the strongest to the weakest (Kruskal's way to a spanning forest), those of one strength in the
order of the keys they name. One that would bring two persons together is held back instead. What nobody may see in the
result is which of them came first: numbers are drawn at first sight, so nothing is decided by a number.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from samband.kernel.identifier import KINDS

from .rules import DIFFERENT, LIMITS, SAME, STRENGTH, Limits, holds_through, is_shared

RANK = {kind: rank for rank, kind in enumerate(KINDS)}
PERSONS = frozenset({"account", "user"})
"""Two of one of these kinds, in one namespace, are two persons."""

TWO_PERSONS = "two_persons"
SAID_DIFFERENT = "said_different"


class Node(NamedTuple):
    """An identifier; `marked` if a person said that it is shared."""

    number: int
    kind: str
    namespace: str
    key: UUID
    marked: bool = False


class Edge(NamedTuple):
    """An assertion that is not taken back."""

    id: int
    a: int
    b: int
    rule: str


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An assertion that does not join, because (`two_persons`, `said_different`) of these two."""

    edge: Edge
    because: str
    between: tuple[int, int]


@dataclass(frozen=True)
class Components:
    """The outcome. `customer` gives each number the key of the leading identifier of its component, `joining` are the
    edges that made the components, the strongest first, `held_back` those that would have joined two persons.
    """

    customer: Mapping[int, UUID]
    joining: tuple[Edge, ...]
    held_back: tuple[HeldBack, ...]


@dataclass(slots=True)
class _Part:
    """A component as it grows: the persons in it by kind and namespace, and who must stay out."""

    members: list[Node]
    persons: dict[tuple[str, str], Node] = field(default_factory=dict)
    apart_from: set[int] = field(default_factory=set)

    @property
    def lead(self) -> Node:
        return min(self.members, key=_precedence)


def partition(nodes: Iterable[Node], edges: Collection[Edge], limits: Limits = LIMITS) -> Components:
    """Who is one person among all these. The same for any order of nodes and edges, whatever their numbers are."""
    everybody = {node.number: node for node in nodes}
    return join(everybody.values(), edges, shared_among(everybody, edges, limits))


def shared_among(nodes: Mapping[int, Node], edges: Iterable[Edge], limits: Limits = LIMITS) -> frozenset[int]:
    """The numbers with more distinct neighbours than one person's identifier has."""
    near: dict[int, set[int]] = {}
    for edge in edges:
        if edge.rule != DIFFERENT:
            near.setdefault(edge.a, set()).add(edge.b)
            near.setdefault(edge.b, set()).add(edge.a)
    return frozenset(
        number
        for number, others in near.items()
        if is_shared(nodes[number].kind, Counter((nodes[one].kind, nodes[one].namespace) for one in others), limits)
    )


def join(nodes: Iterable[Node], edges: Iterable[Edge], shared: Collection[int]) -> Components:
    """The components of these nodes and edges, given which nodes are shared."""
    return _Joining(nodes, shared).result(edges)


class _Joining:
    def __init__(self, nodes: Iterable[Node], shared: Collection[int]) -> None:
        self.node = {node.number: node for node in nodes}
        self.closed = {number for number, node in self.node.items() if node.marked or number in shared}
        self.parent: dict[int, int] = {}
        self.part: dict[int, _Part] = {}
        self.apart: dict[int, set[int]] = {}
        self.joining: list[Edge] = []
        self.held_back: list[HeldBack] = []

    def result(self, edges: Iterable[Edge]) -> Components:
        joining = []
        for edge in edges:
            if edge.a in self.node and edge.b in self.node:
                if edge.rule == DIFFERENT:
                    self._keep_apart(edge.a, edge.b)
                    self._keep_apart(edge.b, edge.a)
                elif self._holds(edge):
                    joining.append(edge)
        for edge in sorted(joining, key=self._order):
            self._take(edge)
        return Components(self._customers(), tuple(self.joining), tuple(self.held_back))

    def _keep_apart(self, one: int, other: int) -> None:
        self.apart.setdefault(one, set()).add(other)
        self.part[self._root(one)].apart_from.add(other)

    def _holds(self, edge: Edge) -> bool:
        return not self.closed or all(
            end not in self.closed or holds_through(edge.rule, self.node[end].kind) for end in (edge.a, edge.b)
        )

    def _order(self, edge: Edge) -> tuple[int, int, int, str]:
        one, other = self.node[edge.a].key.int, self.node[edge.b].key.int
        return -STRENGTH[edge.rule], min(one, other), max(one, other), edge.rule

    def _take(self, edge: Edge) -> None:
        one, other = self._root(edge.a), self._root(edge.b)
        if one == other:
            return
        if against := self._against(edge, self.part[one], self.part[other]):
            self.held_back.append(HeldBack(edge, *against))
            return
        if len(self.part[one].members) < len(self.part[other].members):
            one, other = other, one
        self.parent[other] = one
        bigger, smaller = self.part[one], self.part.pop(other)
        bigger.members += smaller.members
        bigger.apart_from |= smaller.apart_from
        for kind, person in smaller.persons.items():
            bigger.persons[kind] = min(person, bigger.persons.get(kind, person), key=_precedence)
        self.joining.append(edge)

    def _against(self, edge: Edge, one: _Part, other: _Part) -> tuple[str, tuple[int, int]] | None:
        """Why these two must not become one, and between whom it stands."""
        if apart := self._said_different(one, other):
            return SAID_DIFFERENT, apart
        both = one.persons.keys() & other.persons.keys()
        if edge.rule != SAME and both:
            kind = min(both)
            return TWO_PERSONS, (one.persons[kind].number, other.persons[kind].number)
        return None

    def _said_different(self, one: _Part, other: _Part) -> tuple[int, int] | None:
        if not one.apart_from or not other.apart_from:
            return None
        there = [node.number for node in sorted(other.members, key=_precedence) if node.number in one.apart_from]
        for node in sorted(one.members, key=_precedence):
            for number in there:
                if number in self.apart.get(node.number, ()):
                    return node.number, number
        return None

    def _root(self, number: int) -> int:
        """The number that stands for the part this one is in; the first time it is a part of its own."""
        if number not in self.parent:
            self.parent[number] = number
            self.part[number] = _Part([self.node[number]], _persons(self.node[number]))
        while (above := self.parent[number]) != number:
            self.parent[number] = self.parent[above]
            number = above
        return number

    def _customers(self) -> dict[int, UUID]:
        found = {number: node.key for number, node in self.node.items()}
        for part in self.part.values():
            lead = part.lead.key
            found.update((node.number, lead) for node in part.members)
        return found


def _persons(node: Node) -> dict[tuple[str, str], Node]:
    return {(node.kind, node.namespace): node} if node.kind in PERSONS else {}


def _precedence(node: Node) -> tuple[int, int]:
    return RANK[node.kind], node.key.int
