"""A house to kill in: a database and a home of its own, servers that die and begin again, and what is left after.

Every house is a copy of one that was opened once, so that each attack has its own.
"""

import atexit
import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.processes import ROOT, own_database

STARTS_WITHIN_SECONDS = 90.0
SEED = int(os.environ.get("SAMBAND_KILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
"""What the dice of every attack begin with; it is printed with each violation, and can be given again."""


@dataclass
class House:
    """Where it happens. `given` is what opening it told: keys and ids that attacks need."""

    environment: Mapping[str, str]
    home: Path
    given: Mapping[str, Any]

    @property
    def url(self) -> str:
        return self.environment["SAMBAND_DATABASE_URL"]

    def run(self, *arguments: str, told: str = "", **more: str) -> str:
        """Let one of our modules run to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *arguments], env={**self.environment, **more}, cwd=ROOT, input=told,
            capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stderr[-3000:]}")
        return done.stdout

    def begin(self, *arguments: str, **more: str) -> "subprocess.Popen[str]":
        """Let one of our modules begin, in a group of its own that can be killed whole."""
        with open(self.home / "begun.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *arguments], env={**self.environment, **more}, cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
            )  # fmt: skip

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database itself says."""
        with psycopg.connect(self.url, autocommit=True) as session:
            return session.execute(statement, values or None).fetchall()  # type: ignore[arg-type]

    def one(self, statement: str, *values: Any) -> Any:
        ((value,),) = self.rows(statement, *values)
        return value

    def after(self) -> dict[str, Any]:
        """Everything that the living house does by itself in the next hours is done; what stands then, and is wrong."""
        told: dict[str, Any] = json.loads(self.run("tests.promises.kill_after").splitlines()[-1])
        return told


class Server:
    """`samband` serving in processes of its own: killed, it is started again at the same place."""

    def __init__(self, house: House, *arguments: str, **more: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._house, self._arguments = house, arguments
        self._more = {**more, "SAMBAND_BIND": f"127.0.0.1:{self.port}"}
        self.process: subprocess.Popen[str] | None = None
        self.deaths = 0

    def start(self) -> None:
        self.deaths = 0
        arguments = self._arguments
        if arguments[0] == "capture":
            arguments = (*arguments, "--bind", f"127.0.0.1:{self.port}")
        self.process = self._house.begin("samband", *arguments, **self._more)
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self.answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError((self._house.home / "begun.log").read_text(errors="replace")[-3000:])
            time.sleep(0.05)

    def answers(self) -> bool:
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("GET", "/robots.txt")
            return line.getresponse().status < 600
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def workers(self) -> list[int]:
        """The processes that answer, the eldest first."""
        assert self.process is not None
        with contextlib.suppress(psutil.NoSuchProcess):
            # Beside those that answer there is one that tidies up after them.
            children = [
                one for one in psutil.Process(self.process.pid).children() if "--multiprocessing-fork" in one.cmdline()
            ]
            return [child.pid for child in sorted(children, key=lambda one: (one.create_time(), one.pid))]
        return []

    def wait_for_eldest(self) -> None:
        """Until the process that is spared next listens: just begun, it may be later than the others."""
        until = time.monotonic() + STARTS_WITHIN_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(psutil.Error, IndexError):
                listening = psutil.Process(self.workers()[0]).net_connections("tcp")
                if any(one.status == psutil.CONN_LISTEN and one.laddr.port == self.port for one in listening):
                    return
            time.sleep(0.02)

    def kill(self) -> None:
        """All of it at once, without a word."""
        self.stop(signal.SIGKILL)

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait(60)
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()
            self.process = None


@contextlib.contextmanager
def serving(house: House, *arguments: str, **more: str) -> Iterator[Server]:
    """A server of this house, until the block ends."""
    server = Server(house, *(arguments or ("serve", "--workers", "2", "--no-deliver")), **more)
    server.start()
    try:
        yield server
    finally:
        server.stop(signal.SIGKILL)


@dataclass
class _Opened:
    """The house that all others are copies of."""

    database: str
    home: Path
    environment: Mapping[str, str]
    given: Mapping[str, Any]


_opened: _Opened | None = None
_leaving = contextlib.ExitStack()
atexit.register(_leaving.close)


def _first() -> _Opened:
    global _opened
    if _opened is None:
        environment = dict(_leaving.enter_context(own_database("samband_kills")))
        home = Path(_leaving.enter_context(tempfile.TemporaryDirectory(prefix="samband-kills-")))
        environment["SAMBAND_HOME"] = str(home)
        name = str(conninfo_to_dict(environment["SAMBAND_DATABASE_URL"])["dbname"])
        _opened = _Opened(name, home, environment, {})
        told = House(environment, home, {}).run("tests.promises.kill_world")
        _opened.given = json.loads(told.splitlines()[-1])
    return _opened


@contextlib.contextmanager
def opened(name: str) -> Iterator[House]:
    """A house of its own, gone without a trace after."""
    first = _first()
    name = f"samband_kills_{name}_{os.getpid()}"
    at = conninfo_to_dict(first.environment["SAMBAND_DATABASE_URL"])
    home = Path(tempfile.mkdtemp(prefix="samband-kills-"))
    shutil.copytree(first.home, home, dirs_exist_ok=True)
    with psycopg.connect(make_conninfo(**{**at, "dbname": "postgres"}), autocommit=True) as admin:
        drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        copy = sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(first.database))
        admin.execute(drop)
        admin.execute(copy)
        url = make_conninfo(**{**at, "dbname": name})
        try:
            yield House(
                {**first.environment, "SAMBAND_DATABASE_URL": url, "SAMBAND_HOME": str(home)}, home, first.given
            )
        finally:
            admin.execute(drop)
            shutil.rmtree(home, ignore_errors=True)


def dice(name: str) -> random.Random:
    """The dice of an attack: the same seed throws the same."""
    return random.Random(f"{SEED} {name}")


class Victims:
    """A process of ours that does deeds, each in a child that may be told to die; see kill_victim."""

    def __init__(self, house: House) -> None:
        self.process = house.begin("tests.promises.kill_victim")
        self.kills = 0

    def __enter__(self) -> "Victims":
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def do(self, deed: str, **given: Any) -> dict[str, Any]:
        """Let it be done. Raises RuntimeError if it failed."""
        told = self._ask(deed, given)
        if "answer" not in told:
            raise RuntimeError(f"{deed} {given}: {told}")
        return told

    def killed(self, deed: str, dice: random.Random, steps: int, seconds: float, **given: Any) -> bool:
        """Let it be begun and die: at one of so many steps, or at some moment. Whether it did, before it was done."""
        where: dict[str, Any]
        if dice.random() < 0.7:
            where = {"lives": dice.randint(1, steps), "when": dice.choice(("before", "after"))}
        else:
            where = {"seconds": dice.uniform(0, seconds)}
        died = self._ask(deed, given, **where).get("killed", False)
        self.kills += bool(died)
        return bool(died)

    def _ask(self, deed: str, given: Mapping[str, Any], **where: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"deed": deed, "given": dict(given), **where}) + "\n")
        self.process.stdin.flush()
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told


def sentences(found: Sequence[str], name: str) -> tuple[str, ...]:
    """Violations with what is needed to see them again."""
    return tuple(f"{one} [{name}, SAMBAND_KILL_SEED={SEED}]" for one in found)
