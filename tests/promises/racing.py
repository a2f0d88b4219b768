"""Races between whole processes: a server of several, and processes of ours beside it that call the flows themselves.

`opened()` gives a house to race in, on a database of its own; an attack asks `house()` for it. Rounds are staged by one
of the processes through the rooms' own commands; then every racer gets ready, and all strike at one word. What came of
it is read by SQL that the attacks write themselves, for the product's own books may be wrong in the same way as it is.
"""

import contextlib
import itertools
import json
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.processes import ROOT, own_database
from tests.promises.told import Told

Strike = tuple[str, dict[str, Any]]
"""What somebody does in a race: `module:function`, and what it is given."""

WORKERS, PROCESSES = 3, 2
"""Of the server, and beside it."""

ROUNDS_STAGED = 25
"""Rounds that are staged at once."""


@dataclass
class House:
    """Where races are run: `api_key` opens everything, `address` is the server's."""

    environment: Mapping[str, str]
    address: str
    log: Path
    crowd: list[Any]
    books: psycopg.Connection[tuple[Any, ...]]
    seen_in_log: int = 0
    deadlocks: int = 0
    opened: dict[str, Any] = field(default_factory=dict)

    def stage(self, deed: str, **given: Any) -> Any:
        """Let one of the processes do something now; what it returned."""
        answer = _ask(self.crowd[0], ["stage", deed, given])
        if "failed" in answer:
            raise RuntimeError(answer["failed"])
        return answer["done"]

    def race(self, strikes: Sequence[Strike]) -> list[str]:
        """Let these strike at once, shared out among the processes; how each ended, in the same order."""
        shares = [list(strikes[nth :: len(self.crowd)]) for nth in range(len(self.crowd))]
        for racer, share in zip(self.crowd, shares, strict=True):
            _say(racer, ["prepare", share])
        for racer in self.crowd:
            _heard(racer)
        for racer in self.crowd:
            _say(racer, ["go"])
        told = [_heard(racer) for racer in self.crowd]
        return [told[nth % len(told)][nth // len(told)] for nth in range(len(strikes))]

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database itself says."""
        return self.books.execute(statement, values or None).fetchall()  # type: ignore[arg-type]

    def settled(self) -> list[str]:
        """Whatever does not balance once every event is delivered and every hold of nobody has lapsed."""
        found: list[str] = self.stage("races_books:settle_and_audit")
        return found

    def complaints(self) -> Iterator[str]:
        """What the server's log, its deliveries and the database tell of errors and deadlocks, since last asked."""
        with self.log.open(errors="replace") as log:
            log.seek(self.seen_in_log)
            new = log.read()
            self.seen_in_log = log.tell()
        for line in new.splitlines():
            if re.search(r"DeadlockDetected|deadlock detected|reaction_failed|Traceback|\"status\": ?5\d\d", line):
                yield f"The log says: {line[:300]}"
        ((deadlocks,),) = self.rows("select deadlocks from pg_stat_database where datname = current_database()")
        if deadlocks > self.deadlocks:
            yield f"The database broke {deadlocks - self.deadlocks} deadlocks."
            self.deadlocks = deadlocks
        for reaction, error in self.rows(
            "select reaction, max(error) from timeline_delivery where attempts > 0 group by reaction"
        ):
            yield f"The reaction {reaction} failed: {error[:300]}"


_open: list[House] = []
_this_round = 0


def house() -> House:
    """The house that is open."""
    if not _open:
        raise RuntimeError("Races need a house: open one with racing.opened().")
    return _open[-1]


@contextlib.contextmanager
def opened(name: str, *, serving: bool = True, fault: str = "") -> Iterator[House]:
    """A house on a database of its own, with a server (unless nobody comes in by a door) and processes that race.

    `fault` breaks the product in all of them: see faults.py.
    """
    with contextlib.ExitStack() as leaving:
        home = leaving.enter_context(tempfile.TemporaryDirectory(prefix="samband-race-"))
        environment = {**leaving.enter_context(own_database(name)), "SAMBAND_HOME": home}
        _in_process("from tests.promises import races_world; races_world.open_house()", environment)
        if fault:
            broken = {"DJANGO_SETTINGS_MODULE": "tests.promises.broken_settings", "RACE_FAULT": fault}
            environment |= broken
            _in_process("from tests.promises import faults; faults.undefend()", environment)
        log = Path(home, "server.log")
        log.touch()
        address = leaving.enter_context(_serving(environment, log)) if serving else ""
        crowd = [leaving.enter_context(_racer(environment, address, log)) for _ in range(PROCESSES)]
        books = leaving.enter_context(psycopg.connect(environment["SAMBAND_DATABASE_URL"], autocommit=True))
        _open.append(House(environment, address, log, crowd, books))
        try:
            yield _open[-1]
        finally:
            _open.pop()


def every(nth: int) -> bool:
    """Whether this is a round for what comes only every so often, such as that which would win each time it comes."""
    return _this_round % nth == nth - 1


def raced(
    attempts: int,
    stage: str,
    crowd: Callable[[Any], Sequence[Strike]],
    wrong: Callable[[House], Iterator[str]],
    *,
    together: int = ROUNDS_STAGED,
    **given: Any,
) -> Told:
    """Race rounds until so many attempts were made.

    `stage` names what makes rounds ready (it is given how many, and returns one thing for each), `crowd` says who
    strikes for what was staged, `wrong` reads from the database what must not be. So many rounds are made ready
    `together`: where somebody sweeps up everything that there is, few, or most rounds are swept before they begin.
    """
    global _this_round
    at = house()
    rounds = itertools.count()
    seen: Counter[str] = Counter()
    made, violations = 0, list[str]()
    while made < attempts:
        for staged in at.stage(stage, rounds=min(together, (attempts - made) // 8 + 1), **given):
            _this_round = next(rounds)
            strikes = crowd(staged) if at.address else past_all_doors(crowd(staged))
            for answer in at.race(strikes):
                seen[answer if len(answer) < 60 else answer[:60]] += 1
                if answer.startswith("broken"):
                    violations.append(f"A request broke: {answer}")
            made += len(strikes)
            if made >= attempts:
                break
    violations += wrong(at)
    violations += at.complaints()
    won = sum(count for answer, count in seen.items() if answer.startswith("won"))
    return Told(made, won, tuple(violations), seen)


def past_all_doors(strikes: Sequence[Strike]) -> list[Strike]:
    """The same in a house without a server: whoever would buy through a door calls the flow, nobody else comes."""
    buying = [given for name, given in strikes if name.startswith("races_doors:")]
    others = [strike for strike in strikes if not re.match(r"races_doors:|.*(_by_api|_at_till)$", strike[0])]
    return [*[("races_doors:by_flow", given) for given in buying], *others]


def _in_process(script: str, environment: Mapping[str, str]) -> None:
    script = f"import django; django.setup(); {script}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])


@contextlib.contextmanager
def _serving(environment: Mapping[str, str], log: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "samband", "serve", "--workers", str(WORKERS)]
    told = {**environment, "SAMBAND_BIND": f"127.0.0.1:{port}"}
    with (
        log.open("a") as complaints,
        subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, stderr=complaints, text=True) as server,
    ):
        try:
            assert server.stdout is not None
            for line in server.stdout:
                if found := re.search(r"http://[\d.]+:\d+", line):
                    break
            else:
                raise RuntimeError(f"no server: {log.read_text()[-3000:]}")
            yield found[0]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


@contextlib.contextmanager
def _racer(environment: Mapping[str, str], address: str, log: Path) -> Iterator[Any]:
    command = [sys.executable, "-m", "tests.promises.racer"]
    environment = {**environment, "RACE_ADDRESS": address}
    with (
        log.open("a") as complaints,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
            text=True,
        ) as racer,
    ):  # fmt: skip
        try:
            yield racer
        finally:
            assert racer.stdin is not None
            racer.stdin.close()
            try:
                racer.wait(30)
            except subprocess.TimeoutExpired:
                racer.kill()


def _ask(racer: Any, message: Any) -> Any:
    _say(racer, message)
    return _heard(racer)


def _say(racer: Any, message: Any) -> None:
    racer.stdin.write(json.dumps(message) + "\n")
    racer.stdin.flush()


def _heard(racer: Any) -> Any:
    line = racer.stdout.readline()
    if not line:
        raise RuntimeError("A process that races has died.")
    return json.loads(line)
