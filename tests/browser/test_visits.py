"""What a browser tells of a visit: nothing before its visitor agrees, then each thing once; whose it is, we say."""

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.running import DESK, House
from tests.browser.touring import SOFA, sign_in, until

# One worker for all of them: a house takes half a minute to open.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FRONT = "en-gr"


@pytest.fixture
def context(chromium: Browser, house: House) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport=DESK, base_url=house.address, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def captured(house: House, visitor: str = "") -> list[tuple[str, dict[str, Any]]]:
    """What the shop's own source brought: of everybody, or of one browser; oldest first."""
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"]) as connection:
        rows = connection.execute(
            "select n.name, t.payload -> 'properties', t.sku, i.value from touchpoints_touchpoint t"
            " join touchpoints_eventname n on n.id = t.event join touchpoints_source s on s.id = t.source"
            " left join identity_identifier i on i.id = t.identifier where s.slug = 'shop' order by t.position"
        ).fetchall()
    return [(name, {**(said or {}), "sku": sku}) for name, said, sku, whose in rows if visitor in ("", whose)]


def events(house: House, visitor: str) -> list[str]:
    return [name for name, _ in captured(house, visitor)]


def carried(context: BrowserContext) -> dict[str, str]:
    return {cookie["name"]: cookie["value"] for cookie in context.cookies()}


def agree(page: Page) -> str:
    """Agree to everything; the number that the browser goes by from now on."""
    page.locator("#ask [value=agree]").click()
    page.locator("#ask").wait_for(state="detached")
    return carried(page.context)["samband_choices"].rpartition(".")[2]


def walk(page: Page) -> None:
    page.goto(f"/{FRONT}/c/sofas/")
    page.locator(".card a").first.click()
    page.wait_for_url(re.compile("/p/"))
    add(page)
    page.goto(f"/{FRONT}/cart/")
    page.wait_for_function("window.htmx")


def add(page: Page) -> None:
    """Put what the page shows in the cart."""
    page.wait_for_function("window.htmx")
    page.locator("form.add button").click()
    page.locator("#notice a").first.wait_for()


def kept_in(page: Page) -> list[str]:
    found: list[str] = page.evaluate("Object.keys(localStorage)")
    return found


@pytest.mark.parametrize("answer", [None, "refuse"])
def test_who_has_not_agreed_leaves_nothing_that_names_them(
    page: Page, context: BrowserContext, house: House, answer: str | None
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = captured(house)
    if answer:
        page.goto(f"/{FRONT}/")
        page.locator(f"#ask [value={answer}]").click()
        page.locator("#ask").wait_for(state="detached")
    walk(page)
    page.goto(f"/{FRONT}/stores/")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/v1/" in url] == []
    assert captured(house) == before
    assert kept_in(page) == []
    choices = carried(context).get("samband_choices", "")
    assert not re.search("[0-9a-f]{32}", choices), "nobody is numbered who has not agreed"


def test_who_agreed_is_seen_once_at_each_step(page: Page, house: House) -> None:
    page.goto(f"/{FRONT}/c/sofas/")
    visitor = agree(page)
    walk(page)
    page.locator("form.amount .quantity").fill("2")
    with page.expect_response("**/cart/line/"):
        page.locator("form.amount .quantity").press("Tab")
    page.locator("form.amount .quantity[value='2']").wait_for()
    page.locator("form.take-out button").click()
    page.locator(".empty").wait_for()
    page.goto(f"/{FRONT}/search/?q=sofa")
    page.locator("#sort").select_option("price")
    page.wait_for_url(re.compile("sort=price"))
    page.locator(".facets input[type=checkbox]").first.check(force=True)
    page.wait_for_url(re.compile("f\\."))
    expected = [
        "Product List Viewed", "Product List Viewed", "Product Clicked", "Product Viewed", "Product Added",
        "Cart Viewed", "Product Added", "Product Removed", "Products Searched", "Products Searched",
        "Product List Filtered",
    ]  # fmt: skip
    until(page, lambda: len(events(house, visitor)) >= len(expected))
    assert events(house, visitor) == expected
    told = captured(house, visitor)
    lists = [said for name, said in told if name == "Product List Viewed"]
    assert all(said["category"] == "sofas" and said["products"][0]["position"] == 1 for said in lists)
    viewed, added, more, taken = (told[nth][1] for nth in (3, 4, 6, 7))
    assert viewed["sku"] == added["sku"] == more["sku"] == taken["sku"]
    assert (viewed["category"], added["quantity"], more["quantity"], taken["quantity"]) == ("sofas", 1, 1, 2)
    assert told[8][1]["query"] == "sofa"
    assert told[-1][1]["filters"], "what was narrowed down to"
    until(page, lambda: kept_in(page) == [])


def test_what_cannot_be_sent_waits_and_is_told_once(page: Page, house: House) -> None:
    page.goto(f"/{FRONT}/")
    visitor = agree(page)
    until(page, lambda: len(events(house, visitor)) >= 1)
    answers = iter(["abort", 503, 429, "lost"])
    sent: list[list[str]] = []

    def hindered(route: Route) -> None:
        sent.append([one["messageId"] for one in json.loads(route.request.post_data or "{}")["batch"]])
        match next(answers, None):
            case "abort":
                route.abort()
            case int() as status:
                route.fulfill(status=status, headers={"Retry-After": "0"}, body="{}")
            case "lost":
                route.fetch()  # it was taken, but the answer never came
                route.abort()
            case _:
                route.continue_()

    page.route("**/v1/b", hindered)
    page.goto(f"/{FRONT}/p/{SOFA}/")
    until(page, lambda: len(sent) >= 1)
    page.goto(f"/{FRONT}/stores/")
    until(page, lambda: kept_in(page) == [])
    assert events(house, visitor)[1:] == ["Product Viewed", "Page Viewed"]
    assert len(sent) >= 4
    assert len({ids[0] for ids in sent}) <= 2, "an event keeps its id however often it is told"


def test_who_takes_their_word_back_is_seen_no_more(page: Page, context: BrowserContext, house: House) -> None:
    page.goto(f"/{FRONT}/")
    visitor = agree(page)
    until(page, lambda: len(events(house, visitor)) >= 1)
    page.goto(f"/{FRONT}/privacy/choices/")
    page.locator("main form [value=refuse]").first.click()
    page.wait_for_url(re.compile("kept"))
    before = len(captured(house))
    walk(page)
    assert len(captured(house)) == before
    assert visitor not in str(carried(context))


def test_signing_in_makes_browser_and_account_one_customer(page: Page, house: House, chromium: Browser) -> None:
    email = "visits@customer.example"
    page.goto(f"/{FRONT}/p/{SOFA}/")
    visitor = agree(page)
    add(page)
    until(page, lambda: "Product Added" in events(house, visitor))
    sign_in(page, house, FRONT, email)

    def customers() -> list[tuple[Any, ...]]:
        with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"]) as connection:
            return connection.execute(
                "select i.kind, i.customer::text from identity_identifier i where i.customer in"
                " (select customer from identity_identifier where value = %s) order by i.kind",
                [visitor],
            ).fetchall()

    until(page, lambda: {kind for kind, _ in customers()} >= {0, 8})
    customer = customers()[0][1]
    assert {whose for _, whose in customers()} == {customer}

    # And the staff see it on their page.
    staff = chromium.new_context(viewport=DESK, base_url=house.address).new_page()
    staff.goto("/console/sign-in/")
    staff.locator("[name=email]").fill("admin@samband.example")
    staff.locator("[name=password]").fill("samband-demo-2026")
    staff.locator("main button, form button").first.click()
    staff.wait_for_url("**/console/")
    staff.goto(f"/console/customers/{customer}/")
    text = staff.locator("main").inner_text()
    assert email in text
    assert "Put into the cart" in text
    assert "Looked at a product" in text
    staff.context.close()


def test_a_browser_cannot_say_that_it_is_somebody(page: Page, house: House) -> None:
    """The key stands in every page: whoever has it may tell of a browser, and of nobody's account or address."""
    page.goto(f"/{FRONT}/")
    visitor = agree(page)
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"]) as connection:
        account, mail = connection.execute(
            "select id::text, email from accounts_customer where email is not null order by id limit 1"
        ).fetchone() or ("", "")
        before = connection.execute("select count(*) from identity_assertion").fetchone()
    claim = {
        "type": "identify", "messageId": "claim-1", "userId": account, "anonymousId": visitor,
        "traits": {"email": mail, "phone": "+306912345678"},
        "context": {"consent": {"categoryPreferences": {"statistics": True, "marketing": True, "preferences": True}}},
    }  # fmt: skip
    status = page.evaluate(
        """async (claim) => {
            const key = document.querySelector("script[data-key]").dataset.key;
            const body = JSON.stringify({ writeKey: key, batch: [claim] });
            return (await fetch("/v1/b", { method: "POST", body })).status;
        }""",
        claim,
    )
    assert status == 200
    with psycopg.connect(house.environment["SAMBAND_DATABASE_URL"]) as connection:
        assert connection.execute("select count(*) from identity_assertion").fetchone() == before
        (whose,) = connection.execute(
            "select i.value from touchpoints_touchpoint t join identity_identifier i on i.id = t.identifier"
            " join touchpoints_eventname n on n.id = t.event where n.name = 'Identified' and i.value = %s",
            [visitor],
        ).fetchall()
    assert whose == (visitor,)
