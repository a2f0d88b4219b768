"""What follows from one request carries its id, through flows, events and the reactions to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_current: ContextVar[UUID | None] = ContextVar("correlation", default=None)


def correlation() -> UUID | None:
    """The id of the request that what is done now follows from; None for what nobody asked for, such as a chore."""
    return _current.get()


@contextmanager
def correlated(request: UUID | None) -> Iterator[None]:
    """Let what is done inside follow from this request."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)
