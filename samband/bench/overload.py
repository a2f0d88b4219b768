"""Ten times the load that capture can take, from clients that come again when they are told to: nothing is lost."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from . import bare_copy
from .capture import BATCH, watching
from .house import BenchFailed, House, Server, fresh_house, serving
from .report import Report, machine, percentile

TIMES = 10
SECONDS = 4.0
PATIENCE_SECONDS = 180.0
MEASURED_SECONDS = 3.0
NOISY_PROCESSES, NOISY_CONNECTIONS = 2, 60
QUIET_EVERY_SECONDS = 0.25
BEGINS_AFTER_SECONDS = 0.5
DOORS = ("capture", "serve")

NOTES = (
    "Measured first: the rate of one server process at as many connections as it takes without refusing. Then a noisy"
    " source offers ten times that for some seconds, while a quiet one sends four batches a second; who is refused"
    " comes again after the Retry-After it was told, with the same ids, until it is taken.",
    "Offered is what was asked for while new batches came, those that came again among it. `reached` is how many times"
    " the measured rate that was: clients, server and database share the cores.",
    "Ours is what was taken in each second while ten times as much was offered; the limit is what was measured before.",
    "Lost and doubled are counted in the tables after the last client has had its answer.",
)


def overload() -> Report:
    """Measure `samband capture` and `samband serve`, a process each. Raises BenchFailed for any answer but 200, 429."""
    with fresh_house(1) as house:
        keys = [house.run("samband.bench.capture", name).split()[-1] for name in ("noisy", "quiet")]
        told = {door: _overloaded(house, keys, door) for door in DOORS}
    first = told[DOORS[0]]
    return Report(
        name="capture_overload",
        unit="events/s",
        ours=first["taken_a_second"],
        limit=first["measured"],
        limit_name="without overload",
        p50_ms=first["p50_ms"],
        p99_ms=first["p99_ms"],
        machine=machine(),
        about=told,
        notes=NOTES,
    )


def _overloaded(house: House, keys: Sequence[str], door: str) -> dict[str, Any]:
    """What became of it at one of the two doors."""
    noisy, quiet = keys
    with _served(house, door) as server:
        bare_copy.clear(house.url)
        calm = 16 if door == "capture" else 1
        _run(server, [_job(server, noisy, 0, calm, 0.0001, 1.0)])
        bare_copy.clear(house.url)
        (before,) = _run(server, [_job(server, noisy, 1, calm, 0.0001, MEASURED_SECONDS)])[0]
        rate = before["in_time"] * BATCH / MEASURED_SECONDS
        every = NOISY_PROCESSES * NOISY_CONNECTIONS * BATCH / (rate * TIMES)
        jobs = [_job(server, noisy, 10 + nth, NOISY_CONNECTIONS, every, SECONDS) for nth in range(NOISY_PROCESSES)]
        bare_copy.clear(house.url)
        told, memory = _run(server, [*jobs, _job(server, quiet, 20, 1, QUIET_EVERY_SECONDS, SECONDS)])
    stored, seen = house.ask(
        "select (select count(*) from touchpoints_touchpoint), (select count(*) from touchpoints_seen)"
    )
    sent = sum(one["different"] for one in told)
    loud, calm_one = told[:-1], told[-1]
    took = sorted(moment for one in loud for moment in one["took"])
    offered = sum(one["offered"] for one in loud)
    return {
        "measured": round(rate, 1),
        "offered": offered * BATCH,
        "reached": round(offered * BATCH / SECONDS / rate, 1),
        "taken_a_second": round(sum(one["in_time"] for one in loud) * BATCH / SECONDS, 1),
        "refused": sum(one["refused"] for one in loud) * BATCH,
        "accepted": sum(one["acknowledged"] for one in told) * BATCH,
        "sent": sent,
        "stored": stored,
        "lost": sent - seen,
        "doubled": stored - seen,
        "p50_ms": percentile(took, 0.5),
        "p99_ms": percentile(took, 0.99),
        "quiet_refused": calm_one["refused"],
        "quiet_p50_ms": percentile(sorted(calm_one["took"]), 0.5),
        "quiet_most_ms": max(calm_one["took"], default=None),
        "all_taken_after_seconds": round(max(one["ended"] for one in told), 1),
        "memory_mb_before": round(memory[0], 1) if memory else None,
        "memory_mb_most": round(max(memory), 1) if memory else None,
    }


@contextmanager
def _served(house: House, door: str) -> Iterator[Server]:
    bind = house.environment["SAMBAND_BIND"]
    module = ("samband", "capture", "--workers", "1", "--bind", bind) if door == "capture" else ()
    with serving(house, 1, module=module) as server:
        yield server


def _job(server: Server, key: str, seed: int, connections: int, every: float, seconds: float) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "key": key, "seed": seed + int(time.time()), "every": every,
            "connections": connections, "seconds": seconds, "patience": PATIENCE_SECONDS}  # fmt: skip


def _run(server: Server, jobs: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[float]]:
    """All jobs at once, each in a process of its own; what they saw, and the server's memory meanwhile."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "samband.bench.overload_load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in jobs
    ]
    for client, job in zip(clients, jobs, strict=True):
        _say(client, job)
    for client in clients:
        if not client.stdout or client.stdout.readline().strip() != "warm":
            raise BenchFailed(f"A client died: {client.communicate()[1][-1000:]}")
    with watching(server) as memory:
        begin = time.time() + BEGINS_AFTER_SECONDS
        for client in clients:
            _say(client, begin)
        told = [_heard(client) for client in clients]
    return told, memory


def _say(client: "subprocess.Popen[str]", told: Any) -> None:
    assert client.stdin is not None
    client.stdin.write(json.dumps(told) + "\n")
    client.stdin.flush()


def _heard(client: "subprocess.Popen[str]") -> dict[str, Any]:
    told, wrong = client.communicate()
    if client.returncode:
        raise BenchFailed(f"A client died: {wrong[-1000:]}")
    result: dict[str, Any] = json.loads(told)
    if result["wrong"]:
        raise BenchFailed(f"{len(result['wrong'])} connections were answered wrongly, such as: {result['wrong'][0]}")
    return result
