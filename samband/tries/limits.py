"""Limits, declared at the doors that they guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest

from samband.kernel.refusal import Refusal

from . import commands, rules


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of one kind in so many seconds for each of those who try."""

    what: str
    most: int
    seconds: int

    def count(self, who: str) -> None:
        """Count one more before it is tried. Raises TooMany, Unavailable."""
        commands.count(self.what, who, self.most, self.seconds)

    def count_address(self, request: HttpRequest) -> None:
        """The same for whoever is at the address the request comes from. Raises TooMany, Unavailable."""
        self.count(_from(request))

    def forget(self, who: str) -> None:
        """Begin anew for somebody who proved right. Raises Unavailable."""
        commands.forget(self.what, who)

    @contextmanager
    def of_wrong(self, request: HttpRequest, *wrong: type[Refusal]) -> Iterator[None]:
        """Count only what is refused as `wrong`, by the address it comes from: whoever is right costs no statement.

        For keys, links and signatures that nobody guesses anyway; past the limit a wrong one is told TooMany.
        """
        try:
            yield
        except wrong:
            self.count_address(request)
            raise


def _from(request: HttpRequest) -> str:
    return rules.network_of(request.META.get("REMOTE_ADDR", ""))
