"""A race that cannot fail is worthless: broken on purpose, the product is found out by the same races."""

import os
import re

import pytest

from tests.promises import racing
from tests.promises.races import ATTACKS

CAUGHT = {
    "stock": ("inventory", "were sold, and there never were more than|are held"),
    "vouchers": ("vouchers", "may be used 1 times, and was used"),
    "carts": ("carts_in_tabs", "became \\d+ orders"),
    "gift_cards": ("gift_cards", "has -\\d+ on it"),
}
"""By what is broken: the race that finds it, and what it says."""


@pytest.mark.parametrize("fault", CAUGHT)
def test_a_product_that_reads_thinks_and_writes_is_found_out(
    fault: str, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    name, saying = CAUGHT[fault]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        racing.opened(f"samband_caught_{fault}_{worker}", serving=False, fault=fault),
    ):
        told = ATTACKS[name](30)
    assert any(re.search(saying, violation) for violation in told.violations), told.violations
