"""The device dies at every step of a sale without the line, and of its synchronisation: it is counted exactly once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from tests.browser.pos_books import Books, books
from tests.browser.pos_line import Line, line_to
from tests.browser.pos_people import SELLER, enrolment
from tests.browser.pos_till import TELL_STEPS, Till
from tests.browser.touring import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]

STORE = "RVK"

SELLING = ("put allotment", "add queue", "put facts", "delete tickets", "complete allotment facts queue tickets told")
"""What is written when a sale is made, in this order, and that it is on disk."""

SEEING = ("put queue", "complete queue told")
"""The receipt was seen."""

SENDING = (
    "ask /pos/api/sync",
    "answer /pos/api/sync",
    "put told",
    "delete queue",
    "clear allotment",
    "put facts",
    "put allotment",
    "complete allotment facts queue told",
)
"""The sale goes to the house, is taken in there, and its answer is noted."""

STEPS = [("selling", step) for step in SELLING] + [("seeing", s) for s in SEEING] + [("sending", s) for s in SENDING]


class Fate:
    """Hears each step of a phase, and pulls the plug before one of them is taken."""

    def __init__(self, device: Till, line: Line) -> None:
        self.device, self.line, self.phase, self.at = device, line, "", ("", "")
        self.told: list[tuple[str, str]] = []
        self.struck = False
        line.heard = self.hear

    def hear(self, step: str) -> None:
        step = re.sub(r"/pos/api/carts/[0-9a-f-]+/", "/", step)
        if self.phase:
            self.told.append((self.phase, step))
        if (self.phase, step) == self.at and not self.struck:
            self.struck = True
            self.device.pull_the_plug()


@pytest.fixture(scope="module")
def line(house) -> Iterator[Line]:
    with line_to(house.address) as line:
        yield line


@pytest.fixture(scope="module")
def device(chromium: Browser, house, line: Line, tmp_path_factory) -> Iterator[Till]:
    """One device through all of it: enrolled once, its disk outlives every death."""
    disk: Path = tmp_path_factory.mktemp("disk")
    till = Till(chromium.browser_type, disk, line.address)
    till.beforehand = TELL_STEPS
    page = till.switch_on()
    enrolment(house, STORE, "Till that dies", enrolled=True).let_in(page.context, line.address)
    page.reload()
    till.sign_in(SELLER)
    till.open_drawer("100")
    till.switch_off()
    yield till
    till.switch_off()


@pytest.fixture
def standing(device: Till, line: Line) -> Iterator[tuple[Till, Line, str]]:
    """The till is on, holds an allotment, and the line is down; and a SKU that it may sell."""
    line.down, line.heard = False, lambda step: None
    page = device.switch_on()
    page.locator(".selling").wait_for()
    until(page, lambda: any(left > 0 for left in device.offline_ready().values()))
    sku = next(sku for sku, left in sorted(device.offline_ready().items()) if left > 0)
    line.down = True
    page.reload()
    page.locator(".bar.down").wait_for()
    yield device, line, sku
    line.down = False
    device.switch_off()


def sell(device: Till, line: Line, fate: Fate, sku: str) -> None:
    """One sale in cash without the line, and then the line is back."""
    page = device.page
    device.scan(sku)
    device.row(sku).wait_for()
    fate.phase = "selling"
    device.pay_cash()
    page.locator(".receipt").wait_for()
    fate.phase = "seeing"
    page.locator("[data-do=next]").click()
    page.locator(".ticket .empty").wait_for()
    fate.phase = "sending"
    send(device, line)


def send(device: Till, line: Line) -> None:
    line.down = False
    device.go("sales")
    device.page.locator("[data-do=sendNow]").click()
    until(device.page, lambda: device.waits() == 0)


def dies_while(fate: Fate, deed: Callable[[], None]) -> None:
    """Do something that the device does not survive; whatever else goes wrong is told as it is."""
    try:
        deed()
    except Error:
        if not fate.struck:
            raise
    assert fate.struck, "the device was to die here"
    fate.device.forget_browser()
    fate.line.heard = lambda step: None


def go_on(device: Till, line: Line, sku: str) -> None:
    """What somebody does who switches the device on again: finish what the screen shows, and let it be sent."""
    page = device.switch_on()
    page.locator(".receipt, .ticket").first.wait_for()
    if not page.locator(".receipt").count() and device.row(sku).count():
        device.pay_cash()
        page.locator(".receipt").wait_for()
    if page.locator(".receipt").count():
        page.locator("[data-do=next]").click()
    page.locator(".ticket .empty").wait_for()
    send(device, line)


def test_a_sale_takes_just_these_steps(standing, house):
    device, line, sku = standing
    fate = Fate(device, line)
    sell(device, line, fate, sku)
    told = [(phase, step) for phase, step in fate.told if (phase, step) in STEPS]
    first = sorted(set(told), key=told.index)
    assert first == STEPS


@pytest.mark.parametrize(("phase", "step"), STEPS, ids=lambda value: value.replace("/pos/api/", "").replace(" ", "_"))
def test_a_sale_is_counted_once_wherever_the_device_dies(standing, house, phase, step):
    device, line, sku = standing
    before = books(house, STORE, sku)
    fate = Fate(device, line)
    fate.at = (phase, step)
    dies_while(fate, lambda: sell(device, line, fate, sku))

    # Where the line was down the device comes up without it.
    line.down = phase != "sending"
    go_on(device, line, sku)

    once = books(house, STORE, sku) - before
    assert once == Books(orders=1, worth=once.worth, on_hand=-1, drawer=once.worth, kept=1)
    assert once.worth > 0
    assert device.page.locator(".conflict").count() == 0


ONLINE = (
    "put deeds",
    "complete deeds tickets",
    "ask /checkout",
    "answer /checkout",
    "delete deeds",
    "delete tickets",
)
"""What is written and asked when a ticket is paid while the line is up."""


@pytest.mark.parametrize("step", ONLINE, ids=lambda value: value.replace("/", "").replace(" ", "_"))
def test_an_online_sale_is_counted_once_wherever_the_device_dies(standing, house, step):
    device, line, sku = standing
    line.down = False
    page = device.page
    page.reload()
    page.locator(".selling").wait_for()
    before = books(house, STORE, sku)
    fate = Fate(device, line)
    fate.at = ("online", step)
    dies_while(fate, lambda: sell_online(device, fate, sku))
    go_on(device, line, sku)
    once = books(house, STORE, sku) - before
    assert once == Books(orders=1, worth=once.worth, on_hand=-1, drawer=once.worth, kept=0)
    assert once.worth > 0


def sell_online(device: Till, fate: Fate, sku: str) -> None:
    device.scan(sku)
    device.page.locator(".sums .soft").wait_for()
    fate.phase = "online"
    device.pay_cash()
    device.page.locator(".receipt").wait_for()
    device.page.locator("[data-do=next]").click()
    device.page.locator(".ticket .empty").wait_for()


def test_afterwards_every_book_balances(device, house):
    assert "every book balances" in house.samband("audit")
