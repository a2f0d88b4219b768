"""A page of 24 products of a department, as somebody sees it who came here first, beside the same bytes from memory."""

import http.client
import os
import re
from pathlib import Path

from .assortment import DEPARTMENT, LANGUAGE, MARKET
from .echo import ECHO, PATH, keep, kept_headers
from .house import BenchFailed, House, Server, fresh_house, serving
from .measuring import Measured, measure
from .report import Report, machine

PATH_OF_LISTING = f"/{LANGUAGE}-{MARKET.lower()}/c/{DEPARTMENT}/"
"""The first page of the department, newest first, in the shop."""

PER_PAGE = 24

_PRODUCT = re.compile(rb"/p/(thing-\d+)/")

NOTES = (
    "A page is asked for by clients without cookies, again and again on connections that are kept; each checks the"
    " length of what it gets.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    "Bare render is the same server with as many processes and all of Django's layers, where a view answers the same"
    " bytes and headers from memory. The floor is the same server with nothing in it but the bytes.",
    "Catalog, prices and stock do not change meanwhile: each process keeps the page it wrote, and asks the database at"
    " most once a second whether it still holds. `written_anew` is the same page asked for each time under an address"
    " that nobody has used before, so that it is looked up, written and packed every time.",
)


def listing(products: int, clients: int, workers: int | None, warm_up: float, seconds: float) -> Report:
    """Measure it. Raises BenchFailed when the page is not what it should be."""
    workers = workers or os.cpu_count() or 1
    with fresh_house(products) as house:
        kept = house.home / "page"
        with serving(house, workers) as server:
            length = _keep_page(server, kept)
            ours = _measure(house, server, PATH_OF_LISTING, length, clients, warm_up, seconds)
            anew = _measure(house, server, PATH_OF_LISTING, length, clients, warm_up, seconds, anew=True)
        with serving(house, workers, more={ECHO: str(kept)}) as server:
            _check_same(server, f"/{PATH}", kept)
            limit = _measure(house, server, f"/{PATH}", length, clients, warm_up, seconds)
        bare = ("samband.bench.bare_server", str(workers))
        with serving(house, workers, more={ECHO: str(kept)}, module=bare) as server:
            floor = _measure(house, server, "/", length, clients, warm_up, seconds)
    return Report(
        name="listing",
        unit="pages/s",
        ours=ours.rate,
        limit=limit.rate,
        limit_name="bare render",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        about={
            "pages": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "per_page": PER_PAGE,
            "page_bytes": length,
            "cpu_ms_per_page": {"server": ours.server_cpu_ms, "database": ours.database_cpu_ms},
            "limit_p50_ms": limit.p50_ms,
            "limit_p99_ms": limit.p99_ms,
            "limit_cpu_ms_per_page": limit.server_cpu_ms,
            "written_anew": {
                "pages_per_second": round(anew.rate, 3),
                "ratio": round(anew.rate / limit.rate, 4),
                "p50_ms": anew.p50_ms,
                "p99_ms": anew.p99_ms,
                "server_cpu_ms": anew.server_cpu_ms,
                "database_cpu_ms": anew.database_cpu_ms,
            },
            "floor": round(floor.rate, 3),
        },
        notes=NOTES,
    )


def _keep_page(server: Server, file: Path) -> int:
    """Put the page aside for the others to answer, and tell its length. Raises BenchFailed."""
    status, headers, body = _get(server, PATH_OF_LISTING)
    shown = len(set(_PRODUCT.findall(body)))
    if status != 200 or shown != PER_PAGE:
        raise BenchFailed(f"The listing answers {status} with {shown} products.")
    keep(file, headers, body)
    return len(body)


def _check_same(server: Server, path: str, file: Path) -> None:
    status, headers, body = _get(server, path)
    if status != 200 or body != file.read_bytes():
        raise BenchFailed(f"Bare render answers {status}, and not the same bytes.")
    missing = {name for name, _ in kept_headers(file)} - {name for name, _ in headers}
    if missing:
        raise BenchFailed(f"Bare render leaves out {sorted(missing)}.")


def _get(server: Server, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
    session = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        session.request("GET", path, headers={"Host": "localhost", "Accept": "text/html"})
        answer = session.getresponse()
        return answer.status, [(name.title(), value) for name, value in answer.getheaders()], answer.read()
    finally:
        session.close()


def _measure(
    house: House,
    server: Server,
    path: str,
    length: int,
    clients: int,
    warm_up: float,
    seconds: float,
    *,
    anew: bool = False,
) -> Measured:
    job = {"kind": "pages", "path": path, "length": length, "anew": anew}
    return measure(house, server, job, clients, warm_up, seconds)
