"""Somebody may watch how the story goes on: metrics and traces, plugged in from above. Nobody does by default."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol
from uuid import UUID


class Watcher(Protocol):
    """Asked around every turn of a reaction. Must not fail, and must not talk to anybody who may keep it waiting."""

    def reacting(self, reaction: str, events: int, request: UUID | None) -> AbstractContextManager[None]:
        """Entered before a reaction takes in so many events, left after its transaction; an error passes through.

        `request` is the id of the request that the event followed from, if it is one event and there was one.
        """


class Nobody:
    @contextmanager
    def reacting(self, reaction: str, events: int, request: UUID | None) -> Iterator[None]:
        yield


_watching: list[Watcher] = [Nobody()]


def plug(watcher: Watcher) -> None:
    """Let this one watch from now on."""
    _watching[0] = watcher


def watcher() -> Watcher:
    """Who watches now."""
    return _watching[0]
