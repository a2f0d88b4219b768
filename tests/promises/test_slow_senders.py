"""Whoever begins to send and does not go on holds up nobody else: at the shop's doors and at that of capture."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import psycopg
import pytest

from tests.processes import ROOT, own_database

STALLED = 40
"""More than a process has threads for pages, by far."""

DOORS = ("/v1/batch", "/api/v1/carts", "/en-gb/cart/add", "/console/sign-in/", "/hooks/payments/stripe", "/health/live")
OPEN = """
import django
django.setup()
from samband.customers.touchpoints import commands
print(commands.open_source("other-shop", "Another shop", "server")[1])
"""
EVENT = b'{"type":"track","event":"Seen","anonymousId":"a-browser","messageId":"%d"}'


@pytest.fixture(scope="module")
def house(django_db_setup, tmp_path_factory) -> Iterator[dict[str, str]]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    with own_database(f"samband_slow_{worker}") as environment:
        yield {**environment, "SAMBAND_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def key(house) -> str:
    command = [sys.executable, "-c", OPEN]
    done = subprocess.run(command, cwd=ROOT, env=house, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


@contextmanager
def served(house: dict[str, str], *command: str) -> Iterator[int]:
    """One process of it, at this port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**house, "SAMBAND_BIND": f"127.0.0.1:{port}"}
    at = ("--bind", f"127.0.0.1:{port}") if command[0] == "capture" else ()
    with subprocess.Popen(
        [sys.executable, "-m", "samband", *command, *at, "--workers", "1"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            assert re.search(r"http://[\d.]+:\d+", process.stdout.readline())
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture(scope="module")
def shop(house) -> Iterator[int]:
    with served(house, "serve", "--no-deliver") as port:
        yield port


@pytest.fixture(scope="module")
def capture(house) -> Iterator[int]:
    with served(house, "capture") as port:
        yield port


def begun(port: int, path: str, length: int | None = 5_000, body: bytes = b"{", *more: str) -> socket.socket:
    """A request that was begun, and of which more was promised than was sent."""
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    head = (f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Type: application/json", size, *more, "", "")
    line = socket.create_connection(("127.0.0.1", port))
    line.settimeout(30)
    line.sendall("\r\n".join(head).encode() + body)
    return line


def heard(line: socket.socket) -> bytes:
    """Its answer, at least the beginning."""
    return line.recv(4096)


@contextmanager
def stalled(port: int, *paths: str) -> Iterator[None]:
    with ExitStack() as lines:
        for nth in range(STALLED):
            lines.enter_context(begun(port, paths[nth % len(paths)], None if nth % 3 == 0 else 5_000 * 10 ** (nth % 4)))
        yield


def test_pages_are_answered_while_others_are_slow_to_send(shop) -> None:
    with stalled(shop, *DOORS):
        for path in ("/health/ready", "/robots.txt", "/static/shop/shop.css", "/api/v1/openapi.json"):
            assert httpx.get(f"http://127.0.0.1:{shop}{path}", timeout=10).status_code == 200


@pytest.mark.parametrize("door", ["shop", "capture"])
def test_events_are_taken_while_others_are_slow_to_send(door, key, request) -> None:
    port = request.getfixturevalue(door)
    with stalled(port, "/v1/batch", "/v1/track"):
        for nth in range(3):
            sent = httpx.post(
                f"http://127.0.0.1:{port}/v1/track", content=EVENT % nth, headers=authorized(key), timeout=10
            )
            assert (sent.status_code, sent.json()) == (200, {"success": True})


@pytest.mark.parametrize("door", ["shop", "capture"])
def test_who_is_slow_is_heard_all_the_same(door, key, request) -> None:
    port, event = request.getfixturevalue(door), EVENT % 77
    with begun(port, "/v1/track", len(event), event[:9], f"Authorization: Bearer {key}") as line:
        for at in range(9, len(event), 40):
            time.sleep(0.2)
            line.sendall(event[at : at + 40])
        assert heard(line).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("door", ["shop", "capture"])
def test_what_is_cut_short_never_happened(door, house, key, request) -> None:
    port, by = request.getfixturevalue(door), f"Authorization: Bearer {key}"
    cut, whole = EVENT % 1000, EVENT % (1001 if door == "shop" else 1002)
    with psycopg.connect(house["SAMBAND_DATABASE_URL"], autocommit=True) as books:
        before = seen(books)
        begun(port, "/v1/track", len(cut), cut[:-9], by).close()
        begun(port, "/v1/track", None, b"%x\r\n%b" % (len(cut), cut[:-9]), by).close()
        begun(port, "/v1/track", None, b"%x\r\n%b\r\n" % (len(cut) - 9, cut[:-9]), by).close()
        sent = httpx.post(f"http://127.0.0.1:{port}/v1/track", content=whole, headers=authorized(key), timeout=10)
        assert sent.status_code == 200
        assert seen(books) == before + 1


def seen(books: psycopg.Connection) -> int:
    """How many events were ever taken."""
    return books.execute("select count(*) from touchpoints_seen").fetchone()[0]  # type: ignore[index]


def authorized(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
