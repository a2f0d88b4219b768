"""A house with a history: so many orders, complete and balanced, written with whole sets.

A few dozen orders are really placed, paid, sent, fetched, called off and refunded; what they left in every table is then
copied as often as it takes, each copy under ids, numbers, addresses and moments of its own.
"""

from collections.abc import Callable

Say = Callable[[str], None]


def grow(orders: int, say: Say = lambda text: None) -> int:
    """Give the house that the environment names (migrated, with goods to sell) so many orders more; how many it were."""
    raise NotImplementedError
