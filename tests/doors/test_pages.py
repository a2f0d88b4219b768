"""What every page carries, whoever it is for: a policy that nothing on it breaks, and nothing a browser may keep."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from samband.conf import middleware
from samband.console import urls as console
from tests.console.counter import Counter
from tests.doors.house import House, house
from tests.doors.knocking import Knocked, changed, knock, sums
from tests.doors.routes import routes
from tests.doors.shop_rules import SHOP
from tests.doors.test_matrix_shop import of_shop
from tests.doors.test_matrix_shop import path_of as shop_path
from tests.doors.test_matrix_store import path_of as store_path

INLINE = {
    "a style of its own": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "a script in it": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.IGNORECASE),
    "a deed in an attribute": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "a script for an address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "a script from elsewhere": re.compile(r"<script[^>]*\ssrc=[\"']?(?:https?:)?//", re.IGNORECASE),
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CLOSED = ("object-src", "base-uri", "frame-ancestors")
FETCHED = {"customer_id", "order_id", "card_id", "fulfillment_id", "product_id", "request_id", "number", "slug", "sku"}


@pytest.fixture
def everybody(db, settings, tmp_path) -> House:
    settings.HOME = tmp_path
    return house()


def wrong_with(page: Knocked) -> Iterator[str]:
    headers = page.response.headers
    for name, value in ALWAYS.items():
        if headers.get(name) != value:
            yield f"{name} is {headers.get(name)}"
    policy = headers.get("Content-Security-Policy", "")
    wanted = (
        "default-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    yield from (f"the policy lacks {one}" for one in wanted if one not in policy)
    if "unsafe-inline" in policy or "unsafe-eval'" in policy.replace("wasm-unsafe-eval'", "") or "*" in policy:
        yield f"the policy is wide: {policy}"
    if "Permissions-Policy" not in headers:
        yield "no Permissions-Policy"
    kind = headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        yield f"its type is {kind}"
    if kind.startswith("text/html"):
        yield from (f"it has {what}" for what, pattern in INLINE.items() if pattern.search(page.body))


def test_pages_of_the_shop_for_whoever_is_signed_in(everybody: House) -> None:
    wrong = []
    for route in of_shop():
        page = knock(everybody.anna.browser.client, "GET", shop_path(route, everybody))
        wrong += [f"{route.name}: {one}" for one in wrong_with(page)]
        personal = route.written.removeprefix("<front:front>/").startswith(("account", "order", "checkout", "pay/<"))
        kept = page.response.headers.get("Cache-Control", "")
        if personal and route.written.startswith("<front") and page.status == 200 and "no-store" not in kept:
            wrong.append(f"{route.name} may be kept: {kept}")
    assert wrong == []
    assert "account" in SHOP


def test_pages_of_the_store_the_till_and_notices(everybody: House) -> None:
    wrong = []
    for route in routes():
        if route.written.startswith(("kiosk/", "k/", "pos/", "hooks/", "api/")) and "^" not in route.written:
            path = store_path(route.written, everybody) if "<" not in route.written or _known(route.written) else ""
            if path:
                wrong += [f"{route.written}: {one}" for one in wrong_with(knock(Client(), "GET", path))]
    assert wrong == []


def _known(written: str) -> bool:
    names = set(re.findall(r"<(?:\w+:)?(\w+)>", written))
    return names <= {"token", "key", "sku", "number", "spot", "provider", "carrier", "source", "reference"}


def test_pages_of_the_console_with_somebodys_things_on_them(everybody: House) -> None:
    """They look the same afterwards: looking changes nothing but the record of it."""
    anna, counter, wrong, seen = everybody.anna, Counter("admin"), [], 0
    given = {
        "customer_id": anna.id, "order_id": anna.shipped_id, "card_id": anna.card, "fulfillment_id": anna.part,
        "product_id": everybody.world.products["cup"], "request_id": anna.request, "number": anna.shipped,
        "slug": "home", "sku": "CUP",
    }  # fmt: skip
    before = sums()
    for pattern in console.urlpatterns:
        names = set(pattern.pattern.converters)
        if not names <= FETCHED:
            continue
        page = knock(
            counter.client, "GET", reverse(f"console:{pattern.name}", kwargs={one: given[one] for one in names})
        )
        wrong += [f"{pattern.name}: {one}" for one in wrong_with(page)]
        if page.status == 200 and "no-store" not in page.response.headers.get("Cache-Control", ""):
            wrong.append(f"{pattern.name} may be kept")
        if made := {one for one in changed(before, page.rows) if not one.startswith("staff_")}:
            wrong.append(f"{pattern.name} changes {made}")
        seen += page.status == 200 and any(mark in page.body for mark in anna.marks)
    assert wrong == []
    assert seen > 3


def test_with_https_nothing_goes_without(settings) -> None:
    settings.SECURE = True
    page = Client().get("/robots.txt")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert middleware._written({"default-src": "'self'"}).endswith("upgrade-insecure-requests")


def test_errors_carry_the_same_and_tell_nothing(everybody: House, monkeypatch) -> None:
    from samband.channels.shop import plain

    def broken(*_given: object, **_more: object) -> None:
        raise ValueError("anna@example.com secret-of-ours")

    monkeypatch.setattr(plain, "render", broken)
    client = Client(raise_request_exception=False)
    page = client.get("/en-is/about/")
    assert page.status_code == 500
    for word in ("anna@example.com", "secret-of-ours", "Traceback", "ValueError", ".py"):
        assert word not in page.content.decode()
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in page.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "testserver,evil.example", "evil.example:80"]
)
def test_another_hosts_name_is_nobodys(db, host: str) -> None:
    for path in ("/en-is/", "/console/sign-in/", "/api/v1/health", "/pos/"):
        answer = Client().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert b"evil" not in answer.content
