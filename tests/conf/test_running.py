"""`samband` as a shop owner starts it: with a database of its own, found again after a kill, leaving in order."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.processes import ROOT

PREFIX = [sys.executable, "-m", "samband"]
STARTED: list[subprocess.Popen] = []


@pytest.fixture(autouse=True)
def nobody_stays() -> Iterator[None]:
    """A server whose test failed half way is stopped all the same."""
    yield
    while STARTED:
        server = STARTED.pop()
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def environment(home: Path, bind: str = "127.0.0.1:1") -> dict[str, str]:
    """Like a fresh shell: nothing names a database."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SAMBAND_", "PYTEST_", "DJANGO_"))
    }
    return {**kept, "SAMBAND_HOME": str(home), "SAMBAND_BIND": bind, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def serving(home: Path, bind: str, prefix: list[str]) -> subprocess.Popen:
    log = open(home.parent / "log", "ab")  # noqa: SIM115  the server keeps it
    server = subprocess.Popen(
        [*prefix, "run", "--no-demo"],
        env=environment(home, bind),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    STARTED.append(server)
    return server


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"


def users():
    """As whoever runs the tests, and as an ordinary account when that is root."""
    yield pytest.param([], id="as we are")
    if os.geteuid() == 0 and shutil.which("setpriv"):
        nobody = pwd.getpwnam("nobody")
        as_nobody = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
        yield pytest.param(as_nobody, id="as an ordinary account")


@pytest.fixture
def folder():
    """Not below pytest's own, which every run that begins closes to other accounts again."""
    with tempfile.TemporaryDirectory(prefix="samband-shop-") as made:
        yield Path(made)


@pytest.mark.parametrize("account", list(users()))
def test_it_starts_serves_and_stops_with_nothing_installed(account, folder):
    home, bind = folder / "home", free_address()
    if account:
        shutil.chown(folder, "nobody")
        again = "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', 'import django']).returncode)"
        if subprocess.run([*account, sys.executable, "-c", again], check=False).returncode:
            pytest.skip("the interpreter lies where an ordinary account cannot go")
    server = serving(home, bind, [*account, *PREFIX])
    try:
        said = server.stdout.readline()
        assert said.startswith(f"ready: http://{bind}/"), (folder / "log").read_text()
        with urllib.request.urlopen(f"http://{bind}/robots.txt") as answer:
            assert answer.status == 200
        database = postmaster(home)
        # A command beside the server shares its database, and does not take it away when it leaves.
        backlog = subprocess.run(
            [*account, *PREFIX, "backlog"], env=environment(home), cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert json.loads(backlog.stdout)["set_aside"] == 0
        assert not gone(database)
        written = {path.name for path in home.iterdir()}
        assert {"postgres", "secrets"} <= written
        assert oct((home / "secrets" / "secret_key").stat().st_mode)[-3:] == "600"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
    assert gone(database), "the last one out turns the lights off"


def test_after_a_kill_everything_is_found_again(tmp_path):
    home, bind = tmp_path / "home", free_address()
    first = serving(home, bind, PREFIX)
    assert first.stdout.readline().startswith("ready: "), (tmp_path / "log").read_text()
    key = subprocess.run(
        [*PREFIX, "key", "till", "--scope", "stock:read"],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    database = postmaster(home)
    children = subprocess.run(
        ["pgrep", "-P", str(first.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    for pid in (first.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    first.wait(30)
    os.kill(database, signal.SIGKILL)

    second = serving(home, bind := free_address(), PREFIX)
    try:
        assert second.stdout.readline().startswith("ready: "), (tmp_path / "log").read_text()
        asked = urllib.request.Request(f"http://{bind}/api/v1/locations", headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.status == 200, "the key issued before the kill still opens"
    finally:
        second.send_signal(signal.SIGTERM)
        second.wait(60)


def pages_come(bind: str, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{bind}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def test_a_database_that_ended_by_itself_is_started_again_and_one_that_was_stopped_is_not(tmp_path):
    home, bind = tmp_path / "home", free_address()
    server = serving(home, bind, PREFIX)
    assert server.stdout.readline().startswith("ready: "), (tmp_path / "log").read_text()
    for _ in range(2):
        killed = postmaster(home)
        os.kill(killed, signal.SIGKILL)
        assert pages_come(bind, within_s=60), (tmp_path / "log").read_text()
        assert postmaster(home) != killed
    assert "postgres_ended_by_itself" in (tmp_path / "log").read_text()

    subprocess.run([*PREFIX, "stop"], env=environment(home), cwd=ROOT, check=True)
    assert not pages_come(bind, within_s=8), "whoever says stop means it"
    server.send_signal(signal.SIGTERM)
    assert server.wait(60) == 0, (tmp_path / "log").read_text()


@pytest.mark.parametrize("command", ["serve", "capture"])
def test_a_process_that_dies_twice_in_a_row_takes_no_other_with_it(command, tmp_path):
    home, bind = tmp_path / "home", free_address()
    subprocess.run([*PREFIX, "migrate"], env=environment(home), cwd=ROOT, check=True)
    there = ("--bind", bind) if command == "capture" else ()
    with open(tmp_path / "log", "wb") as log:
        server = subprocess.Popen(
            [*PREFIX, command, "--workers", "2", *there],
            env=environment(home, bind), cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    STARTED.append(server)
    assert server.stdout.readline().startswith("ready: "), (tmp_path / "log").read_text()

    def answering() -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):  # one of them has just ended
            children = psutil.Process(server.pid).children()
            return [one for one in children if "--multiprocessing-fork" in one.cmdline()]
        return []

    for _ in range(2):
        until = time.monotonic() + 30
        while len(both := answering()) < 2:
            assert time.monotonic() < until, (tmp_path / "log").read_text()
            time.sleep(0.02)
        max(both, key=lambda one: one.create_time()).kill()
    time.sleep(1)
    assert server.poll() is None, (tmp_path / "log").read_text()
    assert pages_come(bind, within_s=30), (tmp_path / "log").read_text()


def test_a_refusal_is_told_in_a_sentence(tmp_path):
    told = subprocess.run(
        [*PREFIX, "key", "till", "--scope", "everything"],
        env=environment(tmp_path / "home"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "scope" in told.stderr
