"""A rush: many buyers with ready carts, and only so many units."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .assortment import MARKET, WAREHOUSE
from .house import BenchFailed, House, Server
from .path import AGREED
from .report import percentile

BEGINS_AFTER_SECONDS = 0.3


@dataclass(frozen=True)
class Rushed:
    """What became of all buyers: the milliseconds, sorted, of whoever `won` and `lost`; and how long it took in all."""

    won: tuple[float, ...]
    lost: tuple[float, ...]
    seconds: float

    @property
    def rate(self) -> float:
        """Buyers who got their goods, a second."""
        return len(self.won) / self.seconds

    def told(self) -> dict[str, Any]:
        """As a report has it."""
        return {
            "won": len(self.won),
            "lost": len(self.lost),
            "seconds": round(self.seconds, 2),
            "won_ms": _spread(self.won),
            "lost_ms": _spread(self.lost),
        }


def _spread(took: Sequence[float]) -> dict[str, float | None]:
    return {"p50": percentile(took, 0.5), "p99": percentile(took, 0.99)}


def stock(house: House, sku: str, units: int) -> None:
    """Leave so many units of a SKU, all at one place, for everybody to want."""
    house.run("samband.bench.scarce", sku, WAREHOUSE, str(units))


def rush(house: House, server: Server, shelf: Sequence[str], buyers: int, clients: int) -> Rushed:
    """Let so many buyers fill their carts from the shelf and pay, over so many connections at once.

    Raises BenchFailed if anybody was told anything else than that they have it, or that others were faster.
    """
    job = {"host": "127.0.0.1", "port": server.port, "key": house.key, "market": MARKET, "agreed": AGREED}
    processes = [
        _start({**job, "shelf": list(shelf), "buyers": share, "seed": time.time_ns() + seed}, house)
        for seed, share in enumerate(_shares(buyers, clients))
    ]
    for process in processes:
        _await_ready(process)
    begin = time.time() + BEGINS_AFTER_SECONDS
    for process in processes:
        _say(process, begin)
    told = [_finish(process) for process in processes]
    if wrong := [text for one in told for text in one["wrong"]]:
        raise BenchFailed(f"{len(wrong)} buyers were told something strange, such as: {wrong[0]}")
    won, lost = (tuple(sorted(took for one in told for took in one[how])) for how in ("won", "lost"))
    return Rushed(won, lost, max(one["ended"] for one in told) - begin)


def sold(house: House, sku: str) -> tuple[int, int]:
    """Units of a SKU that are set aside for orders, and units in orders that stand."""
    held, ordered = house.ask(
        "select (select coalesce(sum(held), 0)::bigint from inventory_level where sku = %s),"
        " (select coalesce(sum(l.quantity), 0)::bigint from orders_orderline l join orders_order o on o.id = l.order_id"
        "  where l.sku = %s and o.state = 'placed')",
        sku,
        sku,
    )
    return int(held), int(ordered)


def _shares(buyers: int, clients: int) -> list[int]:
    each, more = divmod(buyers, clients)
    return [each + (place < more) for place in range(clients)]


def _start(job: dict[str, Any], house: House) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "samband.bench.buyers"],
        env=dict(house.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _say(process, job)
    return process


def _say(process: "subprocess.Popen[str]", told: Any) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(told) + "\n")
    process.stdin.flush()


def _await_ready(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise BenchFailed(f"A buyer's process died: {process.communicate()[1][-1000:]}")


def _finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    told, wrong = process.communicate()
    if process.returncode:
        raise BenchFailed(f"A buyer's process died: {wrong[-1000:]}")
    result: dict[str, Any] = json.loads(told)
    return result
