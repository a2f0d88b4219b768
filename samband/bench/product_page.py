"""Pages of products, each written for whoever asks, beside the same bytes from memory."""

import os

from .assortment import LANGUAGE, MARKET
from .house import House, Server, fresh_house, serving
from .measuring import Measured, measure
from .memory import NOTE, from_memory, put_aside
from .report import Report, machine

PATH_OF_PRODUCT = f"/{LANGUAGE}-{MARKET.lower()}/p/thing-{{}}/"

NOTES = (
    "The products are asked for by Zipf's law, the n-th a n-th as often as the first, by clients without cookies.",
    "What somebody decides by is never kept: each page asks for the product, its prices, its stock and what delivery"
    " costs, and is written for whoever asks.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    NOTE,
)


def product_page(
    products: int = 1000, clients: int = 16, workers: int | None = None, warm_up: float = 3.0, seconds: float = 10.0
) -> Report:
    """Measure it. Raises BenchFailed when a page is not there."""
    workers = workers or os.cpu_count() or 1
    with fresh_house(products) as house:
        kept = house.home / "page"
        with serving(house, workers) as server:
            length = len(put_aside(server, PATH_OF_PRODUCT.format(1), kept))
            ours = shown(house, server, products, clients, warm_up, seconds)
        limit, floor = from_memory(house, workers, kept, clients, warm_up, seconds)
    return Report(
        name="product",
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
            "page_bytes": length,
            "limit_p50_ms": limit.p50_ms,
            "limit_p99_ms": limit.p99_ms,
            "limit_cpu_ms_per_page": limit.server_cpu_ms,
            "floor": round(floor.rate, 3),
        },
        notes=NOTES,
    )


def shown(house: House, server: Server, products: int, clients: int, warm_up: float, seconds: float) -> Measured:
    """Product pages as so many clients see them."""
    job = {"kind": "goods", "path": PATH_OF_PRODUCT, "products": products}
    return measure(house, server, job, clients, warm_up, seconds)
