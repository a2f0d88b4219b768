"""PostgreSQL's own pg_dump and pg_restore, of a version that gets on with the server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from samband.conf.postgres.installation import installations

from .errors import BackupFailed

FIRST_THAT_SETS_TRANSACTION_TIMEOUT = 17
"""What a pg_restore of this version begins with, an older server does not know."""


def dump(file: Path) -> None:
    """Write the whole database, as it is at one moment, into a file in PostgreSQL's custom format.

    Nobody is kept waiting meanwhile. Raises BackupFailed.
    """
    _run([tool("pg_dump"), "--format=custom", "--compress=3", "--no-owner", "--no-acl", f"--file={file}"])


def load(file: Path, jobs: int) -> None:
    """Bring what was dumped into the database, which must be empty. Raises BackupFailed."""
    loader = tool("pg_restore")
    if _major(loader) >= FIRST_THAT_SETS_TRANSACTION_TIMEOUT > _servers_major():
        raise BackupFailed(
            f"The server is PostgreSQL {_servers_major()}: install its own client programs to bring a copy back"
            f" (Debian, Ubuntu: apt-get install postgresql-client-{_servers_major()})."
        )
    _run([loader, "--no-owner", "--no-acl", "--exit-on-error", f"--jobs={jobs}", f"--dbname={_database()}", str(file)])


def listed(file: Path) -> None:
    """Look whether a dump can be read. Raises BackupFailed."""
    _run([tool("pg_restore"), "--list", str(file)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(line for line in done.stderr.splitlines() if "error" in line)[:400]
        raise BackupFailed(f"{Path(command[0]).name} failed: {said or done.returncode}")


def tool(name: str) -> str:
    """The one of the server's own version, else the next newer one. Raises BackupFailed."""
    server = _servers_major()
    fitting = {major: path for path in _found(name) if (major := _major(path)) >= server}
    if not fitting:
        raise BackupFailed(f"There is no {name} of PostgreSQL {server} or newer on this machine: install one.")
    return fitting[min(fitting)]


def _found(name: str) -> Iterator[str]:
    for one in installations():
        if (path := one.bin / name).is_file():
            yield str(path)
    if path_of_shell := shutil.which(name):
        yield path_of_shell


def _major(tool: str) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


def servers_version() -> int:
    """As PostgreSQL counts: 180004 is 18.4."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version)


def _servers_major() -> int:
    return servers_version() // 10_000


def _parameters() -> dict[str, Any]:
    connection.ensure_connection()
    return dict(connection.connection.info.get_parameters())


def _database() -> str:
    return str(_parameters()["dbname"])


def _environment() -> Mapping[str, str]:
    """The server's address, by the environment: on a command line anybody could read the password."""
    given = _parameters()
    known = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "dbname", "PGSSLMODE": "sslmode"}
    told = {name: str(given[part]) for name, part in known.items() if given.get(part)}
    if password := connection.settings_dict["PASSWORD"]:
        told["PGPASSWORD"] = str(password)
    return {**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, **told}
