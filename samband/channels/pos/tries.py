"""How often codes may be tried at this door without being known: a short memory in each process."""

import time
from collections import OrderedDict

from samband.kernel.refusal import TooMany

MOST_REMEMBERED = 10_000


class Tries:
    """So many tries in so many seconds for each of those who try."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._at: OrderedDict[str, list[float]] = OrderedDict()

    def count(self, who: str) -> None:
        """Count one more. Raises TooMany when that is too often."""
        moment = time.monotonic()
        recent = [at for at in self._at.pop(who, []) if moment - at < self.seconds]
        self._at[who] = recent
        if len(recent) >= self.most:
            raise TooMany()
        recent.append(moment)
        while len(self._at) > MOST_REMEMBERED:
            self._at.popitem(last=False)

    def forget(self) -> None:
        """Begin anew."""
        self._at.clear()


enrolling = Tries(most=10, seconds=600)
finding = Tries(most=30, seconds=60)
cards = Tries(most=20, seconds=600)
ALL = (enrolling, finding, cards)
