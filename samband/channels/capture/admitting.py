"""Who comes in when more want to than can be served: nobody waits for what will not be done soon, nobody takes it all.

A source may have as much as is still free, as switches share their memory (dynamic thresholds: Choudhury and Hahne,
IEEE/ACM Transactions on Networking 6, 1998). One that is noisy has half, two have a third each, and a source that has
nothing yet finds something free whatever the noisy ones do.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from .refusals import Overloaded

PLACE_BYTES = 16 * 1024
MOST_PLACES = 320
"""What is taken in at once by a process: 5 MB as they were sent, some eighty batches of a hundred events."""

SHARE_OF_TIME = 0.5
MOST_SECONDS = 1.0


class Admission(Protocol):
    """Lets a request of a source in, or does not."""

    def held(self, source: int, size: int) -> AbstractContextManager[None]:
        """While a body of so many bytes is taken in. Raises Overloaded."""


class Places:
    """Of a process that does nothing but capture: so much is in its memory at once, and no more waits for a commit."""

    def __init__(self, most: int = MOST_PLACES) -> None:
        self._most = most
        self._all = 0
        self._of: dict[int, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def held(self, source: int, size: int) -> Iterator[None]:
        """A place for each 16 kB. What alone is larger than what is free comes in if its source has nothing yet."""
        places = 1 + size // PLACE_BYTES
        self._take(source, places)
        try:
            yield
        finally:
            self._give_back(source, places)

    def _take(self, source: int, places: int) -> None:
        with self._lock:
            theirs, free = self._of.get(source, 0), self._most - self._all
            if free <= 0 or (theirs and theirs + places > free):
                raise Overloaded()
            self._of[source] = theirs + places
            self._all += places

    def _give_back(self, source: int, places: int) -> None:
        with self._lock:
            self._all -= places
            self._of[source] -= places
            if not self._of[source]:
                del self._of[source]


class Moments:
    """Of a process that has pages to show, too: at most half of its time goes to captures, however many come.

    What was spent is forgiven as time passes; a second in advance is for what comes in bursts.
    """

    def __init__(
        self,
        share: float = SHARE_OF_TIME,
        most_seconds: float = MOST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._share = share
        self._most = most_seconds
        self._clock = clock
        self._looked_at = clock()
        self._spent: dict[int, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def held(self, source: int, size: int) -> Iterator[None]:
        """However large it is: the time that it takes is the source's."""
        began = self._clock()
        with self._lock:
            self._forgive(began)
            if self._spent.get(source, 0.0) >= self._most - sum(self._spent.values()):
                raise Overloaded()
        try:
            yield
        finally:
            with self._lock:
                self._spent[source] = self._spent.get(source, 0.0) + self._clock() - began

    def _forgive(self, at: float) -> None:
        """Of everybody's in proportion."""
        spent = sum(self._spent.values())
        left = spent - (at - self._looked_at) * self._share
        self._looked_at = at
        self._spent = {source: one * left / spent for source, one in self._spent.items()} if left > 0 else {}
