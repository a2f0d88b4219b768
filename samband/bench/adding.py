"""Goods put into carts over HTTP, in the shop or over the API, beside the bare statements of it."""

import json
import os
from collections.abc import Mapping
from typing import Any

from .assortment import MARKET
from .bare_sql import Script
from .gone_twice import ADD, ADDS, PAGE
from .house import BenchFailed, House, fresh_house, serving
from .measuring import Measured, measure
from .pgbench import Bare
from .pgbench import run as run_bare
from .report import Report, machine
from .shelves import shelves

DOORS = ("shop", "api")

NOTES = (
    f"A cart is opened with its first line and gets {ADDS - 1} more, one request each; then another one is opened.",
    "In the shop a line is put in as the page's own script does it, and the answer is the notice that it shows; over"
    " the API the answer is the whole cart with its prices and what each way to have it costs.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    "Bare SQL is what such a cart said to the database in a traced process, in the same transactions, from pgbench with"
    " as many clients, on the same database, right after; a script of a whole cart counts for its lines.",
)


def add(
    door: str = "shop",
    products: int = 1000,
    clients: int = 16,
    workers: int | None = None,
    warm_up: float = 3.0,
    seconds: float = 10.0,
) -> Report:
    """Measure it. Raises BenchFailed when anything was refused or a line is missing in the end."""
    workers = workers or os.cpu_count() or 1
    with fresh_house(products) as house:
        way = house.run("samband.bench.gone_twice", f"add_{door}", str(products), house.key)
        script = Script(**json.loads(way.splitlines()[-1]))
        with serving(house, workers) as server:
            ours = put_in(house, server, door, products, clients, warm_up, seconds)
        bare = _bare(house, script, clients, warm_up, seconds)
    return Report(
        name="add",
        unit="lines/s",
        ours=ours.rate,
        limit=bare.rate * ADDS,
        limit_name="bare SQL",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        cpu_ms_per_unit=ours.cpu_ms,
        queries_per_unit=round(script.statements / ADDS, 2),
        about={
            "door": door,
            "lines": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "lines_per_cart": ADDS,
            "limit_average_ms": round(bare.average_ms / ADDS, 3),
        },
        notes=NOTES,
    )


def put_in(
    house: House, server: Any, door: str, products: int, clients: int, warm_up: float, seconds: float
) -> Measured:
    """Lines put into carts by so many clients. Raises BenchFailed."""
    shares = shelves(products, ADDS)
    job: Mapping[str, Any] = {"kind": "visitors", "page": PAGE, "path": ADD, "shelves": shares}
    if door == "api":
        job = {"kind": "baskets", "key": house.key, "market": MARKET, "shelves": shares}
    before = _lines(house)
    measured = measure(house, server, job, clients, warm_up, seconds)
    if _lines(house) - before < len(measured.took):
        raise BenchFailed("Not every line that was answered is in a cart.")
    return measured


def _bare(house: House, script: Script, clients: int, warm_up: float, seconds: float) -> Bare:
    before = _lines(house)
    bare = run_bare(house, script, clients, warm_up, seconds)
    if _lines(house) - before < bare.done * ADDS:
        raise BenchFailed("The bare statements did not put a line in each: they are not what the path says.")
    return bare


def _lines(house: House) -> int:
    (count,) = house.ask("select count(*) from cart_cartline")
    return int(count)
