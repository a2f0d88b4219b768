"""Databases that are made once and copied: the demo takes half a minute to open, a copy of it a second.

They outlive a run of the tests, and go when newer ones of their kind have stood for a while.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
KEPT = timedelta(hours=2)
"""Patterns of other versions of the house, which another copy of it on this machine may still use."""


class Pattern(ABC):
    """One kind of them on one server. `kind` is how their names begin."""

    kind: str

    def __init__(self, conninfo: str) -> None:
        self.conninfo = conninfo

    def standing(self) -> str:
        """The name of one to copy and not to connect to: made by whoever asks first, anew when its mark changes."""
        name = f"{self.kind}{self.mark()}"
        with psycopg.connect(make_conninfo(self.conninfo, dbname="postgres"), autocommit=True) as admin:
            admin.execute("select pg_advisory_lock(hashtext(%s))", [self.kind])
            finished = self._finished(admin)
            if name not in finished or not self.is_whole(name):
                self.drop(admin, name)
                self.make(admin, name)
                now = str(datetime.now(UTC))
                admin.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), now))
            oldest = str(datetime.now(UTC) - KEPT)
            for old in [other for other, when in finished.items() if other != name and when < oldest]:
                self.drop(admin, old)
        return name

    def _finished(self, admin: psycopg.Connection) -> dict[str, str]:
        """Every one of the kind that was made to its end, and when."""
        found = admin.execute(
            "select datname, shobj_description(oid, 'pg_database') from pg_database where starts_with(datname, %s)",
            [self.kind],
        )
        return {name: when for name, when in found.fetchall() if when}

    @abstractmethod
    def mark(self) -> str:
        """Another one for whatever would make another database."""

    @abstractmethod
    def make(self, admin: psycopg.Connection, name: str) -> None:
        """Make it under this name."""

    def is_whole(self, name: str) -> bool:
        """Whether what lies beside it is there too."""
        return True

    def drop(self, admin: psycopg.Connection, name: str) -> None:
        """Away with it, if it is there."""
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))

    def run(self, name: str, home: str | Path, command: str) -> None:
        """Let `samband` do something in it."""
        environment = {
            **os.environ,
            "SAMBAND_DATABASE_URL": make_conninfo(self.conninfo, dbname=name),
            "SAMBAND_HOME": str(home),
            "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
            "PYTHONPATH": str(ROOT),
        }
        told = [sys.executable, "-m", "samband", command]
        done = subprocess.run(told, env=environment, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


class Migrated(Pattern):
    """All tables, and nothing in them."""

    kind = "samband_pattern_"

    def mark(self) -> str:
        migrations = (ROOT / "samband").rglob("migrations/**/*.*")
        return digest(path for path in migrations if path.suffix in (".py", ".sql"))

    def make(self, admin: psycopg.Connection, name: str) -> None:
        admin.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        with tempfile.TemporaryDirectory(prefix="samband-pattern-") as home:
            self.run(name, home, "migrate")


@cache
def migrated(conninfo: str) -> str:
    """The name of a migrated database of this server to make others after."""
    return Migrated(conninfo).standing()


def digest(paths: Iterable[Path], *more: str) -> str:
    """Of what is in these files of ours, of Django's version, and of more."""
    told = hashlib.blake2b(" ".join((version("django"), *more)).encode(), digest_size=8)
    for path in sorted(paths):
        told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()
