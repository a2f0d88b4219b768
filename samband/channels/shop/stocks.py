"""Where goods can be had, as lists tell it: what is looked at is looked up together, a few times a second."""

import time
from collections.abc import Sequence

from samband.commerce.inventory import queries as inventory

from .storefronts import CHANNEL

LOOK_EVERY_SECONDS = 0.3
ASKED_LATELY_SECONDS = 2.0
MOST_TOGETHER = 3_000
"""So many SKUs are looked up in one statement, those that were asked for last."""

_NOWHERE: frozenset[str] = frozenset()


class Stocks:
    """The places of SKUs on one channel, in this process; none of them is older than `looked_at`."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.looked_at = float("-inf")
        self._known: dict[str, frozenset[str]] = {}
        self._asked: dict[str, float] = {}

    def places(self, skus: Sequence[str]) -> dict[str, frozenset[str]]:
        """Where each can be had. One statement a few times a second, and one for what nobody asked for just before."""
        moment = time.monotonic()
        for sku in skus:
            self._asked.pop(sku, None)  # what is asked for last stands last
            self._asked[sku] = moment
        if moment >= self.looked_at + LOOK_EVERY_SECONDS:
            self._known = self._look(self._lately(moment))
            self.looked_at = moment
        if missing := [sku for sku in skus if sku not in self._known]:
            self._known = self._known | self._look(missing)
        known = self._known
        return {sku: known[sku] for sku in skus}

    def _lately(self, moment: float) -> list[str]:
        since = moment - ASKED_LATELY_SECONDS
        lately = [sku for sku, at in self._asked.items() if at >= since][-MOST_TOGETHER:]
        self._asked = {sku: self._asked[sku] for sku in lately}
        return lately

    def _look(self, skus: list[str]) -> dict[str, frozenset[str]]:
        found = inventory.places(skus, self.channel)
        return {sku: found.get(sku, _NOWHERE) for sku in skus}

    def forget(self) -> None:
        """Look everything up when it is next asked for."""
        self.looked_at = float("-inf")
        self._asked.clear()


stocks = Stocks(CHANNEL)
