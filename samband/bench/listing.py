"""A page of 24 products of a department, as somebody sees it who came here first, beside the same bytes from memory."""

import os
import re

from .assortment import DEPARTMENT, LANGUAGE, MARKET
from .house import BenchFailed, House, Server, fresh_house, serving
from .measuring import Measured, measure
from .memory import NOTE, beside, from_memory, put_aside
from .report import Report, machine

PATH_OF_LISTING = f"/{LANGUAGE}-{MARKET.lower()}/c/{DEPARTMENT}/"
"""The first page of the department, newest first, in the shop."""

PER_PAGE = 24

_PRODUCT = re.compile(rb"/p/(thing-\d+)/")

NOTES = (
    "A page is asked for by clients without cookies, again and again on connections that are kept; each checks the"
    " length of what it gets.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    NOTE,
    "Catalog, prices and stock do not change meanwhile: each process keeps the page it wrote, and asks the database at"
    " most once a second whether it still holds. `written_anew` is the same page asked for each time under an address"
    " that nobody has used before, so that its products are looked up, their stock is asked for and the page is written"
    " every time; what is known of catalog and prices, and each card as written, are kept.",
)


def listing(
    products: int = 1000, clients: int = 16, workers: int | None = None, warm_up: float = 3.0, seconds: float = 10.0
) -> Report:
    """Measure it. Raises BenchFailed when the page is not what it should be."""
    workers = workers or os.cpu_count() or 1
    with fresh_house(products) as house:
        kept = house.home / "page"
        with serving(house, workers) as server:
            page = put_aside(server, PATH_OF_LISTING, kept)
            if (shown := len(set(_PRODUCT.findall(page)))) != PER_PAGE:
                raise BenchFailed(f"The listing has {shown} products.")
            ours = pages(house, server, len(page), clients, warm_up, seconds)
            anew = pages(house, server, len(page), clients, warm_up, seconds, anew=True)
        limit, floor = from_memory(house, workers, kept, clients, warm_up, seconds)
    return Report(
        name="listing",
        unit="pages/s",
        ours=ours.rate,
        limit=limit.rate,
        limit_name="bare render",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        cpu_ms_per_unit=ours.cpu_ms,
        queries_per_unit=ours.transactions,
        about={
            "pages": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "per_page": PER_PAGE,
            "page_bytes": len(page),
            "limit_p50_ms": limit.p50_ms,
            "limit_p99_ms": limit.p99_ms,
            "limit_cpu_ms_per_page": limit.server_cpu_ms,
            "written_anew": beside(anew, limit),
            "floor": round(floor.rate, 3),
        },
        notes=NOTES,
    )


def pages(
    house: House, server: Server, length: int, clients: int, warm_up: float, seconds: float, *, anew: bool = False
) -> Measured:
    """The listing as so many clients see it."""
    job = {"kind": "pages", "path": PATH_OF_LISTING, "length": length, "anew": anew}
    return measure(house, server, job, clients, warm_up, seconds)
