"""Pictures of every page, on a phone and on a desk: `make screenshots`.

Opens the demo retailer in a house of its own under a temporary folder, takes the tours of the shop and of the till in
Greek, and writes to docs/screenshots. Phones in the store, a few pages in the other languages and the console follow.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from samband.conf import postgres
from tests.browser.finding import browser as find_browser
from tests.browser.kiosk_store import open_store
from tests.browser.pos_touring import tour as till_tour
from tests.browser.running import CHROMIUM, DESK, PHONE, House, house
from tests.browser.touring import tour
from tests.processes import ROOT

OUT = ROOT / "docs" / "screenshots"
TALLEST = 2400
ELSEWHERE = {"en-gb": "c/sofas/", "is-is": "", "pl-pl": "p/hraun-3-seat-sofa/", "lv-lv": "stores/"}
IN_STORE = ("table-1", "shelf-1", "door-1")
CONSOLE = (
    "", "orders/", "gift-cards/", "bank-transfers/", "pickups/", "pickups/slots/", "pickups/promises/", "customers/",
    "catalog/", "prices/", "prices/promotions/", "stock/", "stock/allocation/", "stock/low/", "stock/transfers/",
    "stock/parity/", "spots/", "tills/", "tills/drawers/", "tills/conflicts/", "delivery/",
)  # fmt: skip


def take(page: Page, name: str) -> None:
    """One picture, as long as the page is but no longer than anybody scrolls."""
    page.wait_for_load_state("networkidle")
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    size = page.viewport_size or DESK
    # Pictures further down load when they come near: make the window as tall as what will be shown.
    page.set_viewport_size({"width": size["width"], "height": max(tall, size["height"])})
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.jpg", type="jpeg", quality=80, animations="disabled")
    page.set_viewport_size(size)


def in_store(chromium: Browser, running: House, options: dict[str, object], device: str) -> None:
    """What somebody sees who scans a code at a table, before a shelf and at the door."""
    store = open_store(running)
    page = chromium.new_context(**options, locale="el-GR").new_page()  # type: ignore[arg-type]
    for code in IN_STORE:
        page.goto(f"/k/{store.spots[code]}")
        take(page, f"{device}-store-{code}")


def main() -> None:
    path = find_browser()
    if path is None:
        sys.exit("No browser: install Chromium or name one with SAMBAND_BROWSER.")
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, postgres.using(Path(folder) / "home") as cluster:
        environment = {**os.environ, "SAMBAND_DATABASE_URL": cluster.url, "PYTHONPATH": str(ROOT)}
        with house(environment, Path(folder) / "home") as running, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
            for device, size in (("phone", PHONE), ("desk", DESK)):
                options = {"viewport": size, "base_url": running.address, "reduced_motion": "reduce"}
                page = chromium.new_context(**options).new_page()
                for name in tour(page, running, "el-gr", f"{device}@customer.example"):
                    take(page, f"{device}-{name}")
                for front, where in ELSEWHERE.items():
                    page.goto(f"/{front}/{where}")
                    take(page, f"{device}-{front}")
                page = chromium.new_context(**options).new_page()
                for name in till_tour(page, running, "el", device):
                    take(page, f"{device}-till-{name}")
                in_store(chromium, running, options, device)
                page = chromium.new_context(**options).new_page()
                page.goto("/console/sign-in/")
                page.locator("[name=email]").fill("admin@samband.example")
                page.locator("[name=password]").fill("samband-demo-2026")
                page.locator("main button, form button").first.click()
                page.wait_for_url("**/console/")
                for where in CONSOLE:
                    page.goto(f"/console/{where}")
                    take(page, f"{device}-console-{where.strip('/').replace('/', '-') or 'home'}")
            chromium.close()


if __name__ == "__main__":
    main()
