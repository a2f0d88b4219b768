"""A tour of the shop as a shopper would take it: every page in turn, each in a state worth looking at."""

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.browser.running import House

PAYS, SECOND_FACTOR, DECLINED = "4242 4242 4242 4242", "4000 0000 0000 3220", "4000 0000 0000 0002"
SOFA = "hraun-3-seat-sofa"


def tour(page: Page, house: House, front: str, email: str) -> Iterator[str]:
    """Open page after page below a front such as `el-gr`; yields a name for each once it stands.

    Buys something on the way and picks it up in Athens, so only fronts with a store nearby show every state.
    """
    for name, path in (
        ("home", ""),
        ("department", "c/furniture/"),
        ("category", "c/sofas/"),
        ("category-narrowed", "c/sofas/?f.colour=grey&sort=price"),
        ("search", "search/?q=sofa"),
        ("search-nothing", "search/?q=zzzzzzzz"),
        ("product", f"p/{SOFA}/"),
        ("cart-empty", "cart/"),
        ("sign-in", "sign-in/"),
        ("find-order", "order/"),
        ("stores", "stores/"),
        ("delivery", "delivery/"),
        ("returns", "returns/"),
        ("privacy", "privacy/"),
        ("about", "about/"),
        ("not-found", "p/there-is-no-such-thing/"),
    ):
        page.goto(f"/{front}/{path}")
        yield name
    put_in_cart(page, front, SOFA)
    yield "added"
    page.goto(f"/{front}/cart/")
    yield "cart"
    page.goto(f"/{front}/checkout/")
    yield "checkout"
    page.locator("form.checkout button.pay").click()
    page.wait_for_load_state()
    yield "checkout-incomplete"
    fill_checkout(page, email, SECOND_FACTOR, pickup="ATH")
    page.wait_for_url(re.compile("/hooks/"))
    yield "bank"
    answer_bank(page)
    yield "order"
    sign_in(page, house, front, email)
    page.goto(f"/{front}/account/")
    yield "account"


def put_in_cart(page: Page, front: str, slug: str) -> None:
    """Put one of a product in the cart, and wait until the page says so."""
    page.goto(f"/{front}/p/{slug}/")
    page.locator("form:has(input[name=sku]) button").first.click()
    page.locator("a[href$='/cart/']").first.wait_for()
    page.wait_for_load_state("networkidle")


def fill_checkout(page: Page, email: str, card: str, pickup: str | None = None) -> None:
    """Fill the checkout in and press the button."""
    page.locator("[name=email]").fill(email)
    page.locator("[name=name]").fill("Ελένη Γεωργίου")
    if pickup:
        page.locator("[name=method][value=pickup]").check(force=True)
        page.locator(f"[name=location][value={pickup}]").check(force=True)
    else:
        page.locator("[name=line1]").fill("Ερμού 1")
        page.locator("[name=postcode]").fill("10563")
        page.locator("[name=city]").fill("Αθήνα")
    page.locator("[name=card_number]").fill(card)
    page.locator("[name=card_expiry]").fill("12/40")
    page.locator("[name=card_cvc]").fill("123")
    page.locator("form.checkout button.pay").click()
    page.wait_for_load_state()


def answer_bank(page: Page, code: str = "1234") -> None:
    """Give the bank its second factor and come back to the shop."""
    page.locator("[name=code]").fill(code)
    page.locator("[name=decision][value=approve]").click()
    page.wait_for_url(re.compile("/order/"))


def sign_in(page: Page, house: House, front: str, email: str) -> None:
    """Sign in with the code that was mailed."""
    before = len(codes_mailed(house, email))
    page.goto(f"/{front}/sign-in/")
    page.locator("main [name=email]").fill(email)
    page.locator("main form button").first.click()
    page.locator("[name=code]").wait_for()
    until(page, lambda: len(codes_mailed(house, email)) > before)
    page.locator("[name=code]").fill(codes_mailed(house, email)[-1])
    page.locator("main form button").first.click()
    page.wait_for_url(re.compile("account|checkout"))


def codes_mailed(house: House, email: str) -> list[str]:
    """The codes to sign in with that were mailed to an address, the oldest first; other mails come in between."""
    subjects = (str(mail["Subject"]) for mail in house.mails(email))
    return [found[0] for subject in subjects if (found := re.search(r"\b\d{6}\b", subject))]


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for something that happens outside of the page, such as a mail; at most half a minute."""
    for _ in range(300):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("It did not happen in half a minute.")
