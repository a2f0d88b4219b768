"""Many clients at once, what they saw, and what it cost the machine."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psutil
import psycopg

from .house import BenchFailed, House, Server
from .report import cpu_per_unit, percentile

BEGINS_AFTER_SECONDS = 0.3
"""How long after the last client is warm all of them begin."""

ASKING = 2
"""Transactions that we ourselves make between two looks: for the time and for the look."""


@dataclass(frozen=True)
class Measured:
    """`rate` in deeds a second, and the milliseconds a deed took, sorted. CPU in milliseconds a deed, where known."""

    rate: float
    took: tuple[float, ...]
    server_cpu_ms: float | None
    database_cpu_ms: float | None
    transactions: float | None = None
    """How many transactions a deed took; statements outside of one are one each."""

    @property
    def p50_ms(self) -> float | None:
        return percentile(self.took, 0.5)

    @property
    def p99_ms(self) -> float | None:
        return percentile(self.took, 0.99)

    @property
    def cpu_ms(self) -> dict[str, float | None]:
        """As `cpu_ms_per_unit` of a report has it."""
        return cpu_per_unit(self.server_cpu_ms, self.database_cpu_ms)


def measure(
    house: House,
    server: Server | None,
    job: Mapping[str, Any],
    clients: int,
    warm_up: float,
    seconds: float,
    *,
    module: str = "samband.bench.load",
) -> Measured:
    """Let so many clients do a job at once, of a server or by themselves. Raises BenchFailed if any was refused."""
    at = {"host": "127.0.0.1", "port": server.port} if server else {}
    started = [
        _start({**job, **at, "warm_up": warm_up, "seed": seed}, module, house.environment)
        for seed in range(1, clients + 1)
    ]
    for process in started:
        _await_warm(process)
    begin = time.time() + BEGINS_AFTER_SECONDS
    until = begin + seconds
    for process in started:
        _say(process, [begin, until])
    time.sleep(max(0.0, begin - time.time()))
    before, ended = cpu_seconds(house, server), transactions(house)
    time.sleep(max(0.0, until - time.time()))
    after = cpu_seconds(house, server)
    told = [_finish(process) for process in started]
    if wrong := [text for one in told for text in one["wrong"]]:
        raise BenchFailed(f"{len(wrong)} requests were not answered as they should be, such as: {wrong[0]}")
    took = sorted(moment for one in told for moment in one["took"])
    if not took:
        raise BenchFailed("Nothing was finished in the time there was.")
    server_cpu, database_cpu = (
        round((late - early) * 1000 / len(took), 3) if late is not None and early is not None else None
        for early, late in zip(before, after, strict=True)
    )
    spent = max(0, transactions(house) - ended - ASKING)
    return Measured(len(took) / seconds, tuple(took), server_cpu, database_cpu, round(spent / len(took), 3))


def transactions(house: House) -> int:
    """Transactions that ended so far; the database writes them down up to a second later."""
    (ended,) = house.ask("select xact_commit + xact_rollback from pg_stat_database where datname = current_database()")
    return int(ended)


def _start(job: Mapping[str, Any], module: str, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env=dict(environment),
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


def _await_warm(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    if process.stdout.readline() != "warm\n":
        raise BenchFailed(f"A client died: {process.communicate()[1][-1000:]}")


def _finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    told, wrong = process.communicate(timeout=60)
    if process.returncode:
        raise BenchFailed(f"A client died: {wrong[-1000:]}")
    result: dict[str, Any] = json.loads(told)
    return result


def cpu_seconds(house: House, server: Server | None) -> tuple[float | None, float | None]:
    """CPU seconds spent so far by the server's processes and by the database's, if it is on this machine."""
    ours = None
    if server:
        parent = psutil.Process(server.pid)
        ours = _sum(iter([parent, *parent.children(recursive=True)]))
    postmaster = postmaster_of(house)
    return ours, None if postmaster is None else _sum(iter([postmaster, *postmaster.children(recursive=True)]))


def _sum(processes: Iterator[psutil.Process]) -> float:
    spent = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


def postmaster_of(house: House) -> psutil.Process | None:
    """The database server's first process, if it runs on this machine and we may look at it."""
    with psycopg.connect(house.url, autocommit=True) as session:
        backend = backend_of(session)
        try:
            return backend.parent() if backend else None
        except psutil.Error:
            return None


def backend_of(session: "psycopg.Connection[Any]") -> psutil.Process | None:
    """The database's process that serves a session, if it runs on this machine and we may look at it."""
    try:
        backend = psutil.Process(session.info.backend_pid)
        return backend if "postgres" in backend.name() else None
    except psutil.Error:
        return None
