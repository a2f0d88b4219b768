"""Clients that nobody here wrote: what they send arrives once, whatever happens on the way and to us.

A door before the server answers 500 and 429 in its stead, forgets to pass answers on, cuts the line, and has the whole
server killed and started again while it is asked.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from tests.clients import installing
from tests.clients.serving import Server, empty, run
from tests.clients.trouble import BUSY, CUT, FORGET, KILL, PASS, REFUSE, trouble
from tests.processes import ROOT

HERE = Path(__file__).resolve().parent
pytestmark = pytest.mark.xdist_group("clients")

NODE = pytest.param("node", marks=pytest.mark.skipif(not installing.installed(), reason="no Node, or its clients"))
CLIENTS = ["segment", "rudder", NODE]
MARK = re.compile(r"mark-[a-z]+-\d+-[a-z]")
KINDS = {
    "i": "Identified",
    "t": "Product",
    "p": "Page Viewed",
    "s": "Screen Viewed",
    "g": "Grouped",
    "a": "Cart Viewed",
}

OPEN = """
import json, django
django.setup()
from samband.customers.touchpoints import commands
print(json.dumps({slug: commands.open_source(slug, slug, "server", namespace="abroad")[1]
                  for slug in ("segment", "rudder", "node")}))
"""
RESOLVE = """
import django
django.setup()
from samband.customers.identity import commands
while commands.resolve():
    pass
"""


@pytest.fixture(scope="module")
def keys(abroad, tmp_path_factory) -> dict[str, str]:
    return json.loads(run(OPEN, abroad, tmp_path_factory.mktemp("opening")))


@pytest.fixture(scope="module", params=["serve", "capture"])
def standing(request, abroad, tmp_path_factory) -> Iterator[Server]:
    """Mounted beside the shop, and as processes of its own."""
    running = Server(abroad, tmp_path_factory.mktemp(request.param), request.param)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def server(standing, abroad) -> Iterator[Server]:
    yield standing
    empty(abroad)


def sending(client: str, address: str, key: str, amount: int) -> "subprocess.Popen[str]":
    program = (
        ["node", HERE / "node" / "sending.mjs"]
        if client == "node"
        else [sys.executable, HERE / f"sending_with_{client}.py"]
    )
    return subprocess.Popen(
        [*map(str, program), address, key, str(amount)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def told_by(process: "subprocess.Popen[str]") -> dict[str, list[str]]:
    said, wrong = process.communicate(timeout=240)
    assert process.returncode == 0, wrong[-3000:]
    return json.loads(said.splitlines()[-1])


def kept(environment: Mapping[str, str], source: str) -> list[tuple[str, str]]:
    """What was kept of a source: each event's name, and everything else it says."""
    with psycopg.connect(environment["SAMBAND_DATABASE_URL"]) as session:
        return session.execute(
            "select e.name, t.payload::text from touchpoints_touchpoint t"
            " join touchpoints_eventname e on e.id = t.event join touchpoints_source s on s.id = t.source"
            " where s.slug = %s order by t.position",
            [source],
        ).fetchall()


def marks(rows: list[tuple[str, str]]) -> Counter[str]:
    return Counter(mark for _, payload in rows for mark in MARK.findall(payload))


PLAN = [PASS, FORGET, REFUSE, CUT, BUSY, KILL, PASS, BUSY, FORGET]
AMOUNT = 40


def test_everything_arrives_once_through_every_trouble(server, abroad, keys):
    clients = ["segment", "rudder", *(["node"] if installing.installed() else [])]
    with trouble(server.port, PLAN, server.die_and_rise) as door:
        running = {client: sending(client, door.address, keys[client], AMOUNT) for client in clients}
        told = {client: told_by(process) for client, process in running.items()}
        met = dict(door.met)
    assert server.deaths == len(clients)
    assert all(met[what] >= len(clients) for what in (REFUSE, BUSY, FORGET, CUT, KILL)), met
    for client in clients:
        assert told[client]["failed"] == [], client
        assert len(set(told[client]["sent"])) == AMOUNT * len(KINDS)
        expected = {f"mark-{client}-{nth}-{kind}" for nth in range(AMOUNT) for kind in KINDS}
        assert marks(kept(abroad, client)) == Counter(expected), client


@pytest.mark.parametrize("client", CLIENTS)
def test_what_they_mean_is_understood(server, abroad, keys, tmp_path, client):
    told = told_by(sending(client, f"http://127.0.0.1:{server.port}", keys[client], 3))
    assert told["failed"] == []
    for name, payload in kept(abroad, client):
        (mark,) = MARK.findall(payload) or [""]
        if mark:
            assert name.startswith(KINDS[mark[-1]]), (name, mark)
    run(RESOLVE, abroad, tmp_path)
    with psycopg.connect(abroad["SAMBAND_DATABASE_URL"]) as session:
        worth = session.execute(
            "select distinct sku, worth, currency from touchpoints_touchpoint t"
            " join touchpoints_source s on s.id = t.source where s.slug = %s and worth is not null",
            [client],
        ).fetchall()
        whose = session.execute(
            "select count(distinct customer), count(*) from identity_identifier"
            " where value in (%s, %s)", [f"{client}-user-1", f"{client}-user-1@customer.example"],
        ).fetchone()  # fmt: skip
        strangers = session.execute(
            "select count(distinct customer) from identity_identifier where value like %s", [f"{client}-cookie-%"]
        ).fetchone()
    assert worth == [("FU-SOF", 1950, "EUR")]
    assert whose == (1, 2), "a user and their mail are one customer"
    assert strangers[0] >= 3


def test_a_key_that_opens_nothing_is_told_so_at_once(server):
    for client in ("segment", "rudder"):
        told = told_by(sending(client, f"http://127.0.0.1:{server.port}", "no-key-of-ours", 1))
        assert set(told["sent"]) <= set(told["failed"])


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
def test_the_clients_for_node_are_installed_where_there_is_node():
    assert installing.installed(), "run: python -m tests.clients.installing"
