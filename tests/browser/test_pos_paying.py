"""Paying at the till in more than one way, and what happens when a way does not lead there."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pos_people import SELLER, enrolment
from tests.browser.pos_till import PIN
from tests.browser.running import House

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]


@pytest.fixture
def page(chromium: Browser, house: House) -> Iterator[Page]:
    """A till at work, with something worth paying in parts on its ticket."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=house.address)
    page = context.new_page()
    page.set_default_timeout(30_000)
    enrolment(house, "ATH", "Till that is paid", enrolled=True).let_in(context, house.address)
    page.goto("/pos/?language=en")
    page.locator(".people button", has_text=SELLER).click()
    page.locator("#f-pin").fill(PIN)
    page.locator("#f-pin").press("Enter")
    page.locator("nav [data-arg=drawer]").click()
    page.locator("#f-cashAmount").fill("100")
    page.locator("form[data-do=openDrawer] .big").click()
    page.locator(".figures").wait_for()
    page.locator("nav [data-arg=sell]").click()
    page.locator(".tile").first.wait_for()
    sku = goods(page, house)
    for _ in range(3):
        page.locator("#f-query").fill(sku)
        page.locator("#f-query").press("Enter")
    page.locator(".lines output", has_text="3").wait_for()
    page.locator(".sums .soft").wait_for()
    page.locator("[data-do=pay]").click()
    page.locator(".methods [data-arg=cash]").wait_for()
    yield page
    context.close()


def goods(page: Page, house: House) -> str:
    """Something of which the store has plenty, at 35 to 150 euros."""
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"], autocommit=True) as connection:
        rows = connection.execute(
            "select sku from inventory_level where location = 'ATH' and on_hand - held > 6 order by sku"
        ).fetchall()
    plenty = [str(sku) for (sku,) in rows]
    sku = page.evaluate(AT_A_PRICE, plenty)
    assert sku is not None
    return str(sku)


AT_A_PRICE = """(plenty) => new Promise((resolve) => {
  const asked = indexedDB.open("samband-till");
  asked.onsuccess = () => {
    const all = asked.result.transaction("goods").objectStore("goods").getAll();
    all.onsuccess = () => {
      asked.result.close();
      resolve(all.result.find((one) => plenty.includes(one.sku) && one.unit >= 3500 && one.unit <= 15000)?.sku ?? null);
    };
  };
})"""


def cents(page: Page, place: str) -> int:
    """An amount as it stands there, such as €1,234.50."""
    text = page.locator(place).first.inner_text()
    return int("".join(sign for sign in text if sign.isdecimal()))


def take_cash(page: Page, amount: str) -> None:
    page.locator(".methods [data-arg=cash]").click()
    page.locator("#f-given").fill(amount)
    page.locator("form.tender .big").click()
    page.locator(".taken li").first.wait_for()


def test_the_rest_is_paid_later_by_a_plan_of_the_rest(page: Page):
    whole = cents(page, ".amount")
    take_cash(page, "50")
    rest = cents(page, ".amount")
    assert rest == whole - 5000
    page.locator(".methods [data-arg=pay_later]").click()
    page.locator(".plans .choice").first.wait_for()
    page.locator(".plans .whole", has_text=page.locator(".amount").first.inner_text()).first.wait_for()
    page.locator("form.tender .big").click()
    page.locator(".receipt ol").wait_for()
    said = page.locator(".receipt").inner_text()
    assert "Cash" in said
    assert "Pay later" in said


def test_a_declined_card_leaves_what_was_paid_and_calling_off_gives_it_back(page: Page):
    take_cash(page, "20")
    rest = cents(page, ".amount")
    page.locator(".methods [data-arg=card_present]").click()
    page.locator("#f-card").select_option(label="Visa 0002")
    page.locator("form.tender .big").click()
    page.locator(".wrong[role=alert]").wait_for()
    assert cents(page, ".amount") == rest
    page.locator("[data-do=callOff]").click()
    page.locator("dialog .change strong", has_text="€20.00").wait_for()
    page.locator("dialog footer .big").click()
    page.locator(".ticket .empty").wait_for()
    page.locator("nav [data-arg=drawer]").click()
    page.locator(".figures .whole dd", has_text="€100.00").wait_for()


def test_change_is_told_and_a_part_of_the_money_is_a_part_of_the_payment(page: Page):
    whole = cents(page, ".amount")
    page.locator("#f-given").fill("500")
    assert cents(page, ".change strong") == 50_000 - whole
    page.locator("form.tender .big").click()
    page.locator(".receipt ol").wait_for()
    assert cents(page, ".what-next .change strong") == 50_000 - whole


def test_who_pays_by_phone_is_shown_a_code_and_may_change_their_mind(page: Page):
    page.locator("[data-do=payByLink]").click()
    page.locator(".qr").wait_for()
    page.locator("[data-do=noLink]").click()
    page.locator(".methods [data-arg=card_present]").click()
    page.locator("form.tender .big").click()
    page.locator(".receipt ol").wait_for()
