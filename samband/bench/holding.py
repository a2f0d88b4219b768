"""Goods set aside, two different ones at a time: by processes of ours, and over HTTP, beside the bare statements."""

import json
import os

from .bare_sql import Script
from .echo import ECHO, keep
from .gone_twice import HELD
from .hold_door import PATH
from .house import BenchFailed, House, fresh_house, serving
from .measuring import Measured, measure
from .pgbench import run as run_bare
from .report import Report, machine
from .shelves import shelves

NOTES = (
    "A hold is inventory's own command: two levels of the warehouse taken down together, the hold and its lines"
    " written, and the event recorded with what is owed to its reactions, in one transaction.",
    "Over HTTP it goes through a door that is there for the bench alone: everywhere else a hold is a part of a"
    " checkout. `in_process` is the same command called by one process a core, each in a loop.",
    "Clients, server and database share the same cores; the clients are separate processes with raw sockets.",
    "Bare SQL is what a hold said to the database in a traced process, from pgbench with as many clients.",
)


def hold(
    products: int = 1000, clients: int = 16, workers: int | None = None, warm_up: float = 3.0, seconds: float = 10.0
) -> Report:
    """Measure it. Raises BenchFailed when anything was refused or not all holds are there in the end."""
    workers = workers or os.cpu_count() or 1
    with fresh_house(products) as house:
        way = house.run("samband.bench.gone_twice", "hold", str(products), house.key)
        script = Script(**json.loads(way.splitlines()[-1]))
        ours = _over_http(house, products, clients, workers, warm_up, seconds)
        alone = _in_process(house, products, workers, warm_up, seconds)
        before = _holds(house)
        bare = run_bare(house, script, clients, warm_up, seconds)
        if _holds(house) - before < bare.done:
            raise BenchFailed("The bare statements did not hold anything each: they are not what the path says.")
    return Report(
        name="hold",
        unit="holds/s",
        ours=ours.rate,
        limit=bare.rate,
        limit_name="bare SQL",
        p50_ms=ours.p50_ms,
        p99_ms=ours.p99_ms,
        machine=machine(),
        cpu_ms_per_unit=ours.cpu_ms,
        queries_per_unit=float(script.statements),
        about={
            "holds": len(ours.took),
            "seconds": seconds,
            "clients": clients,
            "workers": workers,
            "products": products,
            "in_process": {
                "processes": workers,
                "holds_per_second": round(alone.rate, 3),
                "ratio": round(alone.rate / bare.rate, 4),
                "p50_ms": alone.p50_ms,
                "p99_ms": alone.p99_ms,
            },
            "limit_average_ms": bare.average_ms,
        },
        notes=NOTES,
    )


def _over_http(house: House, products: int, clients: int, workers: int, warm_up: float, seconds: float) -> Measured:
    job = {"kind": "holds", "path": f"/{PATH}", "key": house.key, "shelves": shelves(products, HELD)}
    nothing = house.home / "nothing"
    keep(nothing, (), b"")
    before = _holds(house)
    with serving(house, workers, more={ECHO: str(nothing)}) as server:
        measured = measure(house, server, job, clients, warm_up, seconds)
    return _all_there(house, before, measured)


def _in_process(house: House, products: int, processes: int, warm_up: float, seconds: float) -> Measured:
    """Each process is a client of its own, without a server before it."""
    job = {"kind": "holds", "products": products}
    before = _holds(house)
    measured = measure(house, None, job, processes, warm_up, seconds, module="samband.bench.holding_alone")
    return _all_there(house, before, measured)


def _all_there(house: House, before: int, measured: Measured) -> Measured:
    if _holds(house) - before < len(measured.took):
        raise BenchFailed("Not every hold that was answered is in the books.")
    return measured


def _holds(house: House) -> int:
    (count,) = house.ask("select count(*) from inventory_hold")
    return int(count)
