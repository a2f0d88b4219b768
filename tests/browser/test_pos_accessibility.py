"""Every screen of the till, in English and Greek, on a phone and on a till: axe finds nothing, nothing is too wide."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.pos_touring import tour
from tests.browser.test_accessibility import faults, overflow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]

WIDTHS = {"phone": {"width": 375, "height": 812}, "till": {"width": 1280, "height": 800}}


@pytest.fixture(params=["phone", "till"])
def page(request, chromium, house) -> Iterator[Page]:
    context = chromium.new_context(viewport=WIDTHS[request.param], base_url=house.address, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    yield opened
    context.close()
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "el"])
def test_every_screen_of_the_till(page: Page, house, language: str):
    width = "phone" if page.viewport_size["width"] < 500 else "till"
    found = []
    seen = set()
    for name in tour(page, house, language, width):
        # What is scrolled half under the search bar is not too small, only on its way.
        page.evaluate("document.getElementById('main').scrollTop = 0")
        found += [(name, fault) for fault in faults(page)]
        if overflow(page):
            found.append((name, f"{overflow(page)} px too wide"))
        seen.add(name)
    assert found == []
    assert len(seen) >= 30
