"""Ten thousand buyers of one SKU that lies in one place: every order wants the same row."""

import os

from .assortment import WAREHOUSE, sku
from .bare_sql import Script
from .house import BenchFailed, House, Server, fresh_house, serving
from .pgbench import Bare
from .pgbench import run as run_bare
from .report import Report, machine
from .rush import Rushed, rush, sold, stock

PRODUCTS = 200
HOT, BARE = 1, 2
"""The numbers of the product that everybody wants, and of the one whose row the bare update takes."""

NOTES = (
    "Every buyer has filled a cart with one unit; then all go to pay over HTTP, over as many connections as there are"
    " clients. All units lie in one place: every order takes from the same row of inventory_level.",
    "The limit is the row's: pgbench takes one unit of such a row if there is one, a transaction each, with as many"
    " clients on the same database. An order does much more; `spread` is as many orders of goods that lie in many rows,"
    " and `hot_to_spread` how much of that is left when all want one row.",
    "Exactly as many won as there were units, and the books say so too; everybody else was answered 409.",
)

_TAKE = """
update inventory_level set held = held + 1
where sku = :sku and location = :place and on_hand - held - safety - fenced >= 1;
"""


def hot_sku(buyers: int = 10_000, clients: int = 64, workers: int | None = None, seconds: float = 5) -> Report:
    """Measure it: one unit for nine of ten buyers. Raises BenchFailed when more or fewer are sold than there were."""
    workers = workers or os.cpu_count() or 1
    units = buyers * 9 // 10
    with fresh_house(PRODUCTS) as house:
        stock(house, sku(HOT), units)
        with serving(house, workers) as server:
            _warm_up(house, server, clients)
            spread = rush(house, server, [sku(number) for number in range(3, PRODUCTS + 1)], buyers // 4, clients)
            hot = rush(house, server, [sku(HOT)], buyers, clients)
        _check(house, hot, units)
        bare = _bare(house, clients, seconds)
    return Report(
        name="hot-sku",
        unit="orders/s",
        ours=hot.rate,
        limit=bare.rate,
        limit_name="bare update of the row",
        p50_ms=hot.told()["won_ms"]["p50"],
        p99_ms=hot.told()["won_ms"]["p99"],
        machine=machine(),
        about={
            "buyers": buyers,
            "units": units,
            "clients": clients,
            "workers": workers,
            **hot.told(),
            "spread": round(spread.rate, 1),
            "hot_to_spread": round(hot.rate / spread.rate, 3),
        },
        notes=NOTES,
    )


def _warm_up(house: House, server: Server, clients: int) -> None:
    rush(house, server, [sku(number) for number in range(3, PRODUCTS + 1)], clients * 4, clients)


def _check(house: House, hot: Rushed, units: int) -> None:
    if not len(hot.won) == units == sold(house, sku(HOT))[0] == sold(house, sku(HOT))[1]:
        raise BenchFailed(f"Of {units} units {len(hot.won)} were sold; held and ordered: {sold(house, sku(HOT))}.")


def _bare(house: House, clients: int, seconds: float) -> Bare:
    script = Script(_TAKE, {"sku": sku(BARE), "place": WAREHOUSE}, statements=1, transactions=1)
    before = sold(house, sku(BARE))[0]
    bare = run_bare(house, script, clients, 0, seconds)
    if sold(house, sku(BARE))[0] - before < bare.done:
        raise BenchFailed("The bare updates did not take a unit each.")
    return bare
