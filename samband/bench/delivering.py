"""Events of orders delivered to all their reactions, beside the same statements on the same rows, said by rote."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .assortment import MARKET
from .house import BenchFailed, House, fresh_house, serving
from .measuring import measure
from .path import AGREED, shelves
from .report import Report, cpu_per_unit, machine, percentile

ORDERING_WITH = 8
"""Clients that place the orders whose events are delivered afterwards."""

NOTES = (
    "Orders are placed and paid over HTTP while nothing is delivered; then one process delivers all that is owed, as"
    " the thread beside the server does: each reaction in a transaction of its own, in the order of events about a"
    " subject, struck off in the same transaction.",
    "Bare statements are those that such a process really said, written down on one copy of the database and said again"
    " on another, with the same values in the same transactions, from one connection that knows them by rote. The same"
    " rows are moved, and nothing is left owed.",
    "p50 and p99 are of twenty deliveries in a row, divided by twenty. The waits for the disk are those of the product:"
    " a delivery that is lost in a crash is made again, so that it does not wait.",
)


def deliver(products: int = 300, seconds: float = 4.0) -> Report:
    """Measure it, after so many seconds of ordering. Raises BenchFailed when something is still owed in the end."""
    with fresh_house(products) as house:
        _order(house, products, seconds)
        (owed,) = house.ask("select count(*) from timeline_delivery where set_aside_at is null")
        with _copy(house, "traced") as traced, _copy(house, "rote") as rote:
            ours = json.loads(house.run("samband.bench.deliver_all").splitlines()[-1])
            bare = json.loads(traced.run("samband.bench.deliver_all", rote.url).splitlines()[-1])
            for one in (house, rote):
                if still := one.ask("select count(*) from timeline_delivery where set_aside_at is null")[0]:
                    raise BenchFailed(f"{still} deliveries of {owed} were not made.")
    took = sorted(ours["took_ms"])
    return Report(
        name="deliver",
        unit="deliveries/s",
        ours=ours["done"] / ours["seconds"],
        limit=ours["done"] / bare["seconds"],
        limit_name="bare statements",
        p50_ms=percentile(took, 0.5),
        p99_ms=percentile(took, 0.99),
        machine=machine(),
        cpu_ms_per_unit=cpu_per_unit(round(ours["cpu_seconds"] * 1000 / ours["done"], 3), ours["database_ms"]),
        queries_per_unit=round(bare["statements"] / ours["done"], 2),
        about={
            "deliveries": ours["done"],
            "events": ours["events"],
            "events_per_second": round(ours["events"] / ours["seconds"], 1),
            "products": products,
            "clients": 1,
            "workers": 1,
        },
        notes=NOTES,
    )


def _order(house: House, products: int, seconds: float) -> None:
    job = {"kind": "orders", "key": house.key, "market": MARKET, "shelves": shelves(products), "agreed": AGREED}
    with serving(house, 2) as server:
        measure(house, server, job, ORDERING_WITH, 0.5, seconds)


@contextmanager
def _copy(house: House, what: str) -> Iterator[House]:
    """The same house once more."""
    given = conninfo_to_dict(house.url)
    name = f"{given['dbname']}_{what}"
    with psycopg.connect(make_conninfo(house.url, dbname="postgres"), autocommit=True) as admin:
        admin.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(str(given["dbname"])))
        )
        try:
            url = make_conninfo(house.url, dbname=name)
            yield replace(house, url=url, environment={**house.environment, "SAMBAND_DATABASE_URL": url})
        finally:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
