"""A database that clients abroad write into."""

import os
from collections.abc import Iterator, Mapping

import pytest

from tests.processes import own_database


@pytest.fixture(scope="session")
def abroad(django_db_setup) -> Iterator[Mapping[str, str]]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    with own_database(f"samband_clients_{worker}") as environment:
        # Several homes share one database, as machines of one retailer do: then they share this secret.
        yield {**environment, "SAMBAND_IDENTITY_SECRET": "of-all-machines"}
