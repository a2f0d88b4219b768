"""How what a page or an order costs grows with the number of products, of clients and of orders."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from .adding import put_in
from .assortment import LANGUAGE, MARKET
from .house import House, Server, fresh_house, serving
from .listing import PATH_OF_LISTING, pages
from .measuring import Measured, measure
from .memory import ask
from .path import AGREED, shelves
from .plotting import curves
from .product_page import shown
from .report import machine
from .searching import found
from .words import searches

Say = Callable[[str], None]

CLIENTS = 16
LEAST = {"products": 1_000, "clients": 1, "orders": 10_000}
STEP = {"products": 10, "clients": 2, "orders": 10}
WARM_UP = 1.0
READ = 500
"""Different orders that are read."""

FRONT = f"/{LANGUAGE}-{MARKET.lower()}/"
ONCE = {"home": FRONT, "sitemap": f"{FRONT}sitemap.xml"}
"""Pages that are looked at once after the house has grown: as long as they take when nobody looked before."""


def growth(most: Mapping[str, int], seconds: float, say: Say) -> dict[str, Any]:
    """Measure up to so many `products`, `clients` and `orders`, each of them if it is named."""
    told: dict[str, Any] = {"name": "growth", "on": datetime.now(UTC).date().isoformat()}
    for name, measured in (("products", _products), ("clients", _clients), ("orders", _orders)):
        if name in most:
            told[name] = []
            for step in measured(list(_steps(name, most[name])), seconds):
                say(f"{step['at']:,} {name}: {_line(step)}")
                told[name].append(step)
    return {**told, "machine": machine()}


def _steps(name: str, most: int) -> Iterator[int]:
    at = LEAST[name]
    while at < most:
        yield at
        at *= STEP[name]
    yield most


def _products(sizes: Sequence[int], seconds: float) -> Iterator[dict[str, Any]]:
    workers = os.cpu_count() or 1
    for size in sizes:
        with fresh_house(size) as house, serving(house, workers) as server:
            once = {name: _once(server, path) for name, path in ONCE.items()}
            length = len(ask(server, PATH_OF_LISTING)[2])
            typed = searches(size)
            yield {
                "at": size,
                "index_seconds": round(house.indexed_seconds, 2),
                **once,
                "listing": _told(pages(house, server, length, CLIENTS, WARM_UP, seconds)),
                "listing_anew": _told(pages(house, server, length, CLIENTS, WARM_UP, seconds, anew=True)),
                "search": _told(found(house, server, typed, size, CLIENTS, WARM_UP, seconds)),
                "search_anew": _told(found(house, server, typed, size, CLIENTS, WARM_UP, seconds, anew=True)),
                "product": _told(shown(house, server, size, CLIENTS, WARM_UP, seconds)),
                "add": _told(put_in(house, server, "shop", size, CLIENTS, WARM_UP, seconds)),
                "server_mb": _memory(server),
            }


def _clients(sizes: Sequence[int], seconds: float) -> Iterator[dict[str, Any]]:
    workers, products = os.cpu_count() or 1, 1_000
    with fresh_house(products) as house, serving(house, workers) as server:
        length = len(ask(server, PATH_OF_LISTING)[2])
        for size in sizes:
            yield {
                "at": size,
                "listing": _told(pages(house, server, length, size, WARM_UP, seconds)),
                "checkout": _told(_placed(house, server, products, size, seconds)),
            }


def _orders(sizes: Sequence[int], seconds: float) -> Iterator[dict[str, Any]]:
    workers, products, had = os.cpu_count() or 1, 1_000, 0
    with fresh_house(products) as house:
        for size in sizes:
            before = time.perf_counter()
            house.run("samband.bench.history", str(size - had))
            had, grown = size, time.perf_counter() - before
            with serving(house, workers) as server:
                job = {"kind": "reads", "key": house.key, "paths": _some_orders(house)}
                yield {
                    "at": size,
                    "grown_seconds": round(grown, 1),
                    "checkout": _told(_placed(house, server, products, CLIENTS, seconds)),
                    "order": _told(measure(house, server, job, CLIENTS, WARM_UP, seconds)),
                }


def _placed(house: House, server: Server, products: int, clients: int, seconds: float) -> Measured:
    job = {"kind": "orders", "key": house.key, "market": MARKET, "shelves": shelves(products), "agreed": AGREED}
    return measure(house, server, job, clients, WARM_UP, seconds)


def _some_orders(house: House) -> list[str]:
    """Orders from all over the years."""
    with psycopg.connect(house.url, autocommit=True) as session:
        (many,) = session.execute("select count(*) from orders_order").fetchone() or (0,)
        share = min(100.0, READ * 300 / max(many, 1))
        rows = session.execute("select number from orders_order tablesample bernoulli (%s) limit %s", [share, READ])
        return [f"/api/v1/orders/{number}" for (number,) in rows]


def _once(server: Server, path: str) -> float:
    """Milliseconds."""
    before = time.perf_counter()
    ask(server, path)
    return round((time.perf_counter() - before) * 1000, 1)


def _told(measured: Measured) -> dict[str, Any]:
    return {
        "per_second": round(measured.rate, 1),
        "p50_ms": measured.p50_ms,
        "p99_ms": measured.p99_ms,
        "cpu_ms": measured.cpu_ms,
    }


def _memory(server: Server) -> float:
    """Megabytes of the largest of its processes."""
    children = psutil.Process(server.pid).children(recursive=True)
    return round(max((one.memory_info().rss for one in children), default=0) / 2**20, 1)


def _line(step: Mapping[str, Any]) -> str:
    parts = (f"{name} p50 {told['p50_ms']:g} ms" for name, told in step.items() if isinstance(told, Mapping))
    return ", ".join(parts)


def as_text(told: Mapping[str, Any]) -> str:
    """The same for a person: a line for each size."""
    lines = []
    for name in LEAST:
        lines += [f"{step['at']:>12,} {name}: {_line(step)}" for step in told.get(name, ())]
    return "\n".join(lines)


PLOTS = {
    "products": ("listing", "listing_anew", "search", "search_anew", "product", "add"),
    "clients": ("listing", "checkout"),
    "orders": ("checkout", "order"),
}
SAID = {
    "listing": "listing",
    "listing_anew": "listing, anew",
    "search": "search",
    "search_anew": "search, anew",
    "product": "product",
    "add": "into the cart",
    "checkout": "checkout",
    "order": "an order read",
}


def write(folder: Path, told: Mapping[str, Any]) -> None:
    """The figures, and a plot for each thing that grew; the index's time has its own."""
    figures = folder / "figures"
    figures.mkdir(parents=True, exist_ok=True)
    for name, plotted in PLOTS.items():
        if steps := told.get(name):
            kept = {"name": f"growth of {name}", "on": told["on"], "machine": told["machine"], "steps": steps}
            (figures / f"growth-{name}.json").write_text(json.dumps(kept, indent=1) + "\n")
            for half, title in (("p50_ms", "Half of all take at most"), ("p99_ms", "All but one in a hundred take")):
                series = {SAID[one]: [(step["at"], step[one][half]) for step in steps] for one in plotted}
                drawn = curves(f"{title} …", f"Milliseconds, with the number of {name}.", name, series)
                (folder / f"growth-{name}-{half[:3]}.svg").write_text(drawn)
    if steps := told.get("products"):
        built = {"index built": [(step["at"], step["index_seconds"]) for step in steps]}
        drawn = curves("Building the search's index", "Seconds, with the number of products.", "products", built)
        (folder / "growth-index.svg").write_text(drawn)
