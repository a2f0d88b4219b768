"""The demo retailer, opened once a day and copied for whoever needs it: half a minute to open, a second to copy."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests import patterns

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "samband_opened_"
KEPT = timedelta(hours=2)
"""Demos opened by other versions of the house, which another copy of it on this machine may still use."""


@dataclass(frozen=True)
class Opened:
    """A database of a server that nobody connects to, and what its house wrote beside it: to be copied both."""

    database: str
    home: Path


def opened(conninfo: str) -> Opened:
    """Opened by whoever asks first, and anew when anything of ours changes: and each day, for it tells of days ago."""
    name = f"{PREFIX}{_fingerprint(conninfo)}"
    found = Opened(name, Path(tempfile.gettempdir()) / name)
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(hashtext(%s))", [PREFIX])
        finished = _finished(admin)
        if not finished.get(name) or not found.home.is_dir():
            _open(admin, found, conninfo)
        oldest = str(datetime.now(UTC) - KEPT)
        for old in [other for other, when in finished.items() if other != name and when < oldest]:
            _drop(admin, Opened(old, found.home.with_name(old)))
    return found


def _finished(admin: psycopg.Connection) -> dict[str, str]:
    """Every one with the time it was finished, if it was."""
    return dict(
        admin.execute(
            "select datname, coalesce(shobj_description(oid, 'pg_database'), '') from pg_database"
            " where starts_with(datname, %s)",
            [PREFIX],
        ).fetchall()
    )


def _open(admin: psycopg.Connection, new: Opened, conninfo: str) -> None:
    _drop(admin, new)
    migrated = sql.Identifier(patterns.migrated(conninfo))
    admin.execute(sql.SQL("create database {} template {}").format(sql.Identifier(new.database), migrated))
    environment = {
        **os.environ,
        "SAMBAND_DATABASE_URL": make_conninfo(conninfo, dbname=new.database),
        "SAMBAND_HOME": str(new.home),
        "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "samband", "demo"], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    now = str(datetime.now(UTC))
    admin.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(new.database), now))


def _drop(admin: psycopg.Connection, old: Opened) -> None:
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(old.database)))
    shutil.rmtree(old.home, ignore_errors=True)


def _fingerprint(conninfo: str) -> str:
    """Of everything that says what the demo looks like, where it is kept, and of today."""
    server = conninfo_to_dict(conninfo)
    told = hashlib.blake2b(
        f"{server.get('host')}:{server.get('port')} {datetime.now(UTC).date()}".encode(), digest_size=8
    )
    for path in sorted((ROOT / "samband").rglob("*.*")):
        if path.suffix in (".py", ".sql", ".yaml", ".mo", ".html", ".txt"):
            told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()
