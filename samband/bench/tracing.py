"""What a path says to the database: every statement with its values, and where its transactions begin and end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Said:
    """A statement with its values (by place or by name) and the number of its transaction; none commits by itself."""

    statement: str
    values: tuple[Any, ...] | dict[str, Any]
    transaction: int | None


@contextmanager
def listening() -> Iterator[list[Said]]:
    """Write down what is said to the database inside the block."""
    said: list[Said] = []
    ended = 0
    commit = connection.commit

    def note_commit() -> None:
        nonlocal ended
        ended += 1
        commit()

    def note(execute: Callable[..., Any], statement: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        given = dict(values) if isinstance(values, dict) else tuple(values or ())
        said.append(Said(statement, given, ended if connection.in_atomic_block else None))
        return execute(statement, values, many, context)

    connection.commit = note_commit  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(note):
            yield said
    finally:
        connection.commit = commit  # type: ignore[method-assign]
