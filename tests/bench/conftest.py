"""What the benches' tests share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from samband.bench.house import House
from tests.bench import houses


@pytest.fixture(scope="session")
def copied() -> Iterator[Callable[[int], AbstractContextManager[House]]]:
    yield from houses.copies()


@pytest.fixture
def among_copies(copied, monkeypatch) -> None:
    """Benches that are run in this process are given a copy of a house, and none of them waits for migrations."""
    from samband.bench import adding, checkout, delivering, holding, hot_sku, listing, product_page, searching

    for bench in (adding, checkout, delivering, holding, hot_sku, listing, product_page, searching):
        monkeypatch.setattr(bench, "fresh_house", copied)
