"""One running house for all the tests here."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.opened import opened
from tests.browser.running import DESK, PHONE, House
from tests.browser.running import house as run_house
from tests.processes import own_database


@pytest.fixture(scope="session")
def house(django_db_setup, tmp_path_factory) -> Iterator[House]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    demo = opened(os.environ["SAMBAND_DATABASE_URL"])
    with (
        own_database(f"samband_browser_{worker}", demo.database) as environment,
        run_house(dict(environment), tmp_path_factory.mktemp("house"), copied=demo.home) as running,
    ):
        yield running


@pytest.fixture(params=["phone", "desk"])
def page(request, chromium: Browser, house: House) -> Iterator[Page]:
    """A page on a phone and on a desk; whatever goes wrong in its console fails the test."""
    size = PHONE if request.param == "phone" else DESK
    context = chromium.new_context(viewport=size, base_url=house.address, reduced_motion="reduce")
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert [text for text in wrong if "status of 4" not in text] == []
