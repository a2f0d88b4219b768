"""The question what a browser may remember: by mouse, by keys, without scripts, and never in the way."""

import json

import pytest

from tests.browser.running import DESK, PHONE
from tests.browser.test_accessibility import faults, overflow
from tests.browser.touring import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def chosen(page) -> str | None:
    return next((one["value"] for one in page.context.cookies() if one["name"] == "samband_choices"), None)


def heard(page) -> list[dict]:
    return json.loads(page.evaluate("JSON.stringify(window.heard)"))


def listen(page) -> None:
    page.evaluate("window.heard = []; document.addEventListener('samband:choices', (e) => heard.push(e.detail))")


def test_refusing_is_one_click_as_agreeing_is_and_the_buttons_are_alike(page):
    page.goto("/en-is/c/furniture/")
    ask = page.locator("#ask")
    sizes = {}
    for value in ("refuse", "agree"):
        button = ask.locator(f"[value={value}]")
        box = button.bounding_box()
        look = button.evaluate(
            "b => { const s = getComputedStyle(b); return [s.color, s.backgroundColor, s.fontSize] }"
        )
        sizes[value] = (round(box["width"]), round(box["height"]), round(box["y"]), *look)
    assert sizes["refuse"] == sizes["agree"]
    assert ask.locator("input[type=checkbox]").count() == 0
    listen(page)
    ask.locator("[value=refuse]").click()
    ask.wait_for(state="detached")
    assert chosen(page).startswith("1.000.")
    assert chosen(page).count(".") == 2, "who refuses gets no number"
    (told,) = heard(page)
    assert (told["statistics"], told["visitor"]) == (False, "")
    page.reload()
    assert page.locator("#ask").count() == 0
    assert page.evaluate("sambandChoices().marketing") is False


def test_agreeing_tells_the_scripts_that_wait_and_changing_is_at_the_foot(page):
    page.goto("/en-is/")
    assert page.evaluate("sambandChoices()") is None
    listen(page)
    page.locator("#ask [value=agree]").click()
    page.locator("#ask").wait_for(state="detached")
    (told,) = heard(page)
    assert (told["preferences"], told["statistics"], told["marketing"]) == (True, True, True)
    assert len(told["visitor"]) == 32
    page.locator(".foot a[href$='privacy/choices/']").click()
    page.locator("[name=marketing]").uncheck()
    page.locator("[value=keep]").click()
    page.wait_for_url("**/?kept")
    now = page.evaluate("sambandChoices()")
    assert (now["statistics"], now["marketing"], now["visitor"]) == (True, False, told["visitor"])


def test_it_is_answered_from_the_keyboard_and_escape_agrees_to_nothing(page):
    page.goto("/en-is/about/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "refuse", "the question comes before the page"
    page.keyboard.press("Escape")
    page.locator("#ask").wait_for(state="detached")
    assert chosen(page).startswith("1.000.")
    assert page.evaluate("document.activeElement.id") == "main"


def test_it_moves_nothing_and_lies_over_nothing(page):
    page.goto("/en-is/about/")
    shifts = page.evaluate(
        "new Promise(done => { let sum = 0; new PerformanceObserver(l => l.getEntries().forEach(e => sum += e.value))"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300) })"
    )
    assert shifts < 0.01
    ask, head = page.locator("#ask").bounding_box(), page.locator(".head").bounding_box()
    assert ask["y"] >= 0
    assert ask["y"] + ask["height"] <= head["y"]
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert page.locator("#ask").bounding_box()["y"] < 0, "it goes with the page"


def test_a_browser_that_refuses_for_its_user_is_told_that_it_is_heeded(chromium, house):
    context = chromium.new_context(viewport=DESK, base_url=house.address, extra_http_headers={"Sec-GPC": "1"})
    context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    page = context.new_page()
    page.goto("/en-is/")
    assert page.locator(".ask-gpc").is_visible()
    page.goto("/en-is/privacy/choices/")
    assert page.get_by_text("Global Privacy Control").is_visible()
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_everything_works_without_scripts(chromium, house, size):
    context = chromium.new_context(viewport=size, base_url=house.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/el-gr/c/sofas/?sort=price")
    page.locator("#ask [value=agree]").click()
    assert page.url.endswith("/el-gr/c/sofas/?sort=price")
    assert page.locator("#ask").count() == 0
    page.goto("/el-gr/privacy/choices/")
    assert page.locator("[name=statistics]").is_checked()
    page.locator("[value=refuse]").click()
    assert not page.locator("[name=statistics]").is_checked()
    email = f"letters-{size['width']}@customer.example"
    page.locator("#letters-to").fill(email)
    page.locator(".foot-letters button").click()
    link = next(line for line in str(_mail(page, house, email)).split() if "/newsletter/confirm/" in line)
    page.goto(link[link.index("/el-gr/") :])
    page.locator("main form button").click()
    assert page.locator("[name=newsletter_email]").is_checked()
    page.locator("[value=nothing]").click()
    assert not page.locator("[name=newsletter_email]").is_checked()
    context.close()


def _mail(page, house, email: str) -> str:
    """The letter, once the house has sent it."""
    until(page, lambda: bool(house.mails(email)))
    return house.mails(email)[-1].get_body(("plain",)).get_content()


def test_accessible_in_greek_with_the_question_and_without(page, house):
    for path in ("", "privacy/choices/", "newsletter/", "about/"):
        page.goto(f"/el-gr/{path}")
        assert (path, faults(page), overflow(page)) == (path, [], 0)
    email = f"consents-{page.viewport_size['width']}@customer.example"
    page.goto("/el-gr/sign-in/")
    page.locator("main [name=email]").fill(email)
    page.locator("main form button").first.click()
    code = next(word for word in str(_mail(page, house, email)).split() if word.isdigit() and len(word) == 6)
    page.locator("main [name=code]").fill(code)
    page.locator("main form button").first.click()
    page.goto("/el-gr/account/consents/")
    page.locator("main [name=email_newsletter_email]").check()
    page.locator("main .choices-form button").last.click()
    page.wait_for_url("**/?kept")
    page.locator(".said-list summary").first.click()
    assert (faults(page), overflow(page)) == ([], 0)
