"""A till's device: a Chromium with a disk of its own, which can be switched off at any moment and on again."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserType, Error, Locator, Page

from tests.browser.finding import browser as find_browser
from tests.browser.running import CHROMIUM
from tests.browser.scanner import scan

TILL = {"width": 1280, "height": 800}
PIN = "471147"

TELL_STEPS = """(() => {
  const tell = (step) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", "/pos/api/--step/" + step, false);
    try { asked.send(); } catch { /* switched off meanwhile */ }
  };
  for (const name of ["put", "add", "delete", "clear"]) {
    const done = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...values) {
      tell(name + "-" + this.name);
      return done.apply(this, values);
    };
  }
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, ...more) {
    const begun = begin.call(this, stores, mode, ...more);
    const done = ["complete", ...begun.objectStoreNames].join("-");
    if (mode === "readwrite") begun.addEventListener("complete", () => tell(done));
    return begun;
  };
})();"""
"""Tell of every write before it is made, and of every transaction once it is on disk, standing still meanwhile."""


class Till:
    """One device. `page` is the till's; it is there while the device is switched on. `beforehand` is run before it."""

    def __init__(self, kind: BrowserType, disk: Path, address: str) -> None:
        self.kind, self.disk, self.address = kind, disk, address
        self.beforehand = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None
        self.page: Page

    def switch_on(self, more: Sequence[str] = ()) -> Page:
        """Start the device and open the till; returns its page."""
        told = self.disk / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        arguments = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self.disk}", *CHROMIUM, *more]
        self._process = subprocess.Popen(
            [str(find_browser()), *arguments, "--window-size=1280,800", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._browser = self.kind.connect_over_cdp(f"http://127.0.0.1:{self._port(told)}")
        self.page = self._browser.contexts[0].pages[0]
        self.page.set_viewport_size(TILL)
        self.page.set_default_timeout(30_000)
        if self.beforehand:
            self.page.add_init_script(self.beforehand)
        self.page.goto(f"{self.address}/pos/")
        return self.page

    def _port(self, told: Path) -> int:
        """Chromium writes down which port it listens on."""
        assert self._process is not None
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if told.exists() and "\n" in (text := told.read_text()):
                return int(text.splitlines()[0])
            assert self._process.poll() is None, "Chromium did not start"
            time.sleep(0.02)
        raise AssertionError("Chromium did not say where it listens")

    def pull_the_plug(self) -> None:
        """The device is dead at once: nothing of it gets another instruction."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def forget_browser(self) -> None:
        """Let go of the connection to a browser that is dead."""
        if self._browser is not None:
            self._browser.close()
        self._browser = None

    def switch_off(self) -> None:
        """Close it as one should, so that the browser also writes its cookies down."""
        if self._process is not None and self._process.poll() is None and self._browser is not None:
            with suppress(Error):
                self._browser.new_browser_cdp_session().send("Browser.close")
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.pull_the_plug()
        self.forget_browser()

    # --- what a cashier does

    def enrol(self, code: str) -> None:
        self.page.locator("#f-enrolCode").fill(code)
        self.page.locator("form[data-do=enrol] button").click()
        self.page.locator(".people").wait_for()

    def sign_in(self, name: str, pin: str = PIN) -> None:
        self.page.locator(".people button", has_text=name).click()
        self.page.locator("#f-pin").fill(pin)
        self.page.locator("#f-pin").press("Enter")
        self.page.locator(".selling").wait_for()

    def go(self, screen: str) -> None:
        self.page.locator(f"nav [data-arg={screen}]").click()

    def open_drawer(self, amount: str) -> None:
        self.go("drawer")
        self.page.locator("#f-cashAmount").fill(amount)
        self.page.locator("form[data-do=openDrawer] button.big").click()
        self.page.locator(".figures").wait_for()
        self.go("sell")

    def scan(self, code: str) -> None:
        scan(self.page, code)

    def pay_cash(self, given: str | None = None) -> None:
        self.page.locator("[data-do=pay]").click()
        self.page.locator("#f-given").wait_for()
        if given:
            self.page.locator("#f-given").fill(given)
        self.page.locator("form.tender button.big").click()

    def row(self, sku: str) -> Locator:
        return self.page.locator(f".lines [data-line='{sku}']")

    def waits(self) -> int:
        """How many sales wait on the device's own disk."""
        return int(self.page.evaluate(COUNT_QUEUE))

    def offline_ready(self) -> dict[str, int]:
        """What the device may sell without a line: how many of each SKU."""
        return dict(json.loads(self.page.evaluate(READ_ALLOTMENT)))


READ_STORE = """new Promise((resolve, reject) => {
  const asked = indexedDB.open("samband-till");
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const all = asked.result.transaction("%s").objectStore("%s").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(%s); };
  };
})"""
COUNT_QUEUE = READ_STORE % ("queue", "queue", "all.result.length")
READ_ALLOTMENT = READ_STORE % ("allotment", "allotment", "JSON.stringify(all.result.map((one) => [one.sku, one.left]))")


@contextmanager
def till(kind: BrowserType, disk: Path, address: str) -> Iterator[Till]:
    device = Till(kind, disk, address)
    try:
        yield device
    finally:
        device.switch_off()
