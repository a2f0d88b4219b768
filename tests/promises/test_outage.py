"""The database goes away for a while: every door says so, nobody waits for ever, and nothing is begun anew after."""

import json
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.promises.kill_house import House, Server, opened, serving
from tests.promises.kill_servers import Buyers
from tests.promises.outage_proxy import Line, line_to

PATIENCE = "2"
LONGEST_SECONDS = 40.0
"""Far more than an answer may take with that patience on a busy machine, and far less than for ever."""

LETTER = {"batch": [{"type": "track", "event": "Seen", "anonymousId": "v-1", "messageId": "m-1"}]}
PAGES = (
    "/",
    "/en-gb/",
    "/en-gb/p/cup/",
    "/en-gb/search/?q=cup",
    "/en-gb/cart/",
    "/en-gb/c/home/",
    "/console/sign-in/",
    "/kiosk/",
    "/k/nowhere",
)
MACHINES = ("/api/v1/carts", "/api/v1/stock/availability?sku=CUP", "/api/v1/health", "/hooks/payments/sandbox",
            "/hooks/shopify/erp", "/pos/api/snapshot", "/v1/batch")  # fmt: skip


@dataclass
class Standing:
    """A house whose servers reach their database by a line of ours."""

    house: House
    line: Line
    server: Server
    capture: Server
    usual: Mapping[str, int]

    def ask(self, path: str) -> httpx.Response:
        """One request, as who comes in by this door sends it."""
        server = self.capture if path.startswith("capture:") else self.server
        return _ask(server.port, path.removeprefix("capture:"), self.house)


def _ask(port: int, path: str, house: House) -> httpx.Response:
    bearer = {"Authorization": f"Bearer {house.given['api_key']}"}
    at = f"http://127.0.0.1:{port}{path}"
    with httpx.Client(timeout=LONGEST_SECONDS) as client:
        if path == "/api/v1/carts":
            wanted = {"market": "GB", "lines": [{"sku": "CUP", "quantity": 1}]}
            return client.post(at, json=wanted, headers=bearer)
        if path.startswith("/v1/"):
            return client.post(at, json={**LETTER, "writeKey": house.given["write_key"]})
        if path.startswith("/hooks/payments"):
            return client.post(at, content=_signed_notice(house)[0], headers=_signed_notice(house)[1])
        if path.startswith("/hooks/"):
            return client.post(at, json={"id": 1}, headers={"X-Shopify-Hmac-Sha256": "AAAA"})
        if path.startswith("/pos/"):
            client.cookies.set("samband_device", house.given["till_token"])
        return client.get(at, headers=bearer if path.startswith("/api/") else {})


def _signed_notice(house: House) -> tuple[bytes, dict[str, str]]:
    """A notice of the bank's about a charge of nobody's."""
    import hashlib
    import hmac

    body = json.dumps({"id": "n-1", "key": "authorise-0192f7c0-0000-7000-8000-000000000000", "reference": "ch_x",
                       "outcome": "approved", "captured": True, "amount": 1, "currency": "ISK", "reason": "",
                       "paid_with": ""}).encode()  # fmt: skip
    secret = (house.home / "secrets" / "payment_sandbox_secret").read_text().strip()
    return body, {"X-Sandbox-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


@pytest.fixture(scope="module")
def standing(django_db_setup) -> Iterator[Standing]:
    with ExitStack() as leaving:
        house = leaving.enter_context(opened("outage"))
        parts = conninfo_to_dict(house.url)
        if str(parts.get("host", "")).startswith("/"):
            pytest.skip("the database is reached by a socket, which no line of ours can stand in for")
        line = leaving.enter_context(line_to(str(parts["host"]), int(parts.get("port") or 5432)))
        url = make_conninfo(**{**parts, "host": "127.0.0.1", "port": line.port})
        through = replace(house, environment={**house.environment, "SAMBAND_DATABASE_URL": url})
        server = leaving.enter_context(serving(through, "serve", "--workers", "2", SAMBAND_PATIENCE=PATIENCE))
        capture = leaving.enter_context(
            serving(through, "capture", "--workers", "1", SAMBAND_PATIENCE=PATIENCE, SAMBAND_CAPTURE_SETTLES="0")
        )
        usual = {path: _ask(server.port, path, house).status_code for path in (*PAGES, *MACHINES)}
        usual["capture:/v1/batch"] = _ask(capture.port, "/v1/batch", house).status_code
        yield Standing(house, line, server, capture, usual)


def is_away(path: str, answer: httpx.Response) -> bool:
    """Whether it says, in the form of its door, that the database is away."""
    if answer.status_code != 503 or int(answer.headers.get("Retry-After", 0)) < 1:
        return False
    if path in PAGES:
        return answer.headers["Content-Type"].startswith("text/html") and "<h1" in answer.text
    told = answer.json()
    if "/v1/batch" in path:
        return told["success"] is False and told["code"] == "unavailable" and bool(told["message"])
    return "json" in answer.headers["Content-Type"] and told["code"] == "database_unavailable"


def while_away(standing: Standing) -> None:
    """Ask at every door, twice, all at once."""
    wrong: list[str] = []

    def ask(path: str) -> None:
        for _ in range(2):
            try:
                answer = standing.ask(path)
            except httpx.HTTPError as error:
                wrong.append(f"{path}: {error!r}")
                continue
            # What a process remembers it may still show; it is what it showed before.
            if not is_away(path, answer) and not (path in PAGES and answer.status_code == standing.usual[path]):
                wrong.append(f"{path}: {answer.status_code} {answer.text[:300]}")

    crowd = [threading.Thread(target=ask, args=(path,)) for path in standing.usual]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert wrong == []


def back_again(standing: Standing) -> None:
    """Every door answers as before; nobody is told that something is broken on the way there."""
    for path, usual in standing.usual.items():
        until = time.monotonic() + LONGEST_SECONDS
        while (answer := standing.ask(path)).status_code != usual:
            assert answer.status_code == 503, f"{path}: {answer.status_code} {answer.text[:300]}"
            assert time.monotonic() < until, f"{path} does not come back"


def test_every_door_answers_while_all_is_well(standing):
    assert all(status < 500 or path.startswith("/hooks/shopify") for path, status in standing.usual.items())
    assert standing.usual["/en-gb/p/cup/"] == standing.usual["/v1/batch"] == standing.usual["/api/v1/health"] == 200


@pytest.mark.parametrize("how", ["cut", "fall_silent"])
def test_every_door_says_that_the_database_is_away_and_serves_again_when_it_is_back(standing, how):
    before = standing.server.workers(), standing.capture.workers()
    getattr(standing.line, how)()
    try:
        while_away(standing)
    finally:
        standing.line.mend()
    back_again(standing)
    assert (standing.server.workers(), standing.capture.workers()) == before, "nothing had to be begun anew"


def test_connections_that_died_between_two_requests_are_noticed_before_anybody_is_told(standing):
    back_again(standing)
    for _ in range(3):
        for _ in range(6):
            assert standing.ask("/api/v1/health").status_code == 200
        standing.line.hang_up()
        # What is lying there unread is the end of the connection; it is there as soon as the line has hung up.
        for _ in range(6):
            assert standing.ask("/api/v1/health").status_code == 200
            assert standing.ask("/en-gb/p/cup/").status_code == 200


def test_what_is_paid_through_an_outage_is_paid_once_and_delivered_after(standing):
    back_again(standing)
    buyers = Buyers.of(standing.house, standing.server.port)
    with buyers.at_work(buyers.buy, clients=4):
        for how in ("cut", "fall_silent", "cut"):
            _until(lambda: sum(buyers.seen.values()) > len(buyers.told), buyers)
            getattr(standing.line, how)()
            _until_told(buyers, len(buyers.told))
            standing.line.mend()
    # Nobody but the thread beside the server delivers here: it has found its way back by itself.
    _until_delivered(standing.house)
    after = standing.house.after()
    assert after["wrong"] == []
    assert buyers.wrong_after(after) == []


def _until(done: Any, buyers: Buyers) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while not done() and not buyers.told and time.monotonic() < until:
        time.sleep(0.05)


def _until_told(buyers: Buyers, _: int) -> None:
    """Somebody was told that it is away."""
    before, until = buyers.seen["503"], time.monotonic() + LONGEST_SECONDS
    while buyers.seen["503"] == before:
        assert time.monotonic() < until, "nobody was told that the database is away"
        time.sleep(0.05)


def _until_delivered(house: House) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    with psycopg.connect(house.url, autocommit=True) as session:
        while session.execute("select count(*) from timeline_delivery").fetchone() != (0,):
            assert time.monotonic() < until, "what happened is not delivered"
            time.sleep(0.1)


def test_a_worker_goes_on_by_itself(standing):
    back_again(standing)
    url = make_conninfo(**{**conninfo_to_dict(standing.house.url), "host": "127.0.0.1", "port": standing.line.port})
    worker = standing.house.begin("samband", "work", SAMBAND_DATABASE_URL=url)
    try:
        standing.server.stop()  # whose own thread delivers, too
        _owe(standing.house)
        _until_delivered(standing.house)
        standing.line.cut()
        _owe(standing.house)
        standing.line.mend()
        _until_delivered(standing.house)
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
        standing.server.start()


def _owe(house: House) -> None:
    """Something to be delivered, told past the line."""
    house.run("tests.promises.outage_order")
