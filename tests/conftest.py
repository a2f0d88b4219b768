"""What tests of several rooms share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.finding import browser as find_browser
from tests.browser.running import CHROMIUM


@pytest.fixture(scope="session")
def chromium(django_db_setup) -> Iterator[Browser]:
    """One browser for all the tests of a process: only one can be driven from a thread at a time.

    The tests' database is made first: once a browser is driven from this thread, Django refuses to.
    """
    path = find_browser()
    if path is None:
        pytest.skip("no browser: install Chromium or name one with SAMBAND_BROWSER")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()
