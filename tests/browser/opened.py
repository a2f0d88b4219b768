"""The demo retailer, opened once a day and copied for whoever needs it."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.patterns import ROOT, Pattern, digest, migrated


@dataclass(frozen=True)
class Opened:
    """A database of a server that nobody connects to, and what its house wrote beside it: to be copied both."""

    database: str
    home: Path


def opened(conninfo: str) -> Opened:
    """The demo as it stands after opening."""
    name = Demo(conninfo).standing()
    return Opened(name, _home(name))


class Demo(Pattern):
    """Opened anew when anything of ours changes, and each day: it tells of days ago."""

    kind = "samband_opened_"

    def mark(self) -> str:
        server = conninfo_to_dict(self.conninfo)
        suffixes = (".py", ".sql", ".yaml", ".mo", ".html", ".txt")
        ours = (path for path in (ROOT / "samband").rglob("*.*") if path.suffix in suffixes)
        return digest(ours, f"{server.get('host')}:{server.get('port')}", str(datetime.now(UTC).date()))

    def make(self, admin: psycopg.Connection, name: str) -> None:
        template = sql.Identifier(migrated(self.conninfo))
        admin.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), template))
        self.run(name, _home(name), "demo")

    def is_whole(self, name: str) -> bool:
        return _home(name).is_dir()

    def drop(self, admin: psycopg.Connection, name: str) -> None:
        super().drop(admin, name)
        shutil.rmtree(_home(name), ignore_errors=True)


def _home(name: str) -> Path:
    return Path(tempfile.gettempdir()) / name
