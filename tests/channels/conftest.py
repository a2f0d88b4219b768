"""A small retailer and programs of its own that come in through the API."""

from collections.abc import Callable, Iterator

import pytest

from samband.staff.commands import issue_key
from tests import worlds
from tests.channels.api_client import Api


@pytest.fixture
def world(db) -> Iterator[worlds.World]:
    yield worlds.small_world()
    worlds.fresh_processes()


@pytest.fixture
def api(world) -> Api:
    """A program that may do everything."""
    return Api(world.api_key)


@pytest.fixture
def api_with(world) -> Callable[..., Api]:
    """A program that may do only this."""
    return lambda *scopes: Api(issue_key("Narrow", scopes))
