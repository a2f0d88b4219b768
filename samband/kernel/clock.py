"""The house's one clock. Everything that asks for the time asks here, so that a test can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The moment, with its zone (UTC)."""
    return _held.get() or datetime.now(UTC)


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Inside the block the clock stands still at this moment."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def in_future(**parts: float) -> datetime:
    """A moment this far from now; the parts are those of timedelta."""
    return now() + timedelta(**parts)
