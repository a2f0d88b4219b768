"""A tour of the shop as a shopper would take it: every page in turn, each in a state worth looking at."""

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.browser.running import House

PAYS, SECOND_FACTOR, DECLINED = "4242 4242 4242 4242", "4000 0000 0000 3220", "4000 0000 0000 0002"
SOFA = "hraun-3-seat-sofa"
BEIGE = "FU-SOF-HRA-BEI"
"""One that Athens has plenty of: others buy sofas in the same house."""
COFFEE = "abeba-coffee"


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
    put_in_cart(page, front, f"{SOFA}/?sku={BEIGE}")
    yield "added"
    page.goto(f"/{front}/cart/")
    yield "cart"
    page.locator(".coupons summary").click()
    page.locator("[name=coupon]").fill("NOBODYS")
    page.locator(".coupons .code-entry button").click()
    page.locator("#coupon-wrong").wait_for()
    yield "cart-coupon"
    page.goto(f"/{front}/cart/hand-over/")
    yield "cart-hand-over"
    page.goto(f"/{front}/checkout/")
    yield "checkout"
    page.locator("#pay-pay_later").check()
    page.locator(".plan-parts summary").first.click()
    yield "checkout-later"
    page.locator(".gift-cards summary").click()
    page.locator("[name=gift_code]").fill("NOBODYS")
    page.locator("button[value=gift]").click()
    page.locator("#e-gift_code").wait_for()
    yield "checkout-gift-card"
    page.goto(f"/{front}/checkout/")
    page.locator("form.checkout button.pay").click()
    page.wait_for_load_state()
    yield "checkout-incomplete"
    fill_checkout(page, email, SECOND_FACTOR, pickup="ATH")
    page.wait_for_url(re.compile("/hooks/"))
    yield "bank"
    answer_bank(page)
    yield "order"
    page.locator("a[href*='/change/']").first.click()
    page.wait_for_url(re.compile("/change/"))
    yield "order-change"
    put_in_cart(page, front, COFFEE)
    page.goto(f"/{front}/checkout/")
    page.locator("#pay-transfer").check()
    fill_checkout(page, email, pickup="ATH")
    page.wait_for_url(re.compile("/order/"))
    yield "order-transfer"
    to_pay, to_take = links(house, front)
    page.goto(to_pay)
    yield "pay-link"
    page.locator("#pay-transfer").check()
    page.locator("button.pay").click()
    page.locator("[value=another]").wait_for()
    yield "pay-link-transfer"
    page.goto(f"/{front}/pay/forged/")
    yield "pay-link-forged"
    page.goto(to_take)
    yield "take-cart"
    sign_in(page, house, front, email)
    page.goto(f"/{front}/account/")
    yield "account"
    page.goto(f"/{front}/account/code/")
    yield "account-code"
    for name in ("data", "data/erase", "consents"):
        page.goto(f"/{front}/account/{name}/")
        yield f"account-{name.replace('/', '-')}"


def put_in_cart(page: Page, front: str, product: str) -> None:
    """Put one of a product in the cart, and wait until the page says so."""
    page.goto(f"/{front}/p/{product}" + ("" if "?" in product else "/"))
    page.locator("form:has(input[name=sku]) button").first.click()
    page.locator("a[href$='/cart/']").first.wait_for()
    page.wait_for_load_state("networkidle")


def fill_checkout(page: Page, email: str, card: str = "", pickup: str | None = None) -> None:
    """Fill the checkout in and press the button; without a card it is paid as is chosen already."""
    page.locator("[name=email]").fill(email)
    page.locator("[name=name]").fill("Ελένη Γεωργίου")
    if pickup:
        page.locator("[name=method][value=pickup]").check(force=True)
        page.locator(f"[name=location][value={pickup}]").check(force=True)
    else:
        page.locator("[name=line1]").fill("Ερμού 1")
        page.locator("[name=postcode]").fill("10563")
        page.locator("[name=city]").fill("Αθήνα")
    if card:
        page.locator("[name=card_number]").fill(card)
        page.locator("[name=card_expiry]").fill("12/40")
        page.locator("[name=card_cvc]").fill("123")
    page.locator("form.checkout button.pay").click()
    page.wait_for_load_state()


LINKS = """
from datetime import timedelta
from samband.commerce.cart import commands as carts
from samband.commerce.cart import queries
from samband.commerce.catalog import queries as catalog
from samband.flows.basket import look_at
from samband.flows.cart_handover import hand_out, link_to
from samband.flows.check_out import Checkout, Part, check_out
from samband.flows.pay_link import link_to_pay
from samband.kernel.clock import now

language, market, store, slug = {given!r}
sku = catalog.product(slug, "shop", now()).variants[0].sku
made = []
for _ in range(2):
    made.append(carts.open_cart(market).id)
    carts.put(made[-1], sku, 1)
wish = Checkout(
    cart_id=made[0], version=None, customer_id=None, channel="shop", language=language, email="maria@customer.example",
    name="Maria", parts=(Part(kind="pickup", location=store),), tenders=(), patient=True, lasts=timedelta(days=9),
    seen_total=look_at(queries.cart(made[0]), "shop", None, "pickup").quote.total,
)
print(link_to_pay(check_out(wish, key=f"drafted-{{made[0]}}").order_id, language, market))
print(link_to(hand_out(made[1])[0]))
"""


def links(house: House, front: str) -> tuple[str, str]:
    """What somebody of ours would send to a phone: a link to pay an order in Athens, and one to take a cart over."""
    given = (front[:2], front[3:].upper(), "ATH", COFFEE)
    to_pay, to_take = house.program(LINKS.format(given=given)).split()
    return to_pay, to_take


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
