"""Bare render: the same server answering the same bytes from memory, beside which pages are measured."""

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .echo import ECHO, PATH, keep, kept_headers
from .house import BenchFailed, House, Server, serving
from .measuring import Measured, measure

NOTE = (
    "Bare render is the same server with as many processes and all of Django's layers, where a view answers the same"
    " bytes and headers from memory. The floor is the same server with nothing in it but the bytes."
)


def put_aside(server: Server, path: str, file: Path) -> bytes:
    """Keep a page for the others to answer, and show it. Raises BenchFailed."""
    status, headers, body = ask(server, path)
    if status != 200:
        raise BenchFailed(f"{path} answers {status}.")
    keep(file, headers, body)
    return body


def ask(server: Server, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of a page, as somebody gets it who has no cookies."""
    session = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        session.request("GET", path, headers={"Host": "localhost", "Accept": "text/html"})
        answer = session.getresponse()
        return answer.status, [(name.title(), value) for name, value in answer.getheaders()], answer.read()
    finally:
        session.close()


def from_memory(
    house: House, workers: int, file: Path, clients: int, warm_up: float, seconds: float
) -> tuple[Measured, Measured]:
    """The page that was put aside, behind all our layers and behind nothing. Raises BenchFailed."""
    length = file.stat().st_size
    job: Mapping[str, Any] = {"kind": "pages", "length": length, "anew": False}
    with serving(house, workers, more={ECHO: str(file)}) as server:
        _check_same(server, f"/{PATH}", file)
        limit = measure(house, server, {**job, "path": f"/{PATH}"}, clients, warm_up, seconds)
    bare = ("samband.bench.bare_server", str(workers))
    with serving(house, workers, more={ECHO: str(file)}, module=bare) as server:
        floor = measure(house, server, {**job, "path": "/"}, clients, warm_up, seconds)
    return limit, floor


def _check_same(server: Server, path: str, file: Path) -> None:
    status, headers, body = ask(server, path)
    if status != 200 or body != file.read_bytes():
        raise BenchFailed(f"Bare render answers {status}, and not the same bytes.")
    missing = {name for name, _ in kept_headers(file)} - {name for name, _ in headers}
    if missing:
        raise BenchFailed(f"Bare render leaves out {sorted(missing)}.")


def beside(measured: Measured, limit: Measured) -> dict[str, Any]:
    """Another way to ask for the same, for what a report has to say besides."""
    return {
        "pages_per_second": round(measured.rate, 3),
        "ratio": round(measured.rate / limit.rate, 4),
        "p50_ms": measured.p50_ms,
        "p99_ms": measured.p99_ms,
        "server_cpu_ms": measured.server_cpu_ms,
        "database_cpu_ms": measured.database_cpu_ms,
        "queries": measured.transactions,
    }
