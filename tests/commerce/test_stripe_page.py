"""Our page with Stripe's script in it, in a real browser: the second factor is met, or is not."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as conf
from django.core.wsgi import get_wsgi_application
from django.db import connection
from playwright.sync_api import sync_playwright

from samband.commerce.payments import asking, queries
from samband.commerce.payments.providers import stripe
from samband.events.payments import PaymentCaptured, PaymentChallenged, PaymentDeclined
from tests.browser.finding import browser
from tests.browser.running import CHROMIUM
from tests.commerce import localstripe
from tests.commerce.paying import begun, standing_in

pytestmark = [
    pytest.mark.skipif(bool(localstripe.MISSING), reason=localstripe.MISSING),
    pytest.mark.skipif(browser() is None, reason="no browser: install Chromium or name one with SAMBAND_BROWSER"),
    pytest.mark.django_db(transaction=True),
]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Our site on a loopback port, from a thread of this process."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet)

    def serve() -> None:
        try:
            server.serve_forever()
        finally:
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def bank(tmp_path, settings):
    with localstripe.running(tmp_path) as running:
        settings.STRIPE_SECRET_KEY = localstripe.KEY
        settings.STRIPE_PUBLISHABLE_KEY = "pk_test_12345"
        settings.STRIPE_API_BASE = running.base
        settings.STRIPE_JS = f"{running.base}/js.stripe.com/v3/"
        with standing_in(stripe.Stripe()):
            yield running


@pytest.mark.parametrize(
    ("choice", "ends"), [("Complete authentication", PaymentCaptured), ("Fail authentication", PaymentDeclined)]
)
def test_a_payer_meets_the_second_factor_on_our_page_and_comes_back(bank, choice, ends):
    intent_id = begun(amount=129_950, provider="stripe", capture="automatic")
    event = asking.ask_to_authorise(intent_id, bank.card("second_factor"), "/hooks/transfer/back")
    assert isinstance(event, PaymentChallenged)
    address = queries.intent(intent_id).challenge_url
    # In a thread of its own: this one may be driving another browser already.
    with served() as site, ThreadPoolExecutor(1) as apart:
        wrong, came_to = apart.submit(visit, site, address, choice).result()
    assert came_to.endswith("/hooks/transfer/back")
    assert wrong == []
    assert isinstance(asking.ask_how_it_stands(intent_id), ends)


def visit(site: str, address: str, choice: str) -> tuple[list[str], str]:
    """Go to the page, pay, answer the bank; what went wrong in the browser, and where it ended up."""
    wrong: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=list(CHROMIUM))
        page = chromium.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        folder = conf.BASE / "static"
        page.route("**/static/**", lambda route: route.fulfill(path=folder / static_name(route.request.url)))
        page.goto(f"{site}{address}")
        page.get_by_role("button", name="Pay now").click()
        page.get_by_text(choice).click()
        page.wait_for_url("**/hooks/transfer/back")
        came_to = page.url
        chromium.close()
    # The page we come back to is nobody's; that it is not found is as it should be.
    return [text for text in wrong if "404" not in text], came_to


def static_name(url: str) -> str:
    return url.partition("/static/")[2].partition("?")[0]
