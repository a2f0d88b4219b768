"""The console's sign-in in a real browser: a password that can be looked at, and passkeys by its virtual authenticator
(set up, second step, and sign-in without a password)."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.running import DESK, PHONE, House
from tests.browser.test_accessibility import faults, overflow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EMAIL, PASSWORD = "stock@samband.example", "samband-demo-2026"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(params=["phone", "desk"])
def named(request, chromium: Browser, house: House) -> Iterator[Page]:
    """A page at the house's name, for browsers keep passkeys for names and not for numbers."""
    size = PHONE if request.param == "phone" else DESK
    port = house.address.rsplit(":", 1)[1]
    context = chromium.new_context(viewport=size, base_url=f"http://localhost:{port}", reduced_motion="reduce")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    house.samband("second-factor", EMAIL, "--reset")
    context.close()
    assert [text for text in wrong if "status of 4" not in text] == []


def sign_in(page: Page) -> None:
    page.goto("/console/sign-in/")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def sign_out(page: Page) -> None:
    page.goto("/console/")
    page.locator("form[action$='sign-out/']").evaluate("form => form.submit()")
    page.wait_for_url("**/console/sign-in/")


def test_a_password_can_be_looked_at_while_it_is_typed(named: Page) -> None:
    named.goto("/console/sign-in/")
    field = named.locator("[name=password]")
    named.fill("[name=email]", EMAIL)
    field.fill(PASSWORD)
    assert field.get_attribute("type") == "password"
    named.get_by_label("Show the password").check()
    assert field.get_attribute("type") == "text"
    assert faults(named) == []
    assert overflow(named) <= 0
    named.get_by_label("Show the password").uncheck()
    assert field.get_attribute("type") == "password"
    field.press("Enter")
    named.wait_for_url("**/console/")


def test_a_passkey_is_made_and_opens_as_second_step_and_alone(named: Page) -> None:
    keys = named.context.new_cdp_session(named)
    keys.send("WebAuthn.enable")
    key = keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    sign_in(named)
    named.wait_for_url("**/console/")

    named.goto("/console/my-sign-in/")
    named.get_by_placeholder(re.compile(".")).fill("My laptop")
    named.keyboard.press("Enter")
    named.locator("ol.codes").wait_for()
    assert named.locator("ol.codes li").count() == 10
    assert (faults(named), overflow(named)) == ([], 0)
    [made] = keys.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert made["rpId"] == "localhost"

    sign_out(named)
    sign_in(named)
    named.wait_for_url("**/console/sign-in/second/")
    assert (faults(named), overflow(named)) == ([], 0)
    named.locator("form[data-passkey] button").click()
    named.wait_for_url("**/console/")

    sign_out(named)
    named.locator("form[data-passkey] button").click()
    named.wait_for_url("**/console/")
    assert keys.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"][0]["signCount"] >= 2

    sign_out(named)
    keys.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    named.locator("form[data-passkey] button").click()
    named.locator("[data-failed]:visible").wait_for()


def test_a_copied_passkey_is_refused_once_the_true_one_was_used(named: Page) -> None:
    keys = named.context.new_cdp_session(named)
    keys.send("WebAuthn.enable")
    key = keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]
    sign_in(named)
    named.wait_for_url("**/console/")
    named.goto("/console/my-sign-in/")
    named.locator("form[data-passkey] button").click()
    named.locator("ol.codes").wait_for()
    [copied] = keys.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    for _ in range(2):
        sign_out(named)
        named.locator("form[data-passkey] button").click()
        named.wait_for_url("**/console/")
    sign_out(named)
    keys.send("WebAuthn.removeCredential", {"authenticatorId": key, "credentialId": copied["credentialId"]})
    keys.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": copied})
    named.locator("form[data-passkey] button").click()
    named.locator(".refusal[role=alert]:visible").wait_for()
    named.goto("/console/")
    assert "/console/sign-in/" in named.url


@pytest.fixture
def scriptless(chromium: Browser, house: House) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, base_url=house.address, java_script_enabled=False)
    yield context.new_page()
    context.close()
    house.samband("second-factor", EMAIL, "--reset")


def test_without_scripts_an_app_is_set_up_and_passkeys_are_not_offered(scriptless: Page) -> None:
    sign_in(scriptless)
    scriptless.wait_for_url("**/console/")
    scriptless.goto("/console/my-sign-in/")
    assert scriptless.locator("form[data-passkey]:visible").count() == 0
    scriptless.locator("#app button").click()
    phone = pyotp.TOTP(scriptless.locator(".typed-key").inner_text().replace(" ", ""))
    assert scriptless.locator("figure.qr svg").is_visible()
    scriptless.fill("#app [name=code]", phone.now())
    scriptless.keyboard.press("Enter")
    scriptless.locator("ol.codes li").nth(9).wait_for()
