"""What must balance, said so that a machine can look: a statement that gives a row for each thing that is wrong, and
the sentence that tells of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Cursor(Protocol):
    """What a check asks of a database's cursor (PEP 249)."""

    @property
    def description(self) -> Any: ...

    def execute(self, statement: str, values: Any = None, /) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Finding(str):
    """A sentence that says what is wrong. `check` names what was looked at, `row` holds its ids and figures."""

    __slots__ = ("check", "row")

    check: str
    row: Mapping[str, Any]

    def __new__(cls, sentence: str, check: str = "", row: Mapping[str, Any] | None = None) -> "Finding":
        """The sentence with what it is about."""
        one = super().__new__(cls, sentence)
        one.check = check
        one.row = dict(row or {})
        return one


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a long book is read, and on which day: everything, or a part of it that is another one every day.

    `most` is how many findings of one kind are told; None for all of them.
    """

    full: bool = False
    day: date = date(2026, 1, 1)
    most: int | None = None

    def part(self, size: int, whole: int) -> tuple[int, int]:
        """Where today's part of a book with so many pages begins and ends (exclusive): in turn, so that every page is
        read once in as many days as there are parts.
        """
        if self.full or size >= whole:
            return 0, whole
        parts = -(-whole // size)
        begins = self.day.toordinal() % parts * size
        return begins, begins + size


@dataclass(frozen=True, slots=True)
class Check:
    """`statement` gives a row for each thing that is wrong, `sentence` has places for its columns.

    A percent sign in the statement is written twice. `values` are asked for at the moment of looking.
    """

    name: str
    sentence: str
    statement: str
    values: Callable[[], Mapping[str, Any]] = dict

    def findings(self, cursor: Cursor, extent: Extent) -> Iterator[Finding]:
        """What is wrong; of more than `extent.most` it is said that there are more."""
        # The planner must not hope to find the first rows soon: all is looked through, and mostly nothing is wrong.
        limit = "" if extent.most is None else f" limit {extent.most + 1}"
        cursor.execute(f"with wrong as materialized ({self.statement}\n) select * from wrong{limit}", self.values())
        names = [column[0] for column in cursor.description]
        for nth, row in enumerate(cursor.fetchall()):
            if nth == extent.most:
                yield Finding(f"More than {nth} findings are like that ({self.name}).", self.name)
                return
            told = dict(zip(names, row, strict=True))
            yield Finding(self.sentence.format(**told), self.name, told)


@dataclass(frozen=True, slots=True)
class Walk:
    """For what no single statement can tell: a walk through the book that yields its findings itself."""

    name: str
    look: Callable[[Extent], Iterable[Finding]]

    def findings(self, cursor: Cursor, extent: Extent) -> Iterator[Finding]:
        """What is wrong; after `extent.most` of it no more is looked for."""
        for nth, one in enumerate(self.look(extent)):
            if nth == extent.most:
                yield Finding(f"More than {nth} findings are like that ({self.name}).", self.name)
                return
            yield Finding(one, self.name, one.row)


Checks = Sequence[Check | Walk]

A_PART = Extent()
EVERYTHING = Extent(full=True)


def found(checks: Checks, cursor: Cursor, extent: Extent = A_PART) -> Iterator[Finding]:
    """Everything that is wrong by these checks, one after the other."""
    for check in checks:
        yield from check.findings(cursor, extent)
