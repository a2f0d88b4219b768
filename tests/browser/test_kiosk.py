"""A phone in the store, in a real browser: to the table, through the shop, out by the door, and the staff's screens."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.finding import browser as find_browser
from tests.browser.kiosk_store import Store, open_store
from tests.browser.pos_camera import film_ean
from tests.browser.running import CHROMIUM, DESK, PHONE, House
from tests.browser.scanner import scan
from tests.browser.test_accessibility import faults, overflow
from tests.browser.touring import until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EXPECTED = (
    "status of 4",
    "status of 502",
    "htmx:responseError",
    "net::ERR_FAILED",
    "htmx:afterRequest",
    "htmx:sendError",
)
"""What a browser says of refusals, and of requests that a test leaves without an answer."""

CARD = {"card_number": "4242 4242 4242 4242", "card_expiry": "04/39", "card_cvc": "123"}


@pytest.fixture(scope="module")
def store(house: House) -> Store:
    found = open_store(house)
    if found.holiday:
        pytest.skip("every store of the demo keeps today's holiday")
    return found


@pytest.fixture(params=["en-GB", "el-GR"])
def phone(request, chromium: Browser, house: House, store: Store) -> Iterator[Page]:
    """A phone in the store whose owner lets it say where it is."""
    yield from _opened(
        chromium,
        viewport=PHONE,
        base_url=house.address,
        locale=request.param,
        geolocation=store.position,
        permissions=["geolocation"],
        reduced_motion="reduce",
    )


@pytest.fixture
def staff(chromium: Browser, house: House) -> Iterator[Page]:
    """A screen of the staff, signed in to the console."""
    for page in _opened(chromium, viewport=DESK, base_url=house.address, reduced_motion="reduce"):
        page.goto("/console/sign-in/")
        page.locator("[name=email]").fill("admin@samband.example")
        page.locator("[name=password]").fill("samband-demo-2026")
        page.locator("main button, form button").first.click()
        page.wait_for_url("**/console/")
        yield page


def _opened(chromium: Browser, **how) -> Iterator[Page]:
    context: BrowserContext = chromium.new_context(**how)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert [text for text in wrong if not any(known in text for known in EXPECTED)] == []


def fine(page: Page, name: str) -> None:
    """Nothing for axe to find, and nothing to scroll sideways."""
    assert (name, faults(page)) == (name, [])
    assert (name, overflow(page)) == (name, 0)


def pay(page: Page) -> str:
    """Fill the card in and pay; returns the order's number."""
    for name, value in CARD.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator(".k-pay > button").click()
    page.wait_for_url("**/kiosk/order/**")
    return page.url.rstrip("/").rpartition("/")[2]


def open_station(staff: Page, store: Store, kind: str) -> None:
    staff.goto(f"/console/spots/?location={store.code}")
    staff.locator(f"form:has([name=station][value={kind}]) button").last.click()
    staff.wait_for_url(f"**/kiosk/{kind}/")


def test_from_the_table_to_the_kitchen_and_back(phone, staff, store):
    phone.goto(f"/k/{store.spots['table-3']}")
    fine(phone, "arriving")
    phone.locator("form[data-locates] button").click()
    phone.wait_for_url("**/kiosk/menu/")
    fine(phone, "menu")
    phone.locator(".k-add button").first.click()
    phone.locator(".stepper").first.wait_for()
    phone.locator(".stepper button").nth(1).click()
    phone.locator("#bar .k-count", has_text="2").wait_for()
    phone.locator("#bar a").click()
    fine(phone, "basket")
    phone.locator("a[href='/kiosk/pay/']").click()
    fine(phone, "pay")
    phone.locator(".k-pay > button").click()
    phone.locator("[role=alert]").locator("visible=true").first.wait_for()
    fine(phone, "pay, not filled in")
    number = pay(phone)
    fine(phone, "served")

    open_station(staff, store, "board")
    ticket = staff.locator(".requested .k-ticket", has_text=number)
    ticket.wait_for()
    fine(staff, "board")
    ticket.locator("button").click()
    staff.locator(".picking .k-ticket", has_text=number).locator("button").click()
    staff.locator(".ready .k-ticket", has_text=number).locator("button").click()
    phone.locator(".k-served.handed_over").wait_for()
    fine(phone, "brought")


def test_scanning_paying_and_going(phone, staff, house, store):
    phone.goto(f"/k/{store.spots['shelf-2']}")
    fine(phone, "shelf")
    phone.goto(f"/k/{store.spots['door-1']}")
    phone.locator("#word").fill(store.word)
    phone.locator(".k-word button").click()
    phone.wait_for_url("**/kiosk/scan/")
    fine(phone, "scan, empty")
    available = [sku for code, sku in sorted(store.skus.items()) if put_in(phone, sku)]
    assert available
    fine(phone, "scan")
    phone.locator("#code").fill("4006381333931")
    phone.locator("#typed button").click()
    phone.locator("#scanned .bad").wait_for()
    fine(phone, "scan, unknown")
    phone.goto("/kiosk/basket/till/")
    fine(phone, "till")
    phone.goto("/kiosk/pay/")
    number = pay(phone)
    phone.locator(".k-pass").wait_for()
    fine(phone, "pass")

    open_station(staff, store, "door")
    fine(staff, "door")
    pass_address = given_pass(house, number)
    # The door lets out and the answer is lost: sent again, it is the same passing, and no second one.
    staff.route("**/kiosk/door/", lose_answer)
    scan(listening(staff), pass_address)
    staff.locator("[data-unheard]").wait_for()
    staff.unroute("**/kiosk/door/")
    staff.locator("#typed button").click()
    staff.locator(".k-verdict.yes, .k-verdict.look").wait_for()
    fine(staff, "door, let out")
    scan(staff, pass_address)
    staff.locator(".k-verdict.no").wait_for()
    fine(staff, "door, used")
    phone.locator(".k-calm").wait_for()
    fine(phone, "out")


def put_in(phone: Page, sku: str) -> bool:
    """Type the number of something; whether there was one of it here."""
    phone.locator("#code").fill(sku)
    phone.locator("#typed button").click()
    phone.locator("#scanned .bad, #scanned .k-latest").first.wait_for()
    there = phone.locator("#scanned .k-latest").count() > 0
    phone.evaluate("document.querySelectorAll('#scanned .bad, #scanned .k-latest').forEach((one) => one.remove())")
    return there


def given_pass(house: House, number: str) -> str:
    """What stands in the pass of an order."""
    ask = (
        "from samband.commerce.orders import queries as orders; from samband.commerce.spots import codes, queries;"
        f"found = queries.pass_of_order(orders.by_number('{number}').id);"
        "print(codes.address(codes.exit_pass(found.id)))"
    )
    return house.program(ask).strip().splitlines()[-1]


def lose_answer(route: Route) -> None:
    """What was asked is done, and nobody hears of it."""
    route.fetch()
    route.abort()


def listening(page: Page) -> Page:
    """Once it hears scanners: it offers the camera in the same breath."""
    page.locator("[data-opens], [data-shuts]").locator("visible=true").first.wait_for()
    return page


def begin_scanning(phone: Page, store: Store) -> None:
    phone.goto(f"/k/{store.spots['door-1']}")
    phone.locator("#word").fill(store.word)
    phone.locator(".k-word button").click()
    phone.wait_for_url("**/kiosk/scan/")
    listening(phone)


def test_what_nobody_answered_is_not_gone(phone, store):
    begin_scanning(phone, store)
    sku = next(iter(store.skus.values()))
    phone.route("**/kiosk/scan/", lambda route: route.abort())
    scan(phone, sku)
    phone.locator("[data-unheard]").wait_for()
    assert phone.locator("#code").input_value() == sku
    fine(phone, "scan, without an answer")
    phone.unroute("**/kiosk/scan/")
    phone.route("**/kiosk/scan/", lambda route: route.fulfill(status=502, body="<p class='bad'>Bad gateway</p>"))
    phone.locator("#typed button").click()
    phone.locator("#scanned", has_text="Bad gateway").wait_for()
    assert phone.locator("#code").input_value() == sku
    phone.unroute("**/kiosk/scan/")
    phone.locator("#typed button").click()
    phone.locator("#scanned", has_text="Bad gateway").wait_for(state="detached")
    phone.locator("#scanned .k-latest, #scanned .bad").first.wait_for()
    assert phone.locator("[data-unheard]").is_hidden()
    assert phone.locator("#code").input_value() == ""


def test_a_button_that_reached_nobody_says_so(phone, store):
    phone.goto(f"/k/{store.spots['table-4']}")
    phone.locator("#word").fill(store.word)
    phone.locator(".k-word button").click()
    phone.wait_for_url("**/kiosk/menu/")
    phone.route("**/kiosk/**", lambda route: route.abort())
    phone.locator(".k-add button").first.click()
    phone.locator("[data-unsent]").wait_for()
    fine(phone, "menu, without an answer")
    phone.unroute("**/kiosk/**")
    phone.locator(".k-add button").first.click()
    phone.locator(".stepper").first.wait_for()
    assert phone.locator("[data-unsent]").is_hidden()


def test_what_is_scanned_while_something_typed_is_on_its_way_is_not_gone(phone, store):
    begin_scanning(phone, store)
    sent, held = [], []

    def hold(route):
        sent.append(parse_qs(route.request.post_data)["code"][0])
        held.append(route)

    phone.route("**/kiosk/scan/", hold)
    phone.locator("#code").fill("1111")
    phone.locator("#typed button").click()
    for code in ("2222", "3333", "4444"):
        scan(phone, code)
    for nth in range(4):
        until(phone, lambda nth=nth: len(held) > nth)
        held[nth].continue_()
    assert sent == ["1111", "2222", "3333", "4444"]
    until(phone, lambda: phone.locator("#code").input_value() == "")


def test_goods_are_scanned_with_the_camera(chromium, house, store, tmp_path):
    sku = next(iter(store.skus.values()))
    gtin = house.program(
        f"from samband.commerce.catalog import queries as c; print(next(iter(c.items(['{sku}']).values())).gtin)"
    ).strip()
    film = film_ean(tmp_path / "label.y4m", gtin.zfill(13)[-13:])
    seeing = chromium.browser_type.launch(
        executable_path=find_browser(),
        args=[
            *CHROMIUM,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
    for page in _opened(seeing, viewport=PHONE, base_url=house.address, reduced_motion="reduce"):
        page.goto(f"/k/{store.spots['door-1']}")
        page.locator("#word").fill(store.word)
        page.locator(".k-word button").click()
        page.wait_for_url("**/kiosk/scan/")
        if page.locator("[data-opens]").is_visible():
            page.locator("[data-opens]").click()
        page.locator("#scanned .k-latest, #scanned .bad").first.wait_for()
        fine(page, "scan, with the camera")
        page.locator("[data-shuts]").click()
        page.locator("[data-opens]").wait_for()
    seeing.close()


def test_a_screen_shows_a_code_that_changes_and_leads_to_the_menu(chromium, house, staff, store):
    staff.goto(f"/console/spots/?location={store.code}")
    row = staff.locator("tr", has=staff.locator("[name=station][value=screen]")).first
    row.locator("summary").click()
    row.locator("form:has([name=station]) button").click()
    staff.wait_for_url(re.compile("/kiosk/screen/"))
    staff.locator(".k-qr").wait_for()
    fine(staff, "screen")


def test_the_pages_of_the_console_for_codes(staff, store):
    for path in (f"spots/?location={store.code}", f"spots/print/?location={store.code}&kind=table"):
        staff.goto(f"/console/{path}")
        fine(staff, path)


def test_a_code_that_is_no_good_is_told_so(phone, store):
    token = store.spots["table-1"]
    phone.goto(f"/k/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}")
    fine(phone, "forged")
    phone.goto("/kiosk/")
    fine(phone, "home")
    phone.goto("/kiosk/board/")
    fine(phone, "board without a key")
    phone.goto("/kiosk/enrol/")
    fine(phone, "enrol")


def test_everything_works_without_scripts(chromium, house, store):
    context = chromium.new_context(viewport=PHONE, base_url=house.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/k/{store.spots['table-5']}")
    page.locator("#word").fill(store.word)
    page.locator(".k-word button").click()
    page.wait_for_url("**/kiosk/menu/")
    page.locator(".k-add button").first.click()
    page.wait_for_url("**/kiosk/menu/")
    page.locator("#bar a").click()
    page.locator("a[href='/kiosk/pay/']").click()
    pay(page)
    page.locator(".k-served").wait_for()
    context.close()
