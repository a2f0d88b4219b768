"""Do the books balance? Each room's own, and what must agree between rooms. A finding is a sentence with its rows.

All books are read as they were at one moment, by reading alone: nothing is locked, so a shop that is open may be
audited. What is wrong is found by whole sets, in the database; nothing is listed here but what is wrong.
"""

from collections.abc import Collection, Iterator

from samband.kernel.books import A_PART, Extent

from .reading import Book, Told, read
from .shelf import books

__all__ = ["A_PART", "Book", "Extent", "Told", "audit", "books", "look"]


def audit(extent: Extent = A_PART) -> Iterator[str]:
    """Everything that is wrong, one sentence each; nothing when every book balances."""
    for told in look(extent):
        yield from told.findings


def look(extent: Extent = A_PART, only: Collection[str] = (), jobs: int = 1) -> Iterator[Told]:
    """Read every book, or `only` some, several at a time; what is wrong in each, and how long it took, as it is done.

    Raises NoSuchBook.
    """
    return read(books(only), extent, jobs)
