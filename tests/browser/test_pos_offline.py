"""What a till does, and does not, while the line is down; and what becomes of it when the line is back."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pos_books import Books, books
from tests.browser.pos_line import Line, line_to
from tests.browser.pos_people import SELLER, enrolment
from tests.browser.pos_till import Till, till
from tests.browser.running import House
from tests.browser.touring import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]

STORE = "RIX"


@pytest.fixture
def line(house: House) -> Iterator[Line]:
    with line_to(house.address) as line:
        yield line


@pytest.fixture
def device(chromium: Browser, house: House, line: Line, tmp_path: Path) -> Iterator[Till]:
    """A till that stands ready: somebody signed in, money in the drawer, goods set aside for it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    with till(chromium.browser_type, disk, line.address) as device:
        page = device.switch_on()
        enrolment(house, STORE, "Till without a line", enrolled=True).let_in(page.context, line.address)
        page.reload()
        device.sign_in(SELLER)
        device.open_drawer("100")
        until(page, lambda: any(left > 1 for left in device.offline_ready().values()))
        yield device


def goods(device: Till) -> str:
    return next(sku for sku, left in sorted(device.offline_ready().items()) if left > 1)


def cut(device: Till, line: Line) -> None:
    line.down = True
    device.go("sales")
    device.page.locator("[data-do=sendNow]").click()
    device.page.locator(".bar.down").wait_for()
    device.go("sell")


def mend(device: Till, line: Line) -> None:
    line.down = False
    device.go("sales")
    device.page.locator("[data-do=sendNow]").click()
    until(device.page, lambda: device.waits() == 0)


def test_no_more_is_sold_without_the_line_than_was_set_aside(device: Till, line: Line, house: House):
    sku = goods(device)
    left = device.offline_ready()[sku]
    cut(device, line)
    for _ in range(left + 1):
        device.scan(sku)
    device.row(sku).wait_for()
    device.pay_cash()
    device.page.locator("[role=alert]").wait_for()
    assert device.waits() == 0
    assert device.offline_ready()[sku] == left
    device.page.locator("[data-do=backToSell]").click()
    device.page.locator(f"[data-do=less][data-arg='{sku}']").click()
    before = books(house, STORE, sku)
    device.pay_cash()
    device.page.locator(".receipt").wait_for()
    assert device.offline_ready()[sku] == 0
    device.page.locator("[data-do=next]").click()
    mend(device, line)
    assert (books(house, STORE, sku) - before).on_hand == -left


def test_a_sale_whose_answer_was_lost_is_put_aside_and_neither_lost_nor_doubled(device: Till, line: Line, house: House):
    sku = goods(device)
    before = books(house, STORE, sku)
    page = device.page
    device.scan(sku)
    page.locator(".sums .soft").wait_for()

    def drop(step: str) -> None:
        if step.startswith("answer") and step.endswith("/checkout"):
            line.down = True

    line.heard = drop
    device.pay_cash()
    page.locator(".unclear").wait_for()
    assert page.locator("[data-do=backToSell]").is_disabled(), "nobody rings it up a second time by mistake"
    page.locator("[data-do=putAside]").click()
    page.locator(".ticket .empty").wait_for()

    device.scan(sku)
    device.row(sku).wait_for()
    device.pay_cash()
    page.locator(".receipt").wait_for()
    page.locator("[data-do=next]").click()
    line.heard = lambda step: None
    mend(device, line)
    page.locator("[data-key=part-asides]", has_text="Sold").wait_for()
    twice = books(house, STORE, sku) - before
    assert twice == Books(orders=2, worth=twice.worth, on_hand=-2, drawer=twice.worth, kept=1)


def test_of_two_windows_one_sends_and_each_has_its_own_ticket(device: Till, line: Line, house: House):
    sku = goods(device)
    before = books(house, STORE, sku)
    device.scan(sku)
    device.row(sku).wait_for()
    second = device.page.context.new_page()
    second.goto(f"{line.address}/pos/")
    second.locator(".ticket .empty").wait_for()

    cut(device, line)
    asked: list[str] = []
    line.heard = lambda step: asked.append(step) if step == "ask /pos/api/sync" else None
    second.locator(".bar.down").wait_for()
    second.locator(f"[data-do=add][data-arg='{sku}']").click()
    sell(second)
    sell(device.page)
    assert device.waits() == 2
    mend(device, line)
    second.locator(".bar").wait_for(state="detached")
    assert (books(house, STORE, sku) - before).orders == 2
    assert 1 <= len(asked) <= 2
    second.close()


def sell(page: Page) -> None:
    page.locator("[data-do=pay]").click()
    page.locator("#f-given").wait_for()
    page.locator("form.tender button.big").click()
    page.locator(".receipt").wait_for()
    page.locator("[data-do=next]").click()
    page.locator(".ticket .empty").wait_for()


def test_somebody_who_is_signed_out_meanwhile_finds_the_ticket_again(device: Till, line: Line):
    sku = goods(device)
    device.scan(sku)
    device.page.locator(".sums .soft").wait_for()
    device.page.context.clear_cookies(name="samband_cashier")
    device.page.locator(f"[data-do=more][data-arg='{sku}']").click()
    device.page.locator(".people").wait_for()
    device.sign_in(SELLER)
    device.row(sku).wait_for()
    device.page.locator(".lines output", has_text="2").wait_for()


def test_a_device_that_was_shut_out_keeps_its_sales_until_it_is_let_in_again(device: Till, line: Line, house: House):
    sku = goods(device)
    before = books(house, STORE, sku)
    cut(device, line)
    device.scan(sku)
    device.row(sku).wait_for()
    sell(device.page)
    device.page.context.clear_cookies()
    line.down = False
    device.page.reload()
    device.page.locator("form[data-do=enrol]").wait_for()
    assert "1" in device.page.locator(".notice").inner_text()
    device.enrol(enrolment(house, STORE, "The same till again").code)
    device.sign_in(SELLER)
    until(device.page, lambda: device.waits() == 0)
    assert (books(house, STORE, sku) - before).kept == 1


WRONG_CLOCK = """{ const right = Date.now.bind(Date); Date.now = () => right() - 3 * 86_400_000; }"""


def test_the_time_of_a_sale_is_right_on_a_device_whose_clock_is_wrong(device: Till, line: Line, house: House):
    device.page.add_init_script(WRONG_CLOCK)
    device.page.reload()
    device.page.locator(".selling").wait_for()
    sku = goods(device)
    cut(device, line)
    device.scan(sku)
    device.row(sku).wait_for()
    sell(device.page)
    mend(device, line)
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(
            "select abs(extract(epoch from received_at - sold_at)) from tills_queuedsale"
            " order by received_at desc limit 1"
        ).fetchone()
    assert row is not None
    assert row[0] < 600


def test_the_till_opens_without_a_line_and_finds_goods_by_any_of_their_names(device: Till, line: Line):
    device.switch_off()
    line.down = True
    page = device.switch_on()
    page.locator(".bar.down").wait_for()
    page.locator("#f-query").fill("SOFI")
    page.locator(".tile", has_text="sofa").first.wait_for()
    assert page.locator("nav").is_visible()
