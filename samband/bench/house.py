"""A house of its own to measure in: a fresh database on the same cluster, a folder of its own, and real servers."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

STARTS_WITHIN_SECONDS = 60


class BenchFailed(Exception):
    """A part of the measurement did not do what it should; the figures would mean nothing."""


@dataclass(frozen=True)
class House:
    """Where to measure: `url` names the database, `environment` points whole processes at it; `key` opens its API.

    `indexed_seconds` is how long it took to build the search's index.
    """

    url: str
    key: str
    home: Path
    environment: Mapping[str, str]
    indexed_seconds: float = 0.0

    def run(self, *arguments: str, given: str = "") -> str:
        """Run a module of ours to its end and give back what it printed. Raises BenchFailed."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            env=dict(self.environment),
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchFailed(f"{arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout

    def ask(self, statement: str, *values: Any) -> Any:
        """One row from the database."""
        with psycopg.connect(self.url, autocommit=True) as session:
            return session.execute(statement, values).fetchone()


@contextmanager
def fresh_house(products: int) -> Iterator[House]:
    """A house with so many products, migrated, stocked and vacuumed; gone without a trace after."""
    with ground() as house:
        house.run("samband", "migrate")
        yield stocked(house, products)


@contextmanager
def ground(pattern: str = "template1") -> Iterator[House]:
    """Where a house can stand: a folder, and a database that is a copy of another; gone without a trace after."""
    name = f"samband_bench_{os.getpid()}_{secrets.token_hex(3)}"
    home = Path(tempfile.mkdtemp(prefix="samband-bench-"))
    with psycopg.connect(_conninfo("postgres"), autocommit=True) as admin:
        make = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(pattern))
        admin.execute(make)
        try:
            yield House(_conninfo(name), "", home, _environment(name, home))
        finally:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            shutil.rmtree(home, ignore_errors=True)


def stocked(house: House, products: int) -> House:
    """The house with so many products, and its key; vacuumed."""
    indexed, key = house.run("samband.bench.assortment", str(products)).split()[-2:]
    with psycopg.connect(house.url, autocommit=True) as session:
        session.execute("vacuum analyze")
    return replace(house, key=key, indexed_seconds=float(indexed))


def _conninfo(database: str) -> str:
    settings = connection.settings_dict
    known = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    given = {**known, "password": settings["PASSWORD"], "dbname": database}
    return make_conninfo(**{name: value for name, value in given.items() if value})


def _environment(database: str, home: Path) -> dict[str, str]:
    port = free_port()
    return {
        **os.environ,
        "SAMBAND_DATABASE_URL": _conninfo(database),
        "SAMBAND_HOME": str(home),
        "SAMBAND_BIND": f"127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
    }


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A server that answers; `pid` is the parent of its processes."""

    pid: int
    port: int


@contextmanager
def serving(
    house: House, workers: int, more: Mapping[str, str] | None = None, module: Sequence[str] = ()
) -> Iterator[Server]:
    """The real server in processes of its own (or another module that says `ready`), without delivery beside it."""
    environment = {**house.environment, **(more or {})}
    arguments = module or ("samband", "serve", "--no-deliver", "--workers", str(workers))
    said = house.home / "server.log"
    with open(said, "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        _await_ready(process, said)
        yield Server(process.pid, int(environment["SAMBAND_BIND"].rpartition(":")[2]))
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _await_ready(process: "subprocess.Popen[str]", said: Path) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready:"):
            return
    raise BenchFailed(f"The server did not start: {said.read_text()[-2000:]}")
