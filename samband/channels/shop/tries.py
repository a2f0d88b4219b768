"""How often something may be tried: a short memory in each process, for doors that can be knocked at without a key."""

import time
from collections import OrderedDict

from samband.kernel.refusal import TooMany

MOST_REMEMBERED = 10_000


class Tries:
    """So many tries in so many seconds for each of those who try."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._tried: OrderedDict[str, list[float]] = OrderedDict()

    def count(self, who: str) -> None:
        """Count one more. Raises TooMany when that is too often."""
        at = time.monotonic()
        recent = [when for when in self._tried.pop(who, []) if at - when < self.seconds]
        if len(recent) >= self.most:
            self._tried[who] = recent
            raise TooMany()
        self._tried[who] = [*recent, at]
        while len(self._tried) > MOST_REMEMBERED:
            self._tried.popitem(last=False)

    def forget(self) -> None:
        self._tried.clear()
