"""The till without a mouse: enrolled, signed in, opened, sold at and closed with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.pos_people import enrolment
from tests.browser.pos_till import PIN
from tests.browser.running import House
from tests.browser.scanner import scan

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pos")]

AS_A_PERSON = 70
"""Milliseconds between keys: whoever types faster is a scanner."""

FOCUS_SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return false;
  return getComputedStyle(at).outlineStyle !== "none" || at.matches("h2, main");
}"""


@pytest.fixture
def page(chromium, house: House) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=house.address)
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    # Nothing here can be touched.
    opened.add_init_script(
        "for (const kind of ['pointerdown', 'mousedown', 'touchstart'])"
        " addEventListener(kind, (event) => { event.stopImmediatePropagation(); event.preventDefault(); }, true);"
    )
    yield opened
    context.close()


def type_(page: Page, text: str) -> None:
    page.keyboard.type(text, delay=AS_A_PERSON)


def test_a_day_at_the_till_without_a_mouse(page: Page, house: House):
    press = page.keyboard.press
    page.goto("/pos/?language=en")
    page.locator("#f-enrolCode:focus").wait_for()
    type_(page, enrolment(house, "ATH", "Till without a mouse").code)
    press("Enter")

    page.locator(".people button:focus").wait_for()
    press("Enter")
    page.locator("#f-pin:focus").wait_for()
    type_(page, PIN)
    press("Enter")
    page.locator(".tile").first.wait_for()

    press("Alt+Digit3")
    page.locator("#f-cashAmount:focus").wait_for()
    type_(page, "150")
    press("F9")
    page.locator(".figures").wait_for()

    press("Alt+Digit1")
    page.locator(".selling").wait_for()
    type_(page, "espresso")
    assert page.locator("#f-query").input_value() == "espresso"
    press("ArrowDown")
    assert page.evaluate("document.activeElement.classList.contains('tile')")
    assert page.evaluate(FOCUS_SEEN)
    press("ArrowRight")
    press("Enter")
    page.locator(".lines > li").wait_for()

    press("F7")
    page.locator(".line:focus").wait_for()
    assert page.evaluate(FOCUS_SEEN)
    press("+")
    press("+")
    press("-")
    assert page.locator(".lines output").inner_text() == "2"

    press("Enter")
    page.locator("dialog .choice").first.wait_for()
    press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.classList.contains('line')"), "focus goes back to the line"

    press("F9")
    page.locator("#f-given:focus").wait_for()
    press("F3")
    page.locator("#f-amount:focus").wait_for()
    press("F2")
    page.locator("#f-given:focus").wait_for()
    type_(page, "500")
    assert "0" not in page.locator(".change strong").inner_text()[:1]
    press("F9")
    page.locator("[data-do=next]:focus").wait_for()
    press("F9")
    page.locator(".ticket .empty").wait_for()

    press("Alt+Digit3")
    page.locator(".figures").wait_for()
    press("F9")
    page.locator("#f-cashAmount:focus").wait_for()
    type_(page, "150")
    press("F9")
    page.locator(".report").wait_for()
    assert "Closing report" in page.locator(".report h2").inner_text()


def test_typing_is_left_alone_and_scanning_is_not_typing(page: Page, house: House):
    page.goto("/pos/?language=en")
    page.locator("#f-enrolCode").fill(enrolment(house, "ATH", "Till with a scanner").code)
    page.keyboard.press("Enter")
    page.locator(".people button:focus").wait_for()
    page.keyboard.press("Enter")
    type_(page, PIN)
    page.keyboard.press("Enter")
    page.locator(".tile").first.wait_for()
    code = page.evaluate(A_GTIN)

    page.locator("#f-query").focus()
    type_(page, "cup")
    scan(page, code)
    page.locator(".lines > li").wait_for()
    assert page.locator("#f-query").input_value() == "", "a scan leaves nothing in the field"
    scan(page, code)
    page.locator(".lines output", has_text="2").wait_for()

    type_(page, "cup")
    assert page.locator("#f-query").input_value() == "cup", "typing goes where it should"
    assert page.locator(".lines > li").count() == 1


A_GTIN = """() => new Promise((resolve) => {
  const asked = indexedDB.open("samband-till");
  asked.onsuccess = () => {
    const all = asked.result.transaction("goods").objectStore("goods").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result.find((one) => one.gtin)?.gtin); };
  };
})"""
