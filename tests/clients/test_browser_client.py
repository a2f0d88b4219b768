"""Segment's own client for browsers, in a real one: it asks for its settings, sends across origins, and tries again."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.touring import until
from tests.clients import installing
from tests.clients.serving import Server, empty, run
from tests.clients.trouble import FORGET, PASS, REFUSE, Trouble, trouble

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("clients"),
    pytest.mark.skipif(not installing.installed(), reason="no Node, or its clients"),
]

BUNDLE = Path(installing.__file__).parent / "node" / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"
OPEN = """
import django
django.setup()
from samband.customers.touchpoints import commands
print(commands.open_source("site", "Site", "browser", namespace="site", needs_consent=False)[1])
"""
PAGE = """<!doctype html><title>A shop of somebody's</title><script src="/index.js"></script>"""


class Shop(SimpleHTTPRequestHandler):
    """Somebody's own shop: a page with the client in it."""

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Shop, directory=str(BUNDLE)))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def door(abroad, tmp_path) -> Iterator[Trouble]:
    running = Server(abroad, tmp_path, "serve")
    running.start()
    with trouble(running.port, [PASS, FORGET, REFUSE], lambda: None) as standing:
        yield standing
    running.stop()
    empty(abroad)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


LOAD = """
async ({key, address}) => {
  const client = AnalyticsNext.AnalyticsBrowser.load(
    {writeKey: key, cdnURL: address},
    {integrations: {"Segment.io": {apiHost: address.replace("http://", "") + "/v1", protocol: "http"}}},
  );
  window.told = [];
  await client.ready();
  await client.page("Docs", "Home", {mark: "page"});
  await client.identify("browser-user-1", {email: "browser-user-1@customer.example", mark: "identify"});
  for (let nth = 0; nth < 5; nth++) await client.track("Product Viewed", {sku: "FU-SOF", mark: "track-" + nth});
  await client.group("club", {mark: "group"});
  return (await client.user()).anonymousId();
}
"""


def test_a_browser_speaks_to_us_from_somebody_elses_page(page, shop, door, abroad, tmp_path):
    key = run(OPEN, abroad, tmp_path).split()[-1]
    page.goto(shop)
    visitor = page.evaluate(LOAD, {"key": key, "address": door.address})
    expected = {"page", "identify", "group", *(f"track-{nth}" for nth in range(5))}
    until(page, lambda: {mark for _, mark in kept(abroad)} >= expected)
    page.wait_for_timeout(1500)  # what it tries again must find nothing to add
    assert sorted(mark for _, mark in kept(abroad)) == sorted(expected)
    assert door.met[REFUSE] == door.met[FORGET] == 1
    with psycopg.connect(abroad["SAMBAND_DATABASE_URL"]) as session:
        known = session.execute("select count(*) from identity_identifier where value in (%s, %s)",
                                [visitor, "browser-user-1"]).fetchone()  # fmt: skip
    assert known == (2,)


def kept(environment) -> list[tuple[str, str]]:
    with psycopg.connect(environment["SAMBAND_DATABASE_URL"]) as session:
        return session.execute(
            "select e.name, coalesce(t.payload #>> '{properties,mark}', t.payload #>> '{traits,mark}',"
            " t.payload #>> '{group,traits,mark}') from touchpoints_touchpoint t"
            " join touchpoints_eventname e on e.id = t.event join touchpoints_source s on s.id = t.source"
            " where s.slug = 'site'"
        ).fetchall()
