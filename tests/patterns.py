"""A migrated database that is made once and copied: migrating takes seconds, a copy a tenth of one."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "samband_pattern_"
KEPT_DAYS = 1
"""Patterns of other migrations, which another copy of the house on this machine may still use."""


@cache
def migrated(conninfo: str) -> str:
    """The name of a database of this server to make others after; nobody may connect to it.

    Made by whoever asks first, and anew when a migration changes.
    """
    name = f"{PREFIX}{_fingerprint()}"
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as admin:
        admin.execute("select pg_advisory_lock(hashtext(%s))", [PREFIX])
        made = _made(admin)
        if not made.get(name):
            _make(admin, name, conninfo)
        oldest = str(date.today() - timedelta(days=KEPT_DAYS))
        for old in [other for other, when in made.items() if other != name and when < oldest]:
            admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(old)))
    return name


def _made(admin: psycopg.Connection) -> Mapping[str, str]:
    """Every pattern with the day it was finished, if it was."""
    return dict(
        admin.execute(
            "select datname, coalesce(shobj_description(oid, 'pg_database'), '') from pg_database"
            " where starts_with(datname, %s)",
            [PREFIX],
        ).fetchall()
    )


def _make(admin: psycopg.Connection, name: str, conninfo: str) -> None:
    for statement in ("drop database if exists {}", "create database {}"):
        admin.execute(sql.SQL(statement).format(sql.Identifier(name)))
    with tempfile.TemporaryDirectory(prefix="samband-pattern-") as home:
        environment = {
            **os.environ,
            "SAMBAND_DATABASE_URL": make_conninfo(conninfo, dbname=name),
            "SAMBAND_HOME": home,
            "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
            "PYTHONPATH": str(ROOT),
        }
        subprocess.run([sys.executable, "-m", "samband", "migrate"], env=environment, check=True, cwd=ROOT)
    admin.execute(sql.SQL("comment on database {} is {}").format(sql.Identifier(name), str(date.today())))


def _fingerprint() -> str:
    """Of everything that says what a migrated database looks like."""
    told = hashlib.blake2b(version("django").encode(), digest_size=8)
    for path in sorted((ROOT / "samband").rglob("migrations/**/*.*")):
        if path.suffix in (".py", ".sql"):
            told.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return told.hexdigest()
