"""Promises 1, 2 and 3 under fire: every race of races.py, in whole processes, a few hundred attempts of each.

`python -m tests.promises.fire` makes ten thousand of each.
"""

import os
from collections.abc import Iterator

import pytest

from tests.promises import racing
from tests.promises.races import ATTACKS

ATTEMPTS = int(os.environ.get("SAMBAND_ATTEMPTS", "24"))

pytestmark = pytest.mark.xdist_group("races")


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[racing.House]:
    """A server of several processes, and others beside it, on a database of their own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    with django_db_blocker.unblock(), racing.opened(f"samband_races_{worker}") as house:  # type: ignore[attr-defined]
        yield house


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_is_won_twice_nothing_breaks_and_every_book_balances(house: racing.House, name: str) -> None:
    told = ATTACKS[name](ATTEMPTS)
    assert told.violations == ()
    assert told.attempts >= ATTEMPTS
    assert told.won or name == "guessed_codes", f"a race that nobody wins proves nothing: {told.seen}"
