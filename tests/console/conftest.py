from collections.abc import Iterator

import pytest

from tests import worlds
from tests.console.counter import Counter


@pytest.fixture
def world(transactional_db) -> Iterator[worlds.World]:
    """A small retailer. Refused commands undo their transaction, so each must have one of its own."""
    yield worlds.small_world()
    worlds.fresh_processes()


@pytest.fixture
def admin(world) -> Counter:
    return Counter("admin", location=worlds.REYKJAVIK)
