"""Make a cluster, start it, find it again, stop it. Whoever calls holds `Place.alone()`."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from samband.conf.postgres.account import Account
from samband.conf.postgres.errors import PostgresFailed
from samband.conf.postgres.installation import Installation
from samband.conf.postgres.place import PORT, Place

USER = DATABASE = "samband"
BUILDING = "building-"

# The log tells of the server, never of the rows: statements and details of errors may hold personal data.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",
    # With the default of 1 GB, a busy hour is one checkpoint after the other, and each makes others wait.
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FORGETFUL = dict.fromkeys(DURABLE, "off")

READY_WITHIN_S = 600.0
ORPHANS_GET_S = 1.0
STOPPING = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
WITHOUT_DATA_S = 3.0
LOOK_EVERY_S = 0.02
LOG_LIMIT_BYTES = 10_000_000
LOG_TAIL_BYTES = 2_000


def build(place: Place, installation: Installation, *, durable: bool) -> None:
    """Make the cluster with its role and database. Killed half way, it leaves a directory that nobody takes for one."""
    account = place.account
    account.must_have_a_name()
    clear_unfinished(place)
    password = read_or_make_password(place)
    unfinished = Path(tempfile.mkdtemp(prefix=BUILDING, dir=place.root))
    if account.is_lent:
        os.chown(unfinished, account.uid, account.gid)

    with _within_reach(unfinished, account) as (data, fds):
        _run(
            [
                *(installation.initdb, "-D", data, "--username=postgres", "--auth=reject", "--no-instructions"),
                *("--encoding=UTF8", *_locale(installation), "--data-checksums"),
                *(() if durable else ("--no-sync",)),
            ],
            account,
            fds,
        )
    place.write(unfinished / "pg_hba.conf", f"local all {USER} scram-sha-256\n", account)
    place.write(unfinished / "postgresql.conf", _settings(place, durable), account)
    tell_alone(
        unfinished,
        installation,
        account,
        f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor, pg_checkpoint, pg_signal_backend TO {USER}",
        f"CREATE DATABASE {DATABASE} OWNER {USER}",
    )
    unfinished.rename(place.data)
    if durable:
        _sync_directory(place.root)


def start(place: Place, installation: Installation, *, durable: bool) -> None:
    """Start the server; it takes no part in our life or death. Nobody of an earlier one may be alive.

    Raises PostgresFailed with the end of the log.
    """
    lock = place.lock_for_server()
    try:
        _forget_last_run(place)
        if not place.password_file.exists():
            _change_password(place, installation, lock)
        set_durable(place, durable)
        place.note(version=installation.version, durable=durable)
        _launch(place, installation, lock)
    finally:
        os.close(lock)
    if not is_ready(place):
        raise PostgresFailed(f"PostgreSQL ended while starting. The end of {place.log}:\n{_tail(place.log)}")


def is_ready(place: Place) -> bool:
    """True when the server takes connections, waiting while it starts or recovers. False when none is alive.

    Children that outlive a killed postmaster are given a moment and then killed too: beside them none may start.
    """
    since = time.monotonic()
    while place.has_server():
        if _takes_connections(place):
            return True
        waited = time.monotonic() - since
        if waited > READY_WITHIN_S:
            raise PostgresFailed(f"PostgreSQL does not get ready. The end of {place.log}:\n{_tail(place.log)}")
        if waited > ORPHANS_GET_S and _postmaster(place) is None:
            _end_orphans(place)
        time.sleep(LOOK_EVERY_S)
    return False


def stop(place: Place) -> bool:
    """End the server, first politely. False when none was alive.

    Raises PostgresFailed when it cannot be ended.
    """
    if not place.has_server():
        return False
    for how, patience_s in STOPPING:
        postmaster = _postmaster(place)
        told = _processes(place) if how is signal.SIGKILL else [postmaster] if postmaster else []
        _signal(how, *told)
        if how is signal.SIGINT and place.data_major is None:
            patience_s = WITHOUT_DATA_S  # without its data it cannot write down what it has, and may try for a minute
        if _wait_for_end(place, patience_s if told else ORPHANS_GET_S):
            place.forget_short_way()
            return True
    raise PostgresFailed(f"PostgreSQL does not stop. The end of {place.log}:\n{_tail(place.log)}")


def make_durable(place: Place) -> None:
    """Turn a running server that was started without fsync into one that keeps what it acknowledges."""
    postmaster = _postmaster(place)
    if postmaster is None:
        raise PostgresFailed("PostgreSQL runs without fsync, and its process cannot be found to change that.")
    set_durable(place, True)
    _signal(signal.SIGHUP, postmaster)
    deadline = time.monotonic() + READY_WITHIN_S
    while _setting(place, "fsync") != "on":
        if time.monotonic() > deadline:
            raise PostgresFailed(f"PostgreSQL does not turn fsync on. The end of {place.log}:\n{_tail(place.log)}")
        time.sleep(LOOK_EVERY_S)
    # What was written before it turned careful may still be in the kernel's hands only.
    os.sync()
    place.note(**place.noted() | {"durable": True})


def set_durable(place: Place, durable: bool) -> None:
    place.write(place.data / "postgresql.conf", _settings(place, durable), place.account)


def clear_unfinished(place: Place) -> None:
    for left_over in place.root.glob(f"{BUILDING}*"):
        # A killed builder's initdb may still be writing there; what cannot go now goes next time.
        shutil.rmtree(left_over, ignore_errors=True)


def read_or_make_password(place: Place, name: str = "password") -> str:
    path = place.root / name
    if not path.exists():
        place.write(path, secrets.token_urlsafe(32))
    return path.read_text()


def tell_alone(data: Path, installation: Installation, account: Account, *statements: str, lock: int = -1) -> None:
    """Say SQL as the superuser to a cluster that does not run. Over the socket nobody can be the superuser.

    `lock`, where others could start the cluster, is the server's, to be held by the one that works alone just the same.
    """
    with _within_reach(data, account) as (path, fds):
        _run(
            [installation.postgres, "--single", "-D", path, "-c", "exit_on_error=on", "postgres"],
            account,
            fds if lock < 0 else (lock, *fds),
            "".join(f"{statement}\n" for statement in statements),
        )


@contextmanager
def _within_reach(directory: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A path by which `account` gets into `directory`, and the descriptors it has to inherit for that.

    An account lent by root may not be let into the directories above (a home below /root). It needs not: root opens
    the directory, and through /proc/self/fd the server enters it without walking down to it.
    """
    if not account.is_lent or not hasattr(os, "O_PATH"):
        yield str(directory), ()
        return
    fd = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield f"/proc/self/fd/{fd}", (fd,)
    finally:
        os.close(fd)


def _run(command: list[str], account: Account, fds: tuple[int, ...], told: str = "") -> None:
    try:
        done = subprocess.run(command, input=told, pass_fds=fds, capture_output=True, text=True, **account.to_run())
    except (OSError, subprocess.SubprocessError) as error:
        raise PostgresFailed(f"{command[0]} could not be run as user id {account.uid}: {error}") from error
    if done.returncode != 0:
        raise PostgresFailed(f"{command[0]} failed as user id {account.uid}:\n{done.stderr.strip()}")


def _locale(installation: Installation) -> list[str]:
    """Sorted by code point, letters of all languages known to upper() and lower(); the same whatever the machine's."""
    if installation.major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C", "--lc-ctype=C.UTF-8"]


def _settings(place: Place, durable: bool) -> str:
    """Ours, and after them, so that they win, what the owner of the home wrote into `local.conf`."""
    settings = SETTINGS | (DURABLE if durable else FORGETFUL)
    return "".join(
        [
            "# Written anew at every start. Your own settings go into ../local.conf.\n",
            *(f"{name} = '{value}'\n" for name, value in settings.items()),
            place.local_settings,
        ]
    )


def _change_password(place: Place, installation: Installation, lock: int) -> None:
    """The file with the password is gone, so a new one is made."""
    password = read_or_make_password(place, "password.new")
    statement = f"ALTER ROLE {USER} PASSWORD '{password}'"
    tell_alone(place.data, installation, place.account, statement, lock=lock)
    os.replace(place.root / "password.new", place.password_file)


def _launch(place: Place, installation: Installation, lock: int) -> None:
    account = place.account
    if place.log.exists() and place.log.stat().st_size > LOG_LIMIT_BYTES:
        place.log.replace(place.root / "log.1")
    log = place.open("log", os.O_WRONLY | os.O_APPEND)
    try:
        with _within_reach(place.data, account) as (data, fds):
            server = [installation.postgres, "-D", data, "-c", f"cluster_name={place.cluster_name}"]
            # The shell puts it into the background and ends, so that it is nobody's child to wait for.
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *server],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock, *fds),
                check=True,
                **account.to_run(),
            )
    except (OSError, subprocess.SubprocessError) as error:
        raise PostgresFailed(f"PostgreSQL could not be started: {error}") from error
    finally:
        os.close(log)


def _forget_last_run(place: Place) -> None:
    """Nobody of it is alive, so whatever process these files name by now is none of ours."""
    for name in ("postmaster.pid", f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (place.data / name).unlink(missing_ok=True)


def _takes_connections(place: Place) -> bool:
    where = make_conninfo(
        host=str(place.socket_directory()), port=PORT, user=USER, dbname=DATABASE, sslmode="disable", connect_timeout=5
    )
    return psycopg.pq.PGconn.ping(where.encode()) == psycopg.pq.Ping.OK


def _setting(place: Place, name: str) -> str:
    with psycopg.connect(
        host=str(place.socket_directory()),
        port=PORT,
        user=USER,
        dbname=DATABASE,
        password=place.password_file.read_text(),
    ) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _processes(place: Place) -> list[psutil.Process]:
    """The server's: the postmaster has the cluster's name among its arguments, its children in their title."""
    argument, title = f"cluster_name={place.cluster_name}", f"postgres: {place.cluster_name}:"
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            words = process.cmdline()
            if argument in words or (words and words[0].startswith(title)):
                found.append(process)
    return found


def _postmaster(place: Place) -> psutil.Process | None:
    argument = f"cluster_name={place.cluster_name}"
    mothers: dict[int, tuple[psutil.Process, int]] = {}
    for process in _processes(place):
        with suppress(psutil.Error):
            if argument in process.cmdline():
                mothers[process.pid] = process, process.ppid()
    # A child just born still has its mother's arguments.
    return next((process for process, parent in mothers.values() if parent not in mothers), None)


def _end_orphans(place: Place) -> None:
    _signal(signal.SIGKILL, *_processes(place))
    if not _wait_for_end(place, STOPPING[-1][1]):
        raise PostgresFailed(
            f"Something still holds {place.root / 'alive'} but is no process seen from here: "
            "a server in another container, perhaps. Stop it there."
        )


def _signal(how: signal.Signals, *processes: psutil.Process) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)


def _wait_for_end(place: Place, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while place.has_server():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def _sync_directory(directory: Path) -> None:
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - LOG_TAIL_BYTES))
        return file.read().decode(errors="replace").strip()
