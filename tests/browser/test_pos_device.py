"""The device by itself: how it reckons, how it prints, how it repeats what nobody answered, how it becomes newer."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from samband.commerce.pricing.vat import vat_within
from tests.browser.pos_line import Line, line_to
from tests.browser.pos_people import SELLER, enrolment
from tests.browser.pos_till import Till, till
from tests.browser.running import House
from tests.browser.touring import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]

STORE = "ATH"

NEEDED_LAST = "/static/pos/icon-maskable-512.png"
"""A file that is kept, and that no page asks for."""

IS_KEPT = "Boolean(navigator.serviceWorker.controller)"
"""Whether the page has its files from the device."""

TYPE_AT_ONCE = """new MutationObserver((_, watch) => {
  const payIn = document.querySelector(".figures [data-arg=pay_in]");
  if (payIn) return payIn.click();
  const amount = document.querySelector("form[data-do=moveCash] #f-cashAmount");
  if (!amount) return;
  watch.disconnect();
  amount.value = "20";
  amount.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.getElementById("app"), { childList: true, subtree: true })"""
"""Faster than anybody: what the drawer shows is used before the device has written anything down."""


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with line_to(house.address) as line:
        yield line


@pytest.fixture
def device(chromium: Browser, line: Line, tmp_path: Path) -> Iterator[Till]:
    disk = tmp_path / "disk"
    disk.mkdir()
    with till(chromium.browser_type, disk, line.address) as device:
        yield device


def stand_ready(device: Till, house: House, name: str) -> None:
    page = device.switch_on()
    enrolment(house, STORE, name, enrolled=True).let_in(page.context, device.address)
    page.reload()
    device.sign_in(SELLER)
    device.page.locator(".tile").first.wait_for()


@pytest.fixture(scope="module")
def reckoning(chromium: Browser, house: House) -> Iterator[Page]:
    """A page beside the till's: to reckon in it needs no device of its own each time."""
    context = chromium.new_context(base_url=house.address)
    page = context.new_page()
    page.goto("/pos/")
    page.locator("form[data-do=enrol]").wait_for()
    yield page
    context.close()


def test_the_device_reckons_vat_as_the_house_does(reckoning: Page):
    dice = random.Random(20261122)
    asked = [(dice.randrange(10**9), dice.choice((0, 500, 1200, 1300, 2000, 2100, 2300, 2400))) for _ in range(3000)]
    asked += [(amount, rate) for amount in range(200) for rate in (1100, 2400)]
    reckoned = reckoning.evaluate(
        "async (asked) => { const { vatWithin } = await import('/static/pos/money.js');"
        " return asked.map(([total, rate]) => vatWithin(total, rate)); }",
        asked,
    )
    assert reckoned == [vat_within(total, rate) for total, rate in asked]


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12", "EUR", 1200), ("12,5", "EUR", 1250), ("12.50", "EUR", 1250), ("1 234,56", "EUR", 123456),
        ("12,345", "EUR", None), ("", "EUR", None), ("-3", "EUR", None), ("zwölf", "EUR", None), ("1e5", "EUR", None),
        ("1.349", "ISK", 1349), ("134900", "ISK", 134900), ("0", "PLN", 0),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_type_them(reckoning: Page, typed: str, currency: str, amount: int | None):
    read = reckoning.evaluate(
        "async ([typed, currency]) => (await import('/static/pos/money.js')).read(typed, currency)", [typed, currency]
    )
    assert (read and read["amount"]) == amount


A_PRINTER = """(() => {
  window.printed = [];
  const port = {
    async open() {}, async close() {},
    writable: { getWriter: () => ({ async write(bytes) { window.printed.push(...bytes); }, releaseLock() {} }) },
  };
  const serial = { requestPort: async () => port, getPorts: async () => [port] };
  Object.defineProperty(navigator, "serial", { value: serial });
})();"""


def test_a_receipt_printer_gets_the_whole_receipt_and_opens_the_drawer(device: Till, house: House):
    stand_ready(device, house, "Till with a printer")
    device.page.add_init_script(A_PRINTER)
    device.page.reload()
    device.page.locator(".selling").wait_for()
    device.open_drawer("50")
    device.go("more")
    device.page.locator("[data-do=connectPrinter][data-arg=serial]").click()
    device.page.locator("[data-do=disconnectPrinter]").wait_for()
    device.go("sell")
    device.page.locator(".tile").first.click()
    device.page.locator(".sums .soft").wait_for()
    device.pay_cash()
    device.page.locator(".receipt ol").wait_for()
    device.page.locator("#f-tongue").select_option("el")
    device.page.locator(".receipt[lang=el] ol").wait_for()
    device.page.locator("[data-do=print]").click()
    until(device.page, lambda: device.page.evaluate("window.printed.length") > 0)
    rows = dots_of(bytes(device.page.evaluate("window.printed")))
    assert len(rows) > 300
    assert all(len(row) == 576 // 8 for row in rows)
    inked = sum(1 for row in rows if any(row))
    assert 0.2 < inked / len(rows) < 0.95, "there is writing, and there is paper between the lines"
    device.page.locator("[data-do=next]").click()


def dots_of(told: bytes) -> list[bytes]:
    """The rows of dots in what was sent to a printer: ESC @, GS v 0 …, feed and cut, and a pulse for the drawer."""
    assert told[:2] == b"\x1b@"
    at, rows = 2, []
    while told[at : at + 4] == b"\x1dv0\x00":
        across, high = int.from_bytes(told[at + 4 : at + 6], "little"), int.from_bytes(told[at + 6 : at + 8], "little")
        at += 8
        rows += [told[at + row * across : at + (row + 1) * across] for row in range(high)]
        at += across * high
    assert told[at:] == b"\x1bd\x04\x1dVB\x00" + b"\x1bp\x00\x19\xfa"
    return rows


def test_money_put_in_is_put_in_once_though_nobody_answered_at_first(device: Till, line: Line, house: House):
    stand_ready(device, house, "Till that asks twice")
    device.open_drawer("50")
    device.go("drawer")
    device.page.locator("[data-arg=pay_in]").click()
    device.page.locator("#f-cashAmount").fill("20")

    def drop(step: str) -> None:
        line.down = line.down or step == "answer /pos/api/drawer/pay-in"

    line.heard = drop
    device.page.locator("form[data-do=moveCash] .big").click()
    device.page.locator("[role=alert]").wait_for()
    assert line.down
    line.heard, line.down = lambda step: None, False
    device.page.locator("form[data-do=moveCash] .big").click()
    device.page.locator(".figures").wait_for()
    assert "70" in device.page.locator(".figures .whole dd").inner_text()
    assert device.page.locator(".moves li").count() == 2


def test_what_is_typed_the_moment_a_drawer_is_open_stays(device: Till, house: House):
    stand_ready(device, house, "Till in haste")
    device.go("drawer")
    device.page.evaluate(TYPE_AT_ONCE)
    device.page.locator("#f-cashAmount").fill("50")
    device.page.locator("form[data-do=openDrawer] .big").click()
    device.page.locator("form[data-do=moveCash] .big").click()
    device.page.locator(".figures").wait_for()
    assert "70" in device.page.locator(".figures .whole dd").inner_text()


def test_a_slow_first_start_is_not_begun_anew_when_its_files_have_come(device: Till, line: Line, house: House):
    come = threading.Event()

    def hold_back(step: str) -> None:
        if step == f"answer {NEEDED_LAST}":
            come.wait(60)

    line.heard = hold_back
    device.beforehand = "const later = setTimeout; setTimeout = (deed, ms, ...more) => later(deed, ms / 50, ...more);"
    device.switch_on()
    enrolment(house, STORE, "Till on a slow line", enrolled=True).let_in(device.page.context, device.address)
    device.page.reload()
    device.sign_in(SELLER)
    device.go("drawer")
    device.page.locator("#f-cashAmount").fill("50")
    assert not device.page.evaluate(IS_KEPT)
    come.set()
    until(device.page, lambda: device.page.evaluate(IS_KEPT))
    device.page.wait_for_timeout(500)  # a page that begins anew does so within that
    assert device.page.locator("#f-cashAmount").input_value() == "50"


def test_a_newer_version_is_taken_by_itself_and_the_queue_stays(device: Till, line: Line, house: House):
    stand_ready(device, house, "Till that becomes newer")
    device.open_drawer("50")
    until(device.page, lambda: any(left > 0 for left in device.offline_ready().values()))
    sku = next(sku for sku, left in sorted(device.offline_ready().items()) if left > 0)
    line.down = True
    device.page.reload()
    device.page.locator(".bar.down").wait_for()
    device.scan(sku)
    device.row(sku).wait_for()
    device.pay_cash()
    device.page.locator(".receipt").wait_for()

    # The house is brought up to date while a receipt is on the screen and its sale waits.
    line.down = False
    line.changes = newer
    device.page.reload()
    device.page.locator(".receipt").wait_for()
    device.page.locator("[data-do=next]").click()
    until(device.page, lambda: versions(device) == ["pos-newer"])
    device.page.locator(".ticket .empty").wait_for()
    until(device.page, lambda: device.waits() == 0)


def newer(path: str, answer: bytes) -> bytes:
    if path != "/pos/sw.js":
        return answer
    first, rest = answer.split(b"\n", 1)
    before, after = first.split(b'"version": "', 1)
    return before + b'"version": "newer' + after[after.index(b'"') :] + b"\n" + rest


def versions(device: Till) -> list[str]:
    try:
        kept: list[str] = device.page.evaluate("caches.keys()")
    except Error:  # the page is just beginning anew
        return []
    return sorted(name for name in kept if name.startswith("pos-") and name != "pos-pictures")
