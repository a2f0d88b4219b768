"""Which source a write key opens, remembered for a moment: a key that was taken back opens nothing soon after."""

import threading
import time
from collections.abc import Callable, Mapping

from samband.customers.touchpoints import queries
from samband.customers.touchpoints.commands import hash_of
from samband.customers.touchpoints.shapes import Origin

KNOWN_FOR_SECONDS = 2.0
ASKED_AGAIN_AFTER_SECONDS = 0.2
"""A key that nobody knows is not looked up more often than this, however often it is tried."""


class Keys:
    """All sources with a key, read at once every few seconds. `after` is called when the database was asked."""

    def __init__(self, after: Callable[[], None] = lambda: None) -> None:
        self._after = after
        self._lock = threading.Lock()
        self._known: Mapping[bytes, Origin] = {}
        self._read_at = float("-inf")

    def origin_of(self, key: str) -> Origin | None:
        """The open source with this key."""
        hashed = hash_of(key)
        found = self._read(KNOWN_FOR_SECONDS).get(hashed)
        return found or self._read(ASKED_AGAIN_AFTER_SECONDS).get(hashed)

    def _read(self, at_most_seconds_old: float) -> Mapping[bytes, Origin]:
        if time.monotonic() - self._read_at < at_most_seconds_old:
            return self._known
        with self._lock:
            if time.monotonic() - self._read_at >= at_most_seconds_old:
                try:
                    self._known = queries.origins_by_key()
                    self._read_at = time.monotonic()
                finally:
                    self._after()
        return self._known
