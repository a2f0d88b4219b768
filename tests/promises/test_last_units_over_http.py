"""Promise 1, through the door: 64 buyers at once on the last ten units, several server processes, real connections."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.processes import ROOT, own_database

BUYERS, UNITS, WORKERS = 64, 10, 3

BUILD = """
import django
django.setup()
from tests import worlds
print(worlds.small_world().api_key)
print(worlds.card())
"""

BALANCE = """
import django
django.setup()
from samband.commerce.fulfillment import books as fulfillment
from samband.commerce.inventory import books as inventory
from samband.commerce.orders import books as orders
from samband.commerce.payments import books as payments
for books in (inventory, orders, payments, fulfillment):
    for finding in books.findings():
        print(books.__name__, finding)
"""

LONDON = {"name": "A Buyer", "line1": "1 High Street", "city": "London", "country": "GB", "postcode": "SW1A 1AA"}


@pytest.fixture(scope="module")
def shop(django_db_setup, tmp_path_factory) -> Iterator[dict[str, str]]:
    """The environment in which processes trade on a database of their own."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    with own_database(f"samband_last_units_{worker}") as environment:
        yield {**environment, "SAMBAND_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.fixture(scope="module")
def program(shop) -> tuple[str, str]:
    """The small retailer's key for a program, and a token for a card that pays."""
    key, token = in_process(BUILD, shop)
    return key, token


@pytest.fixture(scope="module")
def server(shop, program) -> Iterator[str]:
    """The address of a server of several processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**shop, "SAMBAND_BIND": f"127.0.0.1:{port}"}
    command = [sys.executable, "-m", "samband", "serve", "--workers", str(WORKERS)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            found = re.search(r"http://[\d.]+:\d+", said)
            assert found, said
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def in_process(script: str, environment: dict[str, str]) -> list[str]:
    """What a process of ours prints, line by line."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.splitlines()


def test_sixty_four_buyers_at_once_get_ten_orders_and_fifty_four_clean_refusals(shop, program, server):
    key, token = program
    together = threading.Barrier(BUYERS, timeout=120)

    def open_cart(client: httpx.Client) -> dict[str, Any]:
        lines = [{"sku": "LAST-TEN", "quantity": 1}]
        opened = client.post("/api/v1/carts", json={"market": "GB", "method": "ship", "lines": lines})
        assert opened.status_code == 201, opened.text
        assert opened.json()["changes"] == []
        return opened.json()

    def buy(number: int, client: httpx.Client, cart: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        wish = {
            "method": "ship",
            "seen_total": cart["seen_total"],
            "token": token,
            "contact": {"email": f"buyer{number}@example.com", "name": "A Buyer"},
            "address": LONDON,
        }
        together.wait()
        answer = client.post(
            f"/api/v1/carts/{cart['id']}/checkout", json=wish, headers={"Idempotency-Key": f"buyer-{number}"}
        )
        return answer.status_code, answer.json()

    with ThreadPoolExecutor(BUYERS) as crowd, ExitStack() as leaving:
        headers = {"Authorization": f"Bearer {key}"}
        clients = [
            leaving.enter_context(httpx.Client(base_url=server, headers=headers, timeout=120)) for _ in range(BUYERS)
        ]
        carts = list(crowd.map(open_cart, clients))  # everybody has one before anybody pays
        answers = list(crowd.map(buy, range(BUYERS), clients, carts))

    assert Counter(status for status, _ in answers) == {201: UNITS, 409: BUYERS - UNITS}
    for status, body in answers:
        if status == 201:
            assert body["state"] == "placed"
        else:
            assert body["code"] in ("sold_out", "basket_changed")
            assert [(line["sku"], line["wanted"]) for line in body["short"]] == [("LAST-TEN", 1)], body
    with httpx.Client(base_url=server, headers={"Authorization": f"Bearer {key}"}) as client:
        (stock,) = client.get("/api/v1/stock/availability?sku=LAST-TEN").json()["items"]
        assert [(place["on_hand"], place["held"]) for place in stock["locations"]] == [(UNITS, UNITS)]
        orders = client.get("/api/v1/orders?limit=100").json()["items"]
        assert len({order["number"] for order in orders}) == len(orders) == UNITS
        assert {order["state"] for order in orders} == {"placed"}
    assert in_process(BALANCE, shop) == []
