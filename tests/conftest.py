"""What tests of several rooms share."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import patterns
from tests.browser.finding import browser as find_browser
from tests.browser.running import CHROMIUM


@pytest.fixture(scope="session", autouse=True)
def cheap() -> None:
    from tests import emptying

    emptying.settle()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' own database is a copy as well."""
    from django.db import connections

    pattern = patterns.migrated(os.environ["SAMBAND_DATABASE_URL"])
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = pattern


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all the tests of a process: only one can be driven from a thread at a time."""
    path = find_browser()
    if path is None:
        pytest.skip("no browser: install Chromium or name one with SAMBAND_BROWSER")
    # It is driven through a loop that stands still while our tests run; Django takes that for a busy one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
