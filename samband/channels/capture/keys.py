"""Which source a write key opens, remembered for a moment: a key that was taken back opens nothing soon after."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from django.db import Error

from samband.customers.touchpoints import queries
from samband.customers.touchpoints.commands import hash_of
from samband.customers.touchpoints.shapes import Origin

KNOWN_FOR_SECONDS = 2.0
ASKED_AGAIN_AFTER_SECONDS = 0.2
"""A key that nobody knows is not looked up more often than this, however often it is tried."""

LONGEST_KNOWN_SECONDS = 60.0
"""So long what is known holds while the database is asked, or does not answer."""


class Keys:
    """All sources with a key, read at once every few seconds. `after` is called when the database was asked.

    One asks; the others go on with what is known, so that nobody's request is the slow one every two seconds. `beside`
    who listens: in a thread of its own, for a thread that has everybody to listen to.
    """

    def __init__(self, after: Callable[[], None] = lambda: None, *, beside: bool = False) -> None:
        self._after = after
        self._beside = beside
        self._lock = threading.Lock()
        self._known: Mapping[bytes, Origin] = {}
        self._read_at = self._asked_at = float("-inf")

    def origin_of(self, key: str) -> Origin | None:
        """The open source with this key. Raises what the database raises, if nothing is known that still holds."""
        hashed = hash_of(key)
        return self._remembered().get(hashed) or self._read(ASKED_AGAIN_AFTER_SECONDS).get(hashed)

    def _remembered(self) -> Mapping[bytes, Origin]:
        age = time.monotonic() - self._read_at
        if age < KNOWN_FOR_SECONDS:
            return self._known
        if age > LONGEST_KNOWN_SECONDS:
            return self._read(KNOWN_FOR_SECONDS)
        if time.monotonic() - self._asked_at >= KNOWN_FOR_SECONDS and not self._lock.locked():
            if self._beside:
                self._asked_at = time.monotonic()
                threading.Thread(target=self._refresh, name="asking for keys", daemon=True).start()
            else:
                self._refresh()
        return self._known

    def _refresh(self) -> None:
        with suppress(Error):
            self._read(KNOWN_FOR_SECONDS)

    def _read(self, at_most_seconds_old: float) -> Mapping[bytes, Origin]:
        with self._lock:
            if time.monotonic() - self._read_at >= at_most_seconds_old:
                self._asked_at = time.monotonic()
                try:
                    self._known = queries.origins_by_key()
                    self._read_at = time.monotonic()
                finally:
                    self._after()
        return self._known
