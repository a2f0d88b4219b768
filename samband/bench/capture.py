"""Events captured over HTTP, on disk and resolved to customers, beside a bare COPY of the same rows in the same run.

python -m samband.bench.capture makes the source that clients send as, in a house of its own, and prints its key.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psutil

from . import bare_copy, measuring
from .house import BenchFailed, House, Server, fresh_house, serving
from .report import Report, machine, percentile

BATCH = 100
CLIENTS = 2
CONNECTIONS_A_WORKER = 32
BEGINS_AFTER_SECONDS = 0.5
LOOK_EVERY_SECONDS = 0.25
HALF_LOAD_SECONDS = 15.0
WARM_UP_EVENTS = 20_000
MOST_OF_ONE_PROCESS = 1_000_000
STATEMENTS = 8
"""In the transaction of a group, the copies and the commit among them; two more where names or pairs are new."""

NOTES = (
    "Visitors of about twelve events each, forty at once on a connection; a quarter give their mail; one event in a"
    " hundred is sent twice. Batches of a hundred events, some 60 kB each, are made while they are sent.",
    "Ours ends when the last batch is answered, which is after its commit, and no assertion waits to be resolved; a"
    " process of its own resolves meanwhile. Repeats do not count as events.",
    "The limit is one bare COPY (binary) of the rows that ours left behind, out of files in memory, into the same"
    " emptied tables with all their indexes: touchpoints, messages seen, what was touched, names, identifiers,"
    " assertions; the mean of two. `parallel_copy` is the same over as many connections as there are processes.",
    "Latencies are of whole batches at half the measured rate, from when each was due: also the wait for a connection.",
    "Memory is that of all server processes together, while the events of the run are sent.",
    "Server, database and clients share the cores. CPU is of the server and of the database, resolving among it, until"
    " the last batch is answered.",
)


@dataclass(frozen=True)
class Run:
    """One run of so many different events; `took` milliseconds a batch, sorted; `memory` in megabytes, as time went.

    `cpu` in seconds of the server and of the database, `transactions` of everybody who used it.
    """

    events: int
    seconds: float
    resolved: int
    waited: int
    took: Sequence[float]
    memory: Sequence[float]
    cpu: tuple[float | None, float | None]
    transactions: int

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def capture(events: int, workers: int | None) -> Report:
    """Measure one process and all of them in a fresh house. Raises BenchFailed when something is refused or lost."""
    with fresh_house(1) as house:
        key = house.run("samband.bench.capture").split()[-1]
        one = _measured(house, key, min(events, MOST_OF_ONE_PROCESS), 1)
        all_of_them = _measured(house, key, events, workers or os.cpu_count() or 1)
        found = house.run("samband", "audit").strip()
    return Report(
        name="capture",
        unit="events/s",
        ours=all_of_them["ours"],
        limit=all_of_them["limit"],
        limit_name="bare COPY",
        p50_ms=all_of_them["p50_ms"],
        p99_ms=all_of_them["p99_ms"],
        cpu_ms_per_unit=all_of_them["cpu_ms_per_event"],
        queries_per_unit=round(all_of_them["transactions_per_event"] * STATEMENTS, 4),
        machine=machine(),
        about={"all_cores": all_of_them, "one_process": one, "audit": found},
        notes=NOTES,
    )


def _measured(house: House, key: str, events: int, workers: int) -> dict[str, Any]:
    """A run, its limit before and after, and latencies at half its rate."""
    with _capturing(house, workers) as server:
        bare_copy.clear(house.url)
        _run(house, server, key, WARM_UP_EVENTS, workers)
        bare_copy.clear(house.url)
        run = _run(house, server, key, events, workers)
        _expect_all(house, run)
        whole = bare_copy.taken_from(house.url, 1, house.home / "rows")
        parts = bare_copy.taken_from(house.url, workers, house.home / "parts") if workers > 1 else whole
        limit = [bare_copy.seconds(house.url, whole)]
        parallel = bare_copy.seconds(house.url, parts)
        paced = _run(house, server, key, int(run.rate / 2 * HALF_LOAD_SECONDS), workers, rate=run.rate / 2)
        _expect_all(house, paced, beside=run.events)
    limit.append(bare_copy.seconds(house.url, whole))
    bare = run.events / (sum(limit) / len(limit))
    return {
        "workers": workers,
        "events": run.events,
        "seconds": round(run.seconds, 2),
        "ours": round(run.rate, 1),
        "limit": round(bare, 1),
        "ratio": round(run.rate / bare, 3),
        "limit_seconds": [round(one, 2) for one in limit],
        "parallel_copy": round(run.events / parallel, 1),
        "ratio_of_parallel": round(run.rate * parallel / run.events, 3),
        "row_megabytes": round(whole.megabytes, 1),
        "p50_ms": percentile(paced.took, 0.5),
        "p99_ms": percentile(paced.took, 0.99),
        "half_load": round(paced.rate, 1),
        "full_load_p99_ms": percentile(run.took, 0.99),
        "told_to_wait": run.waited,
        "assertions": run.resolved,
        "cpu_ms_per_event": {
            name: None if spent is None else round(spent * 1000 / run.events, 4)
            for name, spent in zip(("server", "database"), run.cpu, strict=True)
        },
        "transactions_per_event": round(run.transactions / run.events, 5),
        "memory_mb": _memory(run.memory),
    }


@contextmanager
def _capturing(house: House, workers: int) -> Iterator[Server]:
    bind = house.environment["SAMBAND_BIND"]
    with serving(house, workers, module=("samband", "capture", "--workers", str(workers), "--bind", bind)) as server:
        yield server


def _run(house: House, server: Server, key: str, events: int, workers: int, rate: float = 0.0) -> Run:
    """So many events through all connections, at most `rate` a second, and resolved."""
    connections = CONNECTIONS_A_WORKER * workers
    each = max(1, round(events / BATCH / connections))
    clients = [_Client(server, key, seed, connections // CLIENTS, each, rate, connections) for seed in range(CLIENTS)]
    resolving = _started(house, "samband.bench.resolving")
    if _line(resolving) != "ready":
        raise BenchFailed("Nothing resolves.")
    with watching(server) as memory:
        begin = time.time() + BEGINS_AFTER_SECONDS
        cpu, transactions = measuring.cpu_seconds(house, server), measuring.transactions(house)
        for client in clients:
            client.begin(begin)
        told = [client.end() for client in clients]
        spent = tuple(
            late - early if late is not None and early is not None else None
            for early, late in zip(cpu, measuring.cpu_seconds(house, server), strict=True)
        )
        said, wrong = resolving.communicate()
        seconds = time.time() - begin
    if resolving.returncode:
        raise BenchFailed(f"Resolving died: {wrong[-1000:]}")
    took = sorted(moment for one in told for moment in one["took"])
    different = sum(one["different"] for one in told)
    waited = sum(one["waited"] for one in told)
    done = measuring.transactions(house) - transactions
    return Run(different, seconds, int(said.split()[-1]), waited, took, memory, (spent[0], spent[1]), done)


class _Client:
    """A process with many connections."""

    def __init__(
        self, server: Server, key: str, seed: int, connections: int, batches: int, rate: float, of_all: int
    ) -> None:
        self.process = _started(None, "samband.bench.capture_load")
        every = of_all * BATCH / rate if rate else 0.0
        job = {"host": "127.0.0.1", "port": server.port, "key": key, "seed": seed + int(time.time()), "every": every,
               "connections": connections, "batches": batches}  # fmt: skip
        self._say(job)
        if _line(self.process) != "warm":
            raise BenchFailed(f"A client died: {self.process.communicate()[1][-1000:]}")

    def begin(self, at: float) -> None:
        """All at once."""
        self._say(at)

    def end(self) -> dict[str, Any]:
        """What it saw. Raises BenchFailed if anything was refused."""
        told, wrong = self.process.communicate()
        if self.process.returncode:
            raise BenchFailed(f"A client died: {wrong[-1000:]}")
        result: dict[str, Any] = json.loads(told)
        if result["wrong"]:
            raise BenchFailed(f"{len(result['wrong'])} connections were refused, such as: {result['wrong'][0]}")
        return result

    def _say(self, told: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()


def _started(house: House | None, module: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", module],
        env=dict(house.environment) if house else None,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@contextmanager
def watching(server: Server) -> Iterator[list[float]]:
    """The megabytes of all server processes, looked at now and then."""
    seen: list[float] = []
    over = threading.Event()
    parent = psutil.Process(server.pid)

    def watch() -> None:
        while not over.wait(LOOK_EVERY_SECONDS):
            seen.append(sum(one.memory_info().rss for one in parent.children(recursive=True)) / 1e6)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _memory(seen: Sequence[float]) -> dict[str, Any]:
    """After each tenth of the time, and at most."""
    if not seen:
        return {}
    tenths = [round(seen[(len(seen) - 1) * nth // 10], 1) for nth in range(1, 11)]
    return {"tenths": tenths, "most": round(max(seen), 1)}


def _expect_all(house: House, run: Run, beside: int = 0) -> None:
    """Every event once, everybody resolved."""
    stored, waiting = house.ask(
        "select (select count(*) from touchpoints_touchpoint), (select count(*) from identity_pending)"
    )
    if stored != run.events + beside or waiting:
        raise BenchFailed(f"{run.events + beside} different events were sent, {stored} stored; {waiting} unresolved.")


def main() -> None:
    """Open a source that clients send as, "bench" if no other name is given; print its key."""
    import django

    django.setup()
    from samband.customers.touchpoints.commands import open_source

    name = sys.argv[1] if len(sys.argv) > 1 else "bench"
    sys.stdout.write(f"{open_source(name, name.capitalize(), 'server')[1]}\n")


if __name__ == "__main__":
    main()
