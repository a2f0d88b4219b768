"""Several who watch, as one."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from uuid import UUID

from samband.timeline.watching import Watcher


class Together:
    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self._watchers = watchers

    @contextmanager
    def reacting(self, reaction: str, events: int, request: UUID | None) -> Iterator[None]:
        with ExitStack() as watched:
            for one in self._watchers:
                watched.enter_context(one.reacting(reaction, events, request))
            yield
