"""WCAG 2.2 AA, judged by axe-core in a real browser: it finds nothing on any page, on a phone and on a desk."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.touring import SOFA, put_in_cart, tour

# One worker for all of them: a house takes half a minute to open.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # the thousands of nodes that passed are named to nobody
}
axe = Axe()


def faults(page) -> list[str]:
    """What axe finds on the page, each with the first place it found it."""
    found = axe.run(page, options=RULES).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}" for one in found]


def overflow(page) -> int:
    """How many pixels the page is wider than the window: nobody should scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_every_page_of_the_shop_in_greek(page, house):
    email = f"axe-{page.viewport_size['width']}@customer.example"
    for name in tour(page, house, "el-gr", email):
        assert (name, faults(page)) == (name, [])
        assert (name, overflow(page)) == (name, 0)


@pytest.mark.parametrize("front", ["en-gb", "is-is", "pl-pl", "lv-lv"])
def test_the_way_to_an_order_in_the_other_languages(page, house, front):
    put_in_cart(page, front, SOFA)
    for path in ("", "c/furniture/", f"p/{SOFA}/", "cart/", "checkout/"):
        page.goto(f"/{front}/{path}")
        assert (front, path, faults(page)) == (front, path, [])
        assert (front, path, overflow(page)) == (front, path, 0)


CONSOLE = (
    "", "orders/", "pickups/", "customers/", "customers/consents/", "customers/matches/", "customers/segments/",
    "customers/new-segment/", "customers/segments/sofa-dreamers/", "privacy/", "privacy/keeping/", "sources/",
    "sources/live/", "catalog/", "catalog/categories/", "prices/", "stock/", "stock/receive/", "stock/move/",
    "stock/adjust/", "stock/count/", "stock/allocation/", "stock/devices/", "stock/low/", "stock/transfers/",
    "stock/parity/", "gift-cards/", "bank-transfers/", "pickups/slots/", "pickups/promises/", "prices/promotions/",
    "spots/", "tills/", "tills/people/", "tills/drawers/", "tills/conflicts/", "delivery/", "staff/", "keys/",
)  # fmt: skip


def test_every_room_of_the_console(page, house):
    page.goto("/console/sign-in/")
    assert faults(page) == []
    page.locator("[name=email]").fill("admin@samband.example")
    page.locator("[name=password]").fill("samband-demo-2026")
    page.locator("main button, form button").first.click()
    page.wait_for_url("**/console/")
    for path in CONSOLE:
        page.goto(f"/console/{path}")
        assert (path, faults(page)) == (path, [])
        assert (path, overflow(page)) == (path, 0)
    for room, row in (("orders/", "a[href*='/console/orders/']"), ("customers/", "a[href*='/console/customers/']")):
        page.goto(f"/console/{room}")
        links = page.locator(f"main {row}").evaluate_all("all => all.map(a => a.href)")
        first = next(
            link
            for link in links
            if link.split("?")[0].rstrip("/").split("/")[-1]
            not in ("orders", "customers", "unsettled", "consents", "matches", "segments")
        )
        page.goto(first)
        assert (first, faults(page)) == (first, [])
        assert (first, overflow(page)) == (first, 0)


def test_long_addresses_of_customers_wrap_on_the_narrowest_phone(chromium, house):
    context = chromium.new_context(viewport={"width": 360, "height": 800}, base_url=house.address)
    page = context.new_page()
    page.goto("/console/sign-in/")
    page.locator("[name=email]").fill("admin@samband.example")
    page.locator("[name=password]").fill("samband-demo-2026")
    page.locator("main button, form button").first.click()
    page.wait_for_url("**/console/")
    page.goto("/console/customers/")
    page.locator("td[data-label]").first.evaluate("cell => cell.textContent = 'x'.repeat(64) + '@customer.example'")
    assert overflow(page) == 0
    context.close()


def test_the_pages_for_engineers(page, house):
    page.goto("/api/v1/docs")
    assert overflow(page) == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids)) > 157
    # Hundreds of articles made by one template: axe would read them for two minutes and see the same in each.
    page.evaluate("document.querySelectorAll('article').forEach((one, nth) => nth % 15 && one.remove())")
    page.evaluate("document.querySelectorAll('nav li').forEach((one, nth) => nth % 15 && one.remove())")
    assert faults(page) == []
