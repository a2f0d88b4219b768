"""The story this shop is for: found in Greek, seen in Athens, reserved, paid with a second factor, collected."""

import re

import pytest

from tests.browser.touring import DECLINED, SECOND_FACTOR, answer_bank, fill_checkout, put_in_cart, sign_in, until

# One worker for all of them: a house takes half a minute to open.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EMAIL = "eleni@customer.example"
CODE = re.compile(r"^ {4}([0-9A-Z]{6})\s*$", re.MULTILINE)


@pytest.fixture(params=["desk"])
def page(request, chromium, house):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=house.address)
    yield context.new_page()
    context.close()


def console(page, email: str) -> None:
    page.goto("/console/sign-in/")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill("samband-demo-2026")
    page.locator("main button, form button").first.click()
    page.wait_for_url("**/console/")


def test_a_sofa_from_the_first_look_to_the_customers_hands(page, house, chromium):
    # Looking for a sofa in Greek, without accents, as people type.
    page.goto("/el-gr/")
    page.locator("[name=q]").first.fill("τριθεσιος καναπες hraun")
    page.locator("[name=q]").first.press("Enter")
    page.wait_for_url(re.compile("search"))
    page.locator("main a[href*='/p/hraun-3-seat-sofa/']").first.click()
    page.wait_for_url(re.compile("/p/hraun-3-seat-sofa/"))
    assert page.locator("html").get_attribute("lang") == "el"

    # It is in the Athens store.
    assert "Κατάστημα Αθήνας" in page.locator("main").inner_text()

    # Reserved for pickup there, paid with a second factor.
    put_in_cart(page, "el-gr", "hraun-3-seat-sofa")
    sign_in(page, house, "el-gr", EMAIL)
    page.goto("/el-gr/checkout/")
    fill_checkout(page, EMAIL, SECOND_FACTOR, pickup="ATH")
    page.wait_for_url(re.compile("/hooks/"))
    answer_bank(page)
    number = re.search(r"/order/([0-9A-Z]{5}-[0-9A-Z]{5})", page.url)[1]

    # The store gets it ready and the customer a mail with a code.
    staff_context = chromium.new_context(viewport={"width": 390, "height": 844}, base_url=house.address)
    staff = staff_context.new_page()
    console(staff, "athens@samband.example")
    staff.goto("/console/pickups/?location=ATH")
    staff.locator(f"a:has-text('{number}')").first.click()
    staff.wait_for_load_state()
    steps = staff.url
    for deed in ("start", "pick-all", "ready"):
        staff.locator(f"form:has([name=deed][value={deed}]) button").first.click()
        staff.wait_for_load_state()
    until(page, lambda: bool(codes_mailed(house)))
    (code,) = codes_mailed(house)
    (mail,) = [mail for mail in house.mails(EMAIL) if CODE.search(text_of(mail))]
    assert number in text_of(mail)
    assert 'lang="el"' in mail.get_body(("html",)).get_content()

    # A wrong code gives nothing away; the right one hands it over.
    staff.goto(steps)
    for typed in ("AAAAAA" if code != "AAAAAA" else "BBBBBB", code):
        staff.locator("form:has([name=deed][value=hand-over]) [name=code]").fill(typed)
        staff.locator("form:has([name=deed][value=hand-over]) button").first.click()
        staff.wait_for_load_state()
        if typed != code:
            assert staff.locator("[role=alert]").count() >= 1
    assert staff.locator("form:has([name=deed][value=hand-over])").count() == 0
    page.goto(f"/el-gr/order/{number}/")
    assert page.locator("form[action$='/cancel/']").count() == 0, "what is handed over cannot be cancelled"

    # All of it is on the customer's timeline.
    service = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=house.address).new_page()
    console(service, "admin@samband.example")
    service.goto(f"/console/customers/?q={EMAIL}")
    service.locator("main th a").first.click()
    service.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    story = service.locator("main").inner_text()
    assert number in story
    told_of = ("Signed in", "Ordered for", "second factor", "paid", "Ready for pickup", "Mail sent", "Handed over at")
    for told in told_of:
        assert told in story, (told, story)
    assert "every book balances" in house.samband("audit")


def products_found(page) -> int:
    return int(page.locator("#found").inner_text().split()[0])


def test_an_amount_nobody_has_is_told_at_the_field(page, house):
    put_in_cart(page, "en-gr", "hraun-3-seat-sofa")
    page.goto("/en-gr/cart/")
    amount = page.locator("[name=quantity]:not([type=hidden])").first
    amount.fill("9999")
    amount.press("Enter")
    assert page.evaluate("htmx.config.reportValidityOfForms")
    assert amount.evaluate("field => field === document.activeElement && field.matches(':invalid')")
    amount.fill("2")
    with page.expect_response("**/cart/line/") as answer:
        amount.press("Enter")
    assert answer.value.status == 200
    page.goto("/en-gr/cart/")
    assert page.locator("[name=quantity]:not([type=hidden])").first.input_value() == "2"


def test_a_cart_that_follows_its_shopper_to_another_country_says_so(page, house):
    put_in_cart(page, "en-gr", "hraun-3-seat-sofa")
    put_in_cart(page, "en-pl", "hraun-3-seat-sofa")
    assert "Your cart now follows the prices of Poland, in PLN." in page.locator("#notice").inner_text()
    page.locator("#notice .deeds a").click()
    page.wait_for_url("**/en-pl/cart/?moved")
    assert "Your cart now follows the prices of Poland, in PLN." in page.locator("main").inner_text()
    assert page.locator("[name=quantity]:not([type=hidden])").first.input_value() == "2"


def test_how_a_price_is_made_unfolds_by_keyboard(page, house):
    put_in_cart(page, "en-gr", "hraun-3-seat-sofa")
    page.goto("/en-gr/cart/")
    folded = page.locator("details.how-made")
    assert not folded.locator("ul").is_visible()
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "VAT included" in folded.locator("ul").inner_text()


def text_of(mail) -> str:
    plain = mail.get_body(("plain",))
    return plain.get_content() if plain else ""


def codes_mailed(house) -> list[str]:
    """Pickup codes that the customer was mailed: each stands on a line of its own."""
    return [found[1] for mail in house.mails(EMAIL) if (found := CODE.search(text_of(mail)))]


def test_a_declined_card_leaves_the_cart_as_it_was(page, house):
    put_in_cart(page, "en-gr", "hraun-3-seat-sofa")
    page.goto("/en-gr/checkout/")
    fill_checkout(page, "declined@customer.example", DECLINED, pickup="ATH")
    assert page.locator("[role=alert], [role=status]").count() >= 1
    page.goto("/en-gr/cart/")
    assert page.locator("[name=quantity]").first.input_value() == "1"


def test_all_of_it_works_without_javascript(chromium, house):
    context = chromium.new_context(java_script_enabled=False, base_url=house.address)
    page = context.new_page()
    page.goto("/en-lv/c/sofas/")
    all_of_them = products_found(page)
    page.goto("/en-lv/c/sofas/?f.colour=grey")
    assert 0 < products_found(page) < all_of_them
    assert page.locator("input[name='f.colour'][value=grey]").is_checked()
    page.locator("main a[href*='/p/']").first.click()
    page.locator("form:has(input[name=sku]) button").first.click()
    page.goto("/en-lv/checkout/")
    page.locator("[name=email]").fill("plain@customer.example")
    page.locator("[name=name]").fill("Plain Shopper")
    page.locator("[name=line1]").fill("Brīvības iela 1")
    page.locator("[name=postcode]").fill("1010")
    page.locator("[name=city]").fill("Rīga")
    page.locator("[name=card_number]").fill("4242424242424242")
    page.locator("[name=card_expiry]").fill("12/40")
    page.locator("[name=card_cvc]").fill("123")
    page.locator("form.checkout button.pay").click()
    assert re.search(r"/order/[0-9A-Z]{5}-[0-9A-Z]{5}", page.url), page.locator("main").inner_text()
    context.close()
