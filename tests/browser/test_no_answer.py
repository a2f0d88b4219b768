"""In the shop, on a phone without a connection: what somebody pressed and nobody heard is said, in their language."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.running import PHONE, House
from tests.browser.test_accessibility import faults, overflow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize(("front", "said"), [("en-gb", "Check the connection"), ("el-gr", "Ελέγξτε τη σύνδεση")])
def test_a_button_that_reached_nobody_says_so(chromium: Browser, house: House, front: str, said: str) -> None:
    context = chromium.new_context(viewport=PHONE, base_url=house.address, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"/{front}/c/sofas/")
    page.route("**/c/sofas/?*", lambda route: route.abort())
    page.locator("details.filter > summary").click()
    page.locator("details.facet[open] input[type=checkbox]").first.check()
    page.locator("#notice .told", has_text=said).wait_for()
    page.goto(f"/{front}/c/sofas/")
    page.locator(".card a").first.click()
    page.wait_for_url(re.compile("/p/"))
    page.route("**/cart/add/", lambda route: route.abort())
    page.locator("form.add button").click()
    page.locator("#notice .told", has_text=said).wait_for()
    assert (faults(page), overflow(page)) == ([], 0)
    page.unroute("**/cart/add/")
    page.locator("form.add button").click()
    page.locator("#notice .added").wait_for()
    assert page.locator("#notice [data-lost]").count() == 0
    context.close()
