"""Promise 1, through the door: 64 buyers at once on the last ten units, several server processes, real connections."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[2]

BUYERS, UNITS, WORKERS = 64, 10, 3

BUILD = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
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


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, str]]:
    """A database of its own with the small retailer in it; the environment in which processes trade there."""
    kept = connections["default"].settings_dict
    where = {"user": kept["USER"], "password": kept["PASSWORD"], "host": kept["HOST"], "port": kept["PORT"]}
    where = {name: str(value) for name, value in where.items() if value}
    name = f"last_units_{uuid4().hex[:12]}"
    with psycopg.connect(make_conninfo(dbname="postgres", **where), autocommit=True) as cluster:
        cluster.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            yield {
                **os.environ,
                "SAMBAND_DATABASE_URL": make_conninfo(dbname=name, **where),
                "SAMBAND_HOME": str(tmp_path_factory.mktemp("home")),
                "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
                "PYTHONPATH": str(ROOT),
            }
        finally:
            cluster.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def program(shop) -> tuple[str, str]:
    """The key of a program of the retailer's, and a token for a card that pays."""
    key, token = in_process(BUILD, shop)
    return key, token


@pytest.fixture(scope="module")
def server(shop, program) -> Iterator[str]:
    """The address of a server of several processes; it chooses a free port itself."""
    command = [sys.executable, "-m", "samband", "serve", "--workers", str(WORKERS)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**shop, "SAMBAND_BIND": f"127.0.0.1:{free_port()}"}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            found = re.search(r"http://[\d.]+:\d+", said)
            assert found, said
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def in_process(script: str, environment: dict[str, str]) -> list[str]:
    """What a process of ours prints, line by line."""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split("\n")[:-1]


def ready_cart(client: httpx.Client, sku: str) -> dict:
    answer = client.post(
        "/api/v1/carts", json={"market": "GB", "method": "ship", "lines": [{"sku": sku, "quantity": 1}]}
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_sixty_four_buyers_at_once_get_ten_orders_and_fifty_four_clean_refusals(shop, program, server):
    key, token = program
    together = threading.Barrier(BUYERS)

    def buy(number: int) -> tuple[int, dict]:
        with httpx.Client(base_url=server, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            cart = ready_cart(client, "LAST-TEN")
            wish = {
                "method": "ship",
                "seen_total": cart["seen_total"],
                "token": token,
                "contact": {"email": f"buyer{number}@example.com", "name": f"Buyer {number}"},
                "address": {"name": f"Buyer {number}", "line1": "1 High Street", "city": "London", "country": "GB",
                            "postcode": "SW1A 1AA"},
            }  # fmt: skip
            together.wait()
            answer = client.post(
                f"/api/v1/carts/{cart['id']}/checkout", json=wish, headers={"Idempotency-Key": f"buyer-{number}"}
            )
            return answer.status_code, answer.json()

    with ThreadPoolExecutor(BUYERS) as crowd:
        answers = list(crowd.map(buy, range(BUYERS)))

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
        placed = client.get("/api/v1/orders?limit=100").json()["items"]
        assert len(placed) == len({order["number"] for order in placed}) == UNITS
        assert {order["state"] for order in placed} == {"placed"}
    assert in_process(BALANCE, shop) == []
