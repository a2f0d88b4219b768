"""What Prometheus reads. Each process counts into files of its own, which the first one adds up when it is asked."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Histogram, multiprocess, start_http_server
from prometheus_client.core import GaugeMetricFamily

from samband import __version__

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
DOORS = ("api", "hooks", "console", "pos", "k", "kiosk")
SCRAPE_MOST_MS = 2000

REQUESTS = Counter("samband_http_requests", "Requests answered.", ["door", "method", "status"])
REQUEST_SECONDS = Histogram("samband_http_request_seconds", "How long they took.", ["door", "route"], buckets=SECONDS)
STATEMENTS = Counter("samband_http_statements", "Statements that requests sent to the database.", ["door"])
STATEMENT_SECONDS = Counter("samband_http_statement_seconds", "How long those took.", ["door"])
CAPTURED = Counter("samband_capture_requests", "Requests to capture, by the status answered.", ["status"])
REACTIONS = Counter("samband_reactions", "Events that reactions took in, or failed to.", ["reaction", "outcome"])
REACTION_SECONDS = Histogram("samband_reaction_seconds", "How long a turn took.", ["reaction"], buckets=SECONDS)


def door_of(path: str) -> str:
    """Which door an address leads through."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return ("kiosk" if first == "k" else first) if first in DOORS else "shop"


class Metrics:
    """Watches reactions."""

    @contextmanager
    def reacting(self, reaction: str, events: int, request: UUID | None) -> Iterator[None]:
        began, outcome = time.perf_counter(), "failed"
        try:
            yield
            outcome = "done"
        finally:
            REACTIONS.labels(reaction, outcome).inc(events)
            REACTION_SECONDS.labels(reaction).observe(time.perf_counter() - began)


class Statements:
    """Counts what one request asks of the database; wraps the execution of each statement."""

    def __init__(self) -> None:
        self.count, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - began


def answered(path: str, method: str, route: str, status: int, seconds: float, statements: Statements) -> None:
    """Count a request that was answered."""
    door = door_of(path)
    REQUESTS.labels(door, method, str(status)).inc()
    REQUEST_SECONDS.labels(door, route).observe(seconds)
    STATEMENTS.labels(door).inc(statements.count)
    STATEMENT_SECONDS.labels(door).inc(statements.seconds)


def counted(application: Callable[[dict[str, Any], Any], Any]) -> Callable[[dict[str, Any], Any], Any]:
    """Count what capture answers."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, *rest: Any) -> Any:
            CAPTURED.labels(status[:3]).inc()
            return start_response(status, *rest)

        return application(environ, start)

    return answer


class House:
    """What is asked of the database at each reading, and not counted on the way."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        info = GaugeMetricFamily("samband_info", "Which Samband this is.", labels=["version"])
        info.add_metric([__version__], 1)
        yield info
        backlog = _backlog()
        yield GaugeMetricFamily("samband_database_up", "Whether the database answers.", value=backlog is not None)
        if backlog is None:
            return
        yield GaugeMetricFamily("samband_deliveries_waiting", "Deliveries not yet made.", value=backlog.waiting)
        yield GaugeMetricFamily("samband_deliveries_set_aside", "Deliveries that failed.", value=backlog.set_aside)
        yield GaugeMetricFamily(
            "samband_deliveries_oldest_seconds", "Age of the oldest one waiting.", value=backlog.oldest_seconds
        )


def _backlog() -> Any:
    from django.db import Error, connection

    from samband.timeline.queries import backlog

    try:
        with connection.cursor() as cursor:
            cursor.execute("select set_config('statement_timeout', %s, false)", [str(SCRAPE_MOST_MS)])
        return backlog()
    except Error:
        return None
    finally:
        connection.close()


def serve(host: str, port: int, folder: Path) -> Callable[[], None]:
    """Let metrics be read at this address, `/metrics`; returns what stops that."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    registry.register(House())
    server, thread = start_http_server(port, addr=host, registry=registry)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()
        shutil.rmtree(folder, ignore_errors=True)

    return stop
