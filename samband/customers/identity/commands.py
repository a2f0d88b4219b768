"""What identity can be told to do."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.identifier import Identifier

from . import knowing
from .refusals import NoSuchRule
from .rules import TOLD, Pair

AT_ONCE = 2000
"""Assertions that one transaction takes into the components at most."""


@transaction.atomic
def know(identifiers: Iterable[Identifier], first_seen: datetime) -> dict[UUID, int]:
    """The number of each identifier by its key; one that nobody knew gets one now. Callers may remember them.

    Who remembers numbers asks `edition` first in each transaction.
    """
    return knowing.numbers_of(identifiers, first_seen)


@transaction.atomic
def assert_pairs(pairs: Sequence[Pair]) -> int:
    """Write down which identifiers are one person's; returns how many of these nobody had said before.

    What was said before, taken back or not, stays as it is. Raises NoSuchRule for what only a person may decide.
    """
    if strange := sorted({one.rule for one in pairs} - TOLD):
        raise NoSuchRule(rules=strange)
    return len(knowing.write_pairs(pairs)) if pairs else 0


@transaction.atomic
def edition() -> int:
    """The edition of the numbers. Nobody is erased until this transaction ends; raised by each erasure.

    Whoever remembers numbers asks this before all else in a transaction, and forgets all it remembers whenever the
    answer is another than before: what was erased must get a new number when it is seen again.
    """
    with connection.cursor() as cursor:
        cursor.execute("select identity_hold_edition()")
        held: int = cursor.fetchone()[0]
        return held


@transaction.atomic
def take_moved(most: int = 2000) -> set[UUID]:
    """Customers whose identifiers changed, each taken off the queue with the caller's transaction."""
    return set()


def resolve(most: int = 5000) -> int:
    """Take what was asserted into the components; returns how many assertions."""
    return 0
