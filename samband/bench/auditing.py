"""Every book of a house with so many orders, beside what it takes to read the same tables from end to end.

    python -m samband.bench.auditing

audits the house that the environment names, and prints what it measured as JSON.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import psycopg
from psycopg import sql

from . import copying
from .house import BenchFailed, House, fresh_house
from .measuring import postmaster_of
from .report import Report, cpu_per_unit, machine

PRODUCTS = 1_000
JOBS = 4
ROUNDS = 2


def auditing(orders: int, jobs: int = JOBS) -> Report:
    """Grow a fresh house to so many orders, audit it, and read its tables. Raises BenchFailed if a book is wrong."""
    with fresh_house(PRODUCTS) as house:
        began = time.perf_counter()
        house.run("samband.bench.history", str(orders))
        grown = time.perf_counter() - began
        postmaster = postmaster_of(house)
        before = _cpu(postmaster)
        ours = json.loads(house.run("samband.bench.auditing", str(jobs)))
        database = None if before is None else (_cpu(postmaster) or before) - before
        limit = min(_read_all(house, jobs) for _ in range(ROUNDS))
        (there,) = house.ask("select count(*) from orders_order")
        (size,) = house.ask("select pg_database_size(current_database())")
    if ours["findings"]:
        raise BenchFailed(f"The grown house is out of order: {ours['findings'][:3]}")
    thousands = there / 1000
    return Report(
        name="audit",
        unit="thousand orders/s",
        ours=thousands / ours["seconds"],
        limit=thousands / limit,
        limit_name=f"every table read from end to end by {jobs} connections",
        p50_ms=None,
        p99_ms=None,
        machine=machine(),
        cpu_ms_per_unit=cpu_per_unit(
            round(ours["cpu_seconds"] * 1000 / thousands, 3),
            None if database is None else round(database * 1000 / thousands, 3),
        ),
        queries_per_unit=round(ours["statements"] / thousands, 3),
        about={
            "orders": there,
            "seconds": round(ours["seconds"], 2),
            "limit_seconds": round(limit, 2),
            "jobs": jobs,
            "peak_memory_mb": ours["peak_memory_mb"],
            "database_gb": round(size / 2**30, 2),
            "grown_in_seconds": round(grown, 1),
            "books": ours["books"],
        },
        notes=[
            "A unit is a thousand orders with everything that hangs on them.",
            "Today's part of identities and profiles is computed anew, as in every night's audit.",
            "Peak memory is that of the process of ours; each connection may use 64 MB for a sort or a hash besides.",
        ],
    )


def _cpu(process: psutil.Process | None) -> float | None:
    if process is None:
        return None
    spent = 0.0
    # What ended is counted to its parent once it was waited for.
    for one in [process, *process.children(recursive=True)]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
        if one.pid == process.pid:
            spent += times.children_user + times.children_system
    return spent


def _read_all(house: House, jobs: int) -> float:
    """Seconds to read every row of every table that grows, nothing done with it, by so many connections."""
    began = time.perf_counter()
    with ThreadPoolExecutor(jobs) as several:
        for done in [several.submit(_read, house.url, table) for table in copying.TABLES[::-1]]:
            done.result()
    return time.perf_counter() - began


def _read(url: str, table: str) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("set enable_indexonlyscan = off; set enable_indexscan = off; set enable_bitmapscan = off")
        session.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()


def main() -> None:
    """Audit the house that the environment names."""
    import django

    django.setup()
    sys.stdout.write(json.dumps(_audit(int(sys.argv[1]))) + "\n")


def _audit(jobs: int) -> dict[str, Any]:
    from samband.flows.audit import Extent, books, look
    from samband.kernel.clock import now

    began, spent = time.perf_counter(), time.process_time()
    told = list(look(Extent(day=now().date(), most=10), jobs=jobs))
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - spent,
        "peak_memory_mb": round(_peak_mb(), 1),
        "statements": sum(len(book.checks()) for book in books()),
        "findings": [f"{one.book}: {finding}" for one in told for finding in one.findings],
        "books": {one.book: round(one.seconds, 2) for one in told},
    }


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
