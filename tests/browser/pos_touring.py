"""A tour of the till: every screen and sheet in turn, each in a state worth looking at."""

import json
from collections.abc import Iterator

import psycopg
from playwright.sync_api import Page

from tests.browser.pos_people import enrolment
from tests.browser.pos_till import PIN
from tests.browser.running import House

STORE = "ATH"

BAD_SALE = """async ([drawer, member]) => {
  const sale = {
    sale_id: crypto.randomUUID(), sequence: 900, sold_at: new Date().toISOString(), drawer_id: drawer, sold_by: member,
    snapshot: 1, market: "GR", currency: "EUR", language: "en", customer_id: null, allotment_id: null,
    lines: [{ sku: "THERE-IS-NO-SUCH", name: "Nothing we know", quantity: 1, unit: 500, total: 500,
      vat_basis_points: 2400, vat: 97 }],
    total: 500, vat: 97, tenders: [{ method: "cash", amount: 500, given: 500, change: 0 }],
  };
  const headers = { "Content-Type": "application/json", "X-Samband-Till": "1" };
  const body = JSON.stringify({ sales: [sale], queue: 1 });
  const answer = await fetch("/pos/api/sync", { method: "POST", headers, body });
  return answer.json();
}"""


def tour(page: Page, house: House, language: str, width: str) -> Iterator[str]:
    """Enrol a till and stand at it; yields a name for each screen once it is there."""
    device = enrolment(house, STORE, f"Tour {language} {width}")
    page.goto(f"/pos/?language={language}")
    page.locator("#f-enrolCode").wait_for()
    yield "enrol"
    page.locator("#f-enrolCode").fill(device.code)
    page.locator("form[data-do=enrol] button").click()
    page.locator(".people").wait_for()
    yield "people"
    page.locator(f".people [data-arg='{device.member_id}']").click()
    page.locator("#f-pin").fill("1029")
    page.locator("#f-pin").press("Enter")
    page.locator(".wrong").wait_for()
    yield "wrong-pin"
    page.locator("#f-pin").fill(PIN)
    page.locator("#f-pin").press("Enter")
    page.locator(".tile").first.wait_for()
    yield "sell-empty"
    yield from _drawer_opened(page)
    yield from _ticket(page, house)
    yield from _delivery(page)
    yield from _tenders(page)
    yield from _other_parts(page)
    drawer = page.evaluate("async () => (await (await fetch('/pos/api/drawer')).json()).drawer.id")
    answer = page.evaluate(BAD_SALE, [drawer, device.member_id])
    assert answer["sales"][0]["state"] == "conflict", json.dumps(answer)
    yield from _without_a_line(page)
    yield from _decided(page)
    yield from _drawer_closed(page)


def _go(page: Page, screen: str) -> None:
    page.locator(f"nav [data-arg={screen}]").click()


def _drawer_opened(page: Page) -> Iterator[str]:
    _go(page, "drawer")
    page.locator(".coins").wait_for()
    yield "drawer-closed"
    page.locator("#f-coin-2000").fill("5")
    page.locator("form.counting button.big").click()
    page.locator(".figures").wait_for()
    page.locator("[data-arg=pay_in]").click()
    page.locator("#f-cashAmount").fill("20")
    yield "pay-in"
    page.locator("form[data-do=moveCash] button.big").click()
    page.locator(".figures").wait_for()
    yield "drawer"
    _go(page, "sell")


def _ticket(page: Page, house: House) -> Iterator[str]:
    page.locator("#f-query").fill("zzzzzzz")
    page.locator(".goods .empty").wait_for()
    yield "nothing-found"
    page.locator("#f-query").fill("hraun")
    page.locator(".tile").first.wait_for()
    yield "search"
    page.locator(".tiles .about").first.click()
    page.locator("dialog .choice").nth(1).wait_for()
    yield "goods"
    page.locator("dialog .choice", has_text="").nth(1).click()
    page.locator("[data-do=putOnTicket]").click()
    page.locator("#f-query").fill("")
    for at in (0, 2):
        page.locator(".tile").nth(at).click()
    page.locator(".lines > li").nth(2).wait_for()
    page.locator(".sums .soft").first.wait_for()
    yield "ticket"
    page.locator("[data-do=openCoupon]").click()
    page.locator("#f-coupon").fill("NO-SUCH-CODE")
    page.locator("dialog form .big").click()
    page.locator("dialog .wrong").wait_for()
    yield "coupon"
    page.keyboard.press("Escape")
    page.locator("[data-do=openCustomer]").click()
    page.locator("#f-by").fill(_somebody(house))
    page.locator("dialog form .grow").click()
    page.locator(".found button").first.wait_for()
    yield "customer"
    page.locator(".found button").first.click()
    page.locator(".buyer").wait_for()
    page.locator(".sums .soft").first.wait_for()
    yield "customer-known"
    page.locator("[data-do=handOut]").click()
    page.locator(".qr").wait_for()
    yield "hand-out"
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.locator("[data-do=scan]").click()
    page.locator("dialog .soft").wait_for()
    yield "camera"
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")


def _somebody(house: House) -> str:
    """The mail of a customer whom no other till has at its counter now."""
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(
            "select email from accounts_customer c where email is not null and not exists"
            " (select from cart_cart k where k.customer_id = c.id and k.state = 'open') order by random() limit 1"
        ).fetchone()
    assert row is not None
    return str(row[0])


def _delivery(page: Page) -> Iterator[str]:
    page.locator("[data-do=pay]").click()
    page.locator("#delivery").wait_for()
    page.locator("#delivery .big").click()
    page.locator("dialog .wrong").wait_for()
    for name, value in (("name", "Ελένη Γεωργίου"), ("line1", "Ερμού 1"), ("postcode", "10563"), ("city", "Αθήνα")):
        page.locator(f"#f-{name}").fill(value)
    page.locator("#f-email").fill("eleni@customer.example")
    page.locator("[data-do=findSlots]").click()
    page.locator("#delivery .slots, #delivery .soft[role=status]").first.wait_for()
    yield "delivery"
    page.locator("#delivery .big").click()
    page.locator(".methods").wait_for()


def _tenders(page: Page) -> Iterator[str]:
    method = page.locator(".methods [data-do=chooseMethod]")
    method.and_(page.locator("[data-arg=cash]")).click()
    page.locator("#f-given").fill("5")
    yield "cash"
    page.locator("form.tender button.big").click()
    page.locator(".taken").wait_for()
    yield "partly-paid"
    for name in ("gift_card", "pay_later", "card_present"):
        chosen = method.and_(page.locator(f"[data-arg={name}]"))
        if chosen.is_enabled():
            chosen.click()
            yield name
    page.locator("[data-do=payByLink]").click()
    page.locator(".qr").wait_for()
    yield "link"
    page.locator("[data-do=noLink]").click()
    method.and_(page.locator("[data-arg=card_present]")).click()
    page.locator("form.tender button.big").click()
    page.locator(".receipt").wait_for()
    yield "done"
    page.locator("[data-do=next]").click()


def _other_parts(page: Page) -> Iterator[str]:
    _go(page, "pickups")
    page.locator(".pickup, .page .empty").first.wait_for()
    page.locator("#f-pickup").fill("000000")
    page.locator(".hand-over .big").click()
    page.locator(".hand-over .wrong").wait_for()
    yield "pickups"
    _go(page, "more")
    page.locator(".facts").wait_for()
    yield "device"
    page.locator("[data-do=shortcuts]").click()
    page.locator(".shortcuts").wait_for()
    yield "shortcuts"
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    _go(page, "sell")


def _without_a_line(page: Page) -> Iterator[str]:
    page.context.set_offline(True)
    page.locator(".bar.down").wait_for()
    page.locator(".tile").first.click()
    yield "offline"
    page.locator("[data-do=pay]").click()
    page.locator("#f-given").wait_for()
    yield "offline-paying"
    page.locator("form.tender button.big").click()
    page.locator(".receipt").wait_for()
    yield "offline-sold"
    page.locator("[data-do=next]").click()
    page.locator(".ticket .empty").wait_for()
    _go(page, "sales")
    page.locator("[data-do=showSale]").wait_for()
    yield "offline-outbox"


def _decided(page: Page) -> Iterator[str]:
    page.context.set_offline(False)
    page.locator("[data-do=sendNow]").click()
    page.locator(".conflict").first.wait_for()
    page.locator("[data-do=decide]").first.click()
    yield "conflict"
    page.locator("[data-do=cancelKept]").click()
    page.locator(".deciding").wait_for(state="detached")
    yield "outbox"


def _drawer_closed(page: Page) -> Iterator[str]:
    _go(page, "drawer")
    page.locator("[data-arg=close]").click()
    page.locator("#f-cashAmount").fill("120")
    yield "counting"
    page.locator("form.counting button.big").click()
    page.locator(".report").wait_for()
    yield "report"
    _go(page, "more")
    page.locator("[data-do=giveBack]").click()
    page.locator("[data-do=giveBack]:disabled").wait_for()
    yield "given-back"
