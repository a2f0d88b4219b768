"""From no cart to an order that stands and is paid, in two requests over HTTP, beside the bare statements of it."""

import json
import os

from .assortment import MARKET
from .bare_sql import Script
from .house import BenchFailed, House, fresh_house, serving
from .measuring import Measured, measure
from .path import AGREED, shelves
from .pgbench import Bare
from .pgbench import run as run_bare
from .report import Report, machine

NOTES = (
    "An order is two requests with an API key: a cart with two lines, then checkout with shipping and a card.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    "Events are written and owed to their reactions, but not delivered while we measure, on either side.",
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
        ours = _ours(house, products, clients, workers, warm_up, seconds)
        bare = _bare(house, script, clients, warm_up, seconds)
    return Report(
        name="checkout",
        unit="orders/s",
        ours=ours.rate,
        limit=bare.rate,
        limit_name="bare SQL",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        about={
            "orders": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "statements_per_order": script.statements,
            "transactions_per_order": script.transactions,
            "cpu_ms_per_order": {"server": ours.server_cpu_ms, "database": ours.database_cpu_ms},
            "limit_average_ms": bare.average_ms,
            "limit_orders": bare.done,
        },
        notes=NOTES,
    )


def _ours(house: House, products: int, clients: int, workers: int, warm_up: float, seconds: float) -> Measured:
    job = {"kind": "orders", "key": house.key, "market": MARKET, "shelves": shelves(products), "agreed": AGREED}
    before = _placed(house)
    with serving(house, workers) as server:
        measured = measure(house, server, job, clients, warm_up, seconds)
    if _placed(house) - before < len(measured.took):
        raise BenchFailed("Not every order that was answered is in the books.")
    return measured


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
