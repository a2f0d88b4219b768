"""From no cart to an order that stands and is paid, in two requests over HTTP, beside the bare statements of it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .assortment import DEEP, MARKET, sku
from .bare_sql import Script
from .house import BenchFailed, House, Server, fresh_house, serving
from .measuring import Measured, measure
from .path import AGREED, shelves
from .pgbench import Bare
from .pgbench import run as run_bare
from .report import Report, machine
from .rush import Rushed, rush, sold, stock

SCARCE = 1
"""The number of the product that in the race everybody wants."""

BUYERS_A_CLIENT, WINNERS_A_CLIENT = 10, 2

NOTES = (
    "An order is two requests with an API key: a cart with two lines, then checkout with shipping and a card.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    "Events are written and owed to their reactions, but not delivered while we measure, on either side;"
    " `beside_delivery` is the same once more with one worker delivering all of them.",
    "In the `race` ten buyers for every client have filled their carts with one unit of the same goods, of which there"
    " are two for every client, and all go to pay at once: as many win as there were units, all others are told 409.",
    "Bare SQL is what one order said to the database in a traced process, with the same transactions and prepared"
    " statements, from pgbench with as many clients, on the same database, right after. In it ids and random texts come"
    " from pgbench's counters and moments from the database's clock, where ours come from Python; amounts stay those of"
    " the traced order; and the sandbox bank's own statement is part of both.",
)


def checkout(products: int, clients: int, workers: int | None, warm_up: float, seconds: float) -> Report:
    """Measure it. Raises BenchFailed when anything was refused or not all orders are there in the end."""
    workers = workers or os.cpu_count() or 1
    with fresh_house(products) as house:
        script = Script(**json.loads(house.run("samband.bench.path", str(products), house.key).splitlines()[-1]))
        job = {"kind": "orders", "key": house.key, "market": MARKET, "shelves": shelves(products), "agreed": AGREED}
        with serving(house, workers) as server:
            ours = _ours(house, server, job, clients, warm_up, seconds)
            race = _race(house, server, clients)
        bare = _bare(house, script, clients, warm_up, seconds)
        with serving(house, workers) as server, _delivering(house):
            beside = measure(house, server, job, clients, warm_up, seconds)
    return Report(
        name="checkout",
        unit="orders/s",
        ours=ours.rate,
        limit=bare.rate,
        limit_name="bare SQL",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        cpu_ms_per_unit=ours.cpu_ms,
        queries_per_unit=script.statements,
        about={
            "orders": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "transactions_per_order": script.transactions,
            "p99_to_p50": _times(ours.p99_ms, ours.p50_ms),
            "limit_average_ms": bare.average_ms,
            "limit_orders": bare.done,
            "race": race.told(),
            "beside_delivery": {"rate": round(beside.rate, 1), "p50_ms": beside.p50_ms, "p99_ms": beside.p99_ms},
        },
        notes=NOTES,
    )


def _times(one: float | None, other: float | None) -> float | None:
    return round(one / other, 1) if one and other else None


def _ours(
    house: House, server: Server, job: Mapping[str, Any], clients: int, warm_up: float, seconds: float
) -> Measured:
    before = _placed(house)
    measured = measure(house, server, job, clients, warm_up, seconds)
    if _placed(house) - before < len(measured.took):
        raise BenchFailed("Not every order that was answered is in the books.")
    return measured


def _race(house: House, server: Server, clients: int) -> Rushed:
    wanted, units = sku(SCARCE), clients * WINNERS_A_CLIENT
    stock(house, wanted, units)
    before = sold(house, wanted)
    raced = rush(house, server, [wanted], clients * BUYERS_A_CLIENT, clients)
    held, ordered = (late - early for late, early in zip(sold(house, wanted), before, strict=True))
    if not units == len(raced.won) == held == ordered:
        raise BenchFailed(f"Of {units} units {len(raced.won)} were sold; {held} held, {ordered} ordered.")
    stock(house, wanted, DEEP // 2)
    return raced


@contextmanager
def _delivering(house: House) -> Iterator[None]:
    """A worker that delivers beside the server, until it is told to stop."""
    process = subprocess.Popen(
        [sys.executable, "-m", "samband", "work"], env=dict(house.environment), stdout=subprocess.DEVNULL
    )
    try:
        yield
        if process.poll() is not None:
            raise BenchFailed("Nobody delivered: the worker is gone.")
    finally:
        process.terminate()
        process.wait()


def _bare(house: House, script: Script, clients: int, warm_up: float, seconds: float) -> Bare:
    before = _placed(house)
    bare = run_bare(house, script, clients, warm_up, seconds)
    if _placed(house) - before < bare.done:
        raise BenchFailed("The bare statements did not place an order each: they are not what the path says.")
    return bare


def _placed(house: House) -> int:
    (count,) = house.ask(
        "select count(*) from orders_order o where state = 'placed'"
        " and exists (select from payments_intent p where p.order_id = o.id and p.state = 'captured')"
    )
    return int(count)
