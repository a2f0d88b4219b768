"""What is seen of a running house: one id through logs, traces and reactions; metrics of all its processes; nobody's
data in either; and a stop that lets those who are being answered finish.
"""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import psycopg
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from tests.processes import ROOT, own_database

pytestmark = pytest.mark.xdist_group("observed")

BUILD = """
import django
django.setup()
from tests import worlds
print(worlds.small_world().api_key)
print(worlds.card())
"""
BUYER = {"email": "rosa.seen@customer.example", "name": "Rosa Seen"}
HOME = {"name": "Rosa Seen", "line1": "1 High Street", "city": "London", "country": "GB", "postcode": "SW1A 1AA"}


@dataclass
class Collector:
    """Takes traces in as an OpenTelemetry collector does."""

    spans: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def names(self, trace: str) -> set[str]:
        return {name for at, name, _ in self.spans if at == trace}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    here = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        told = {one.key: one.value.string_value for one in span.attributes}
                        here.spans.append((span.trace_id.hex(), span.name, told))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class House:
    """A server of two processes that is watched."""

    process: subprocess.Popen[str]
    address: str
    metrics: str
    key: str
    card: str
    log: Path
    database: str


def free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def printed(script: str, environment: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.split()


@pytest.fixture(scope="module")
def house(django_db_setup, collector, tmp_path_factory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("home")
    log = home / "log"
    with own_database(f"samband_observed_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}") as given:
        bind, metrics = free(), free()
        environment = {
            **given, "SAMBAND_HOME": str(home), "SAMBAND_BIND": bind, "SAMBAND_LOG": "DEBUG",
            "SAMBAND_METRICS_BIND": metrics, "SAMBAND_TRACES": f"http://127.0.0.1:{collector.port}",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
        }  # fmt: skip
        key, card = printed(BUILD, environment)
        command = [sys.executable, "-m", "samband", "serve", "--workers", "2"]
        with open(log, "wb") as written:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=written, text=True
            )
        assert process.stdout is not None
        try:
            assert process.stdout.readline().startswith("ready: "), log.read_text()[-3000:]
            yield House(
                process, f"http://{bind}", f"http://{metrics}/metrics", key, card, log, given["SAMBAND_DATABASE_URL"]
            )
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(60)
            process.stdout.close()


def until(told: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether it comes true in time."""
    end = time.monotonic() + seconds
    while not (done := told()) and time.monotonic() < end:
        time.sleep(0.05)
    return done


def bought(house: House) -> httpx.Response:
    """An order placed and paid; the answer to its checkout."""
    with httpx.Client(base_url=house.address, headers={"Authorization": f"Bearer {house.key}"}, timeout=60) as client:
        lines = [{"sku": "CUP", "quantity": 1}]
        cart = client.post("/api/v1/carts", json={"market": "GB", "method": "ship", "lines": lines}).json()
        wish = {
            "method": "ship", "seen_total": cart["seen_total"], "token": house.card, "contact": BUYER, "address": HOME,
        }  # fmt: skip
        answer = client.post(
            f"/api/v1/carts/{cart['id']}/checkout", json=wish, headers={"Idempotency-Key": f"observed-{cart['id']}"}
        )
    assert answer.status_code == 201, answer.text
    return answer


def test_whoever_has_the_id_of_a_request_finds_all_that_followed_from_it(house, collector):
    request = bought(house).headers["X-Request-Id"]
    trace = request.replace("-", "")
    wanted = {"react messaging.confirm_order", "statement"}
    assert until(lambda: wanted <= collector.names(trace)), collector.names(trace)
    assert any(name.startswith("POST ") and "checkout" in name for name in collector.names(trace))
    with psycopg.connect(house.database) as session:
        told = session.execute("select name from timeline_entry where correlation = %s::uuid", [request]).fetchall()
    assert ("orders.OrderPlaced",) in told


def test_neither_traces_nor_metrics_nor_logs_tell_who_it_was(house, collector):
    trace = bought(house).headers["X-Request-Id"].replace("-", "")
    assert until(lambda: "react messaging.confirm_order" in collector.names(trace))
    seen = repr(collector.spans) + httpx.get(house.metrics).text + house.log.read_text()
    for secret in (*BUYER.values(), *HOME.values(), house.key, house.card):
        if len(secret) > 2:
            assert secret not in seen
    assert not re.search(r"= '[^']+@", seen)


def test_metrics_add_up_what_all_processes_did(house):
    def counted() -> float:
        families = text_string_to_metric_families(httpx.get(house.metrics).text)
        return sum(
            one.value
            for family in families
            for one in family.samples
            if one.name == "samband_http_requests_total" and one.labels["door"] == "shop"
        )

    bought(house)
    confirmed = 'samband_reactions_total{outcome="done",reaction="messaging.confirm_order"}'
    assert until(lambda: confirmed in httpx.get(house.metrics).text)
    before = counted()
    for _ in range(40):
        with httpx.Client() as alone:  # a connection each, so that both processes answer some
            assert alone.get(f"{house.address}/robots.txt").status_code == 200
    assert counted() == before + 40
    told = httpx.get(house.metrics).text
    assert "samband_database_up 1.0" in told
    assert "samband_deliveries_waiting" in told


def test_metrics_are_not_at_the_door_that_customers_use(house):
    assert httpx.get(f"{house.address}/metrics").status_code == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "10.4.5.6:8000", "shop.internal"])
def test_a_balancer_asks_by_any_name_whether_we_live_and_are_ready(house, host):
    for asked, told in (("live", {"status": "ok"}), ("ready", {"status": "ok", "database": "ok"})):
        answer = httpx.get(f"{house.address}/health/{asked}", headers={"Host": host})
        assert (answer.status_code, answer.json()) == (200, told)
        assert answer.headers["Cache-Control"] == "no-store"


def test_without_its_database_a_process_lives_and_is_not_ready(monkeypatch, db):
    from django.db import OperationalError, connection

    from samband.conf import health

    def away() -> None:
        raise OperationalError("away")

    def asked(path: str) -> tuple[str, dict[str, str]]:
        told: list[str] = []
        door = health.asked_first(lambda *_: [b"somebody else"])
        (body,) = door({"PATH_INFO": path}, lambda status, _: told.append(status))
        return told[0], json.loads(body)

    with monkeypatch.context() as gone:
        gone.setattr(connection, "cursor", away)
        gone.setattr(connection, "close", lambda: None)
        assert asked("/health/live")[0] == "200 OK"
        assert asked("/health/ready") == ("503 Service Unavailable", {"status": "waiting", "database": "unavailable"})


def asked_of_goods(house: House) -> int:
    headers = {"Authorization": f"Bearer {house.key}"}
    return httpx.get(f"{house.address}/api/v1/products?market=GB", headers=headers, timeout=60).status_code


def test_told_to_stop_it_answers_those_it_has_begun_to_answer(house):
    """Last of this file: the server is gone afterwards."""
    answers: list[int] = []
    with psycopg.connect(house.database) as holding:
        holding.execute("lock table catalog_product in access exclusive mode")
        asking = threading.Thread(target=lambda: answers.append(asked_of_goods(house)))
        asking.start()
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        with psycopg.connect(house.database, autocommit=True) as looking:
            assert until(lambda: looking.execute(waits).fetchone()[0] > 0)
        house.process.send_signal(signal.SIGTERM)

        def refused() -> bool:
            try:
                httpx.get(f"{house.address}/health/live", timeout=2)
            except httpx.TransportError:
                return True
            return False

        assert until(refused), "nobody new is let in"
        assert answers == []
        holding.rollback()
    asking.join(60)
    assert answers == [200]
    assert house.process.wait(60) == 0
