"""Saying a script to the database as fast as this machine can: PostgreSQL's own pgbench, with as many clients."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from .bare_sql import Script
from .house import BenchFailed, House
from .measuring import postmaster_of

_DONE = re.compile(r"number of transactions actually processed: (\d+)")
_FAILED = re.compile(r"number of failed transactions: (\d+)")
_RATE = re.compile(r"tps = ([\d.]+)")
_AVERAGE = re.compile(r"latency average = ([\d.]+) ms")

_PARAMETERS = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


@dataclass(frozen=True)
class Bare:
    """How fast the bare statements went: whole scripts a second, how many there were, and their average time."""

    rate: float
    done: int
    average_ms: float


def run(house: House, script: Script, clients: int, warm_up: float, seconds: float) -> Bare:
    """Say it for a while, after a warm-up. Raises BenchFailed if pgbench is not there or the database refuses."""
    binary = _binary(house)
    file = house.home / "path.sql"
    file.write_text(script.text)
    if warm_up:
        _say(binary, house, script, file, clients, warm_up)
    return _say(binary, house, script, file, clients, seconds)


def _say(binary: str, house: House, script: Script, file: Path, clients: int, seconds: float) -> Bare:
    constants = {**script.constants, "base": str(int(time.time()) << 30), "n": "0", "clients": str(clients)}
    command = [binary, "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, os.cpu_count() or 1))]
    command += ["-T", str(max(1, round(seconds))), "-f", str(file)]
    for name, value in constants.items():
        command += ["-D", f"{name}={value}"]
    done = subprocess.run(command, env=_environment(house), capture_output=True, text=True, check=False)
    found = [pattern.search(done.stdout) for pattern in (_RATE, _DONE, _AVERAGE)]
    failed = _FAILED.search(done.stdout)
    if done.returncode or not all(found) or (failed and failed[1] != "0"):
        raise BenchFailed(f"pgbench: {done.stderr[-2000:]}")
    rate, transactions, average = (float(one[1]) for one in found if one)
    return Bare(rate, int(transactions), average)


def _environment(house: House) -> dict[str, str]:
    given = conninfo_to_dict(house.url)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, **{_PARAMETERS[name]: str(value) for name, value in given.items() if name in _PARAMETERS}}


def _binary(house: House) -> str:
    """The pgbench that came with the running server, else the one on the path."""
    if server := postmaster_of(house):
        beside = Path(server.exe()).with_name("pgbench")
        if beside.exists():
            return str(beside)
    if found := shutil.which("pgbench"):
        return found
    for place in sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True):
        return str(place)
    raise BenchFailed("There is no pgbench on this machine; it comes with PostgreSQL's server or client package.")
