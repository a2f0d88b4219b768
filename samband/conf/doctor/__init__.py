"""`samband doctor`: looks at everything a house stands on, and says what to do about what is not well."""

from collections.abc import Iterator

from . import database, house, outside, work
from .finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]


def examine(reach: bool = False) -> Iterator[Finding]:
    """What was found, in an order in which a later point may depend on an earlier one; nothing is changed.

    With `reach` others are called, too: the mail server.
    """
    yield from database.examine()
    yield from house.examine()
    yield from work.examine()
    yield from outside.examine(reach)
