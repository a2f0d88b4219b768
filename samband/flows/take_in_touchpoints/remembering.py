"""What a process remembers, so that it need not ask: numbers of identifiers and events, pairs and messages of before.

All of it may be forgotten at any moment. What is remembered is what was committed, never what is about to be; and
what was committed may be lost in a crash of the database, if nobody waited for its disk.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from samband.customers.touchpoints.storing import House
from samband.kernel.identifier import Identifier

K = TypeVar("K")
V = TypeVar("V")

IDENTIFIERS, PAIRS, EVENTS, MESSAGES = 50_000, 50_000, 10_000, 50_000
"""So many are remembered, or twice as many at most."""


class Recent(Generic[K, V]):
    """What was used lately. When the young are too many they become the old, and the old are forgotten."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.young: dict[K, V] = {}
        self.old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What is remembered of it."""
        found = self.young.get(key)
        if found is None:
            found = self.old.get(key)
            if found is not None:
                self.young[key] = found
        return found

    def update(self, learned: Mapping[K, V]) -> None:
        """Remember these, too."""
        self.young.update(learned)
        if len(self.young) > self.most:
            self.old, self.young = self.young, {}


class Memory:
    """Of one process. It holds for an edition of identity's numbers in one life of a house, and for no other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[int, House | None] | None = None
        self.forget()

    def forget(self) -> None:
        """Begin with nothing."""
        self.numbers: Recent[Identifier, int] = Recent(IDENTIFIERS)
        self.pairs: Recent[tuple[int, int, str, int], bool] = Recent(PAIRS)
        self.events: Recent[str, int] = Recent(EVENTS)
        self.messages: Recent[bytes, bool] = Recent(MESSAGES)

    def settle(self, edition: int, house: House | None) -> None:
        """Forget everything if somebody was erased since, if this is another house, or if it begins another life."""
        with self._lock:
            if self._of != (edition, house):
                self.forget()
                self._of = (edition, house)

    def learn(
        self,
        edition: int,
        house: House,
        numbers: Mapping[Identifier, int],
        pairs: Iterable[tuple[int, int, str, int]],
        events: Mapping[str, int],
        messages: Iterable[bytes],
    ) -> None:
        """Remember what was committed under this edition, unless another one holds by now."""
        with self._lock:
            if self._of == (edition, house):
                self.numbers.update(numbers)
                self.pairs.update(dict.fromkeys(pairs, True))
                self.events.update(events)
                self.messages.update(dict.fromkeys(messages, True))
