"""In which edition catalog and prices are: looked up a few times a second in each process, however many pages ask."""

import time

from samband.commerce.catalog import queries as catalog
from samband.commerce.pricing import queries as pricing

LOOK_EVERY_SECONDS = 0.2
"""A page that was made by an edition is as old as the look at the edition, so that it is never trusted for longer than
a page that looked for itself."""


class Editions:
    """The edition of this process, and when it was looked up (on the clock that only goes forward)."""

    def __init__(self) -> None:
        self.looked_at = float("-inf")
        self.known: tuple[int, str] = (0, "")

    def current(self) -> tuple[tuple[int, str], float]:
        """The edition and the moment since which it may be out of date. Two statements a few times a second."""
        moment = time.monotonic()
        if moment >= self.looked_at + LOOK_EVERY_SECONDS:
            self.known = (catalog.version(), pricing.version())
            self.looked_at = moment
        return self.known, self.looked_at

    def forget(self) -> None:
        """Look it up when it is next asked for."""
        self.looked_at = float("-inf")


editions = Editions()
