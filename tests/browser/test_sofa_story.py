"""The story that this house is built for: one customer, one cart, one price and one order, from a phone to the till.

She looks at a sofa on her phone at home and puts it in her cart. She drives to the store; the till knows her, her cart
waits there with the sofa in it, at the price she saw; she pays it later, in instalments whose plan she is shown first,
and it is brought to her in a delivery slot. Afterwards there is one customer, one order and one story of it.
"""

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pos_people import SELLER, enrolment
from tests.browser.pos_till import PIN
from tests.browser.running import PHONE, House
from tests.browser.test_story import console
from tests.browser.touring import BEIGE, SOFA, put_in_cart, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EMAIL = "melina@customer.example"
FRONT = "el-gr"


@pytest.fixture
def phone(chromium: Browser, house: House) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, base_url=house.address, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def till(chromium: Browser, house: House) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=house.address)
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def digits(text: str) -> str:
    """An amount without how it is written."""
    return re.sub(r"\D", "", text)


def ask(house: House, question: str, *with_: object) -> list[tuple]:
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"], autocommit=True) as connection:
        return connection.execute(question, with_).fetchall()  # type: ignore[arg-type]


def begin_the_day(till: Page, house: House) -> None:
    till.goto("/pos/?language=en")
    till.locator("#f-enrolCode").fill(enrolment(house, "ATH", "Till of the story").code)
    till.locator("form[data-do=enrol] button").click()
    till.locator(".people button", has_text=SELLER).click()
    till.locator("#f-pin").fill(PIN)
    till.locator("#f-pin").press("Enter")
    till.locator(".selling").wait_for()


def test_the_sofa_from_the_phone_at_home_to_a_delivery_slot(phone: Page, till: Page, house: House, chromium: Browser):
    # At home, on her phone: she signs in, looks at the sofa and puts it in her cart.
    sign_in(phone, house, FRONT, EMAIL)
    put_in_cart(phone, FRONT, f"{SOFA}/?sku={BEIGE}")
    phone.goto(f"/{FRONT}/cart/")
    seen = digits(phone.locator(".lines .line .unit").first.inner_text())
    ((customer_id, cart_id, quantity),) = ask(
        house,
        "select c.customer_id, c.id, l.quantity from cart_cart c join cart_cartline l on l.cart_id = c.id"
        " join accounts_customer p on p.id = c.customer_id where p.email = %s and c.state = 'open' and l.sku = %s",
        EMAIL,
        BEIGE,
    )
    assert quantity == 1

    # In the store: the till finds her, and her cart is there with the sofa at the price she saw.
    begin_the_day(till, house)
    till.locator("[data-do=openCustomer]").click()
    till.locator("#f-by").fill(EMAIL)
    till.locator("form[data-do=findCustomer] .button.grow").click()
    till.locator("[data-do=chooseCustomer]").click()
    line = till.locator(f".lines [data-line='{BEIGE}']")
    line.wait_for()
    assert seen in digits(line.inner_text()), "the same price on the phone and at the till"

    # It is to be brought to her.
    line.click()
    till.locator("input[name=way][value*=ship]").check()
    till.locator("[data-do=putOnTicket]").click()
    till.locator("[data-do=pay]").click()
    for field, text in (("name", "Melina"), ("postcode", "105 63"), ("line1", "Ermou 1"), ("city", "Athens")):
        till.locator(f"#f-{field}").fill(text)
    till.locator("[data-do=findSlots]").click()
    till.locator("input[name=slot]:not([value=''])").first.check()
    slot_id = till.locator("input[name=slot]:checked").get_attribute("value")
    till.locator("form[data-do=setDelivery] button.big").click()

    # She pays later, after she has seen the whole plan.
    till.locator("[data-arg=pay_later]").click()
    plan = till.locator("input[name=plan]").first
    plan.check()
    assert till.locator(".plans .choice").first.inner_text().strip(), "the plan is shown before anything is agreed"
    till.locator("form.tender button.big").click()
    till.locator(".done").wait_for()

    # One customer, one order, from the very cart that she filled at home.
    ((order_id, number, channel, of_customer, of_cart, total),) = ask(
        house, "select id, number, channel, customer_id, cart_id, total from orders_order where customer_id = %s",
        customer_id,
    )  # fmt: skip
    assert (channel, of_customer, of_cart) == ("pos", customer_id, cart_id)
    assert ask(house, "select count(*) from accounts_customer where email = %s", EMAIL) == [(1,)]
    assert ask(house, "select state, order_id from cart_cart where id = %s", cart_id) == [("ordered", order_id)]
    assert ask(house, "select method, authorised from payments_intent where order_id = %s", order_id) == [
        ("pay_later", total)
    ]
    assert ask(house, "select slot_id::text, kind from orders_ordergroup where order_id = %s", order_id) == [
        (slot_id, "ship")
    ]

    # She finds it on her phone, and the staff find one story of it.
    phone.goto(f"/{FRONT}/account/")
    assert number in phone.locator("main").inner_text()
    phone.goto(f"/{FRONT}/order/{number}/")
    assert "Hraun" in phone.locator("main").inner_text()
    staff = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=house.address).new_page()
    console(staff, "admin@samband.example")
    staff.goto(f"/console/customers/{customer_id}/")
    told = staff.locator("main").inner_text()
    assert number in told
    assert EMAIL in told
    staff.context.close()
