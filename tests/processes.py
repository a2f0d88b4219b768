"""Whole processes to try things with need a database of their own: they cannot see a test's transaction."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests import patterns

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def own_database(name: str, pattern: str = "") -> Iterator[Mapping[str, str]]:
    """A fresh, migrated database for whole processes: the environment that points them at it. Dropped after.

    Made after a `pattern` if one is named: another database of this server, which nobody is connected to.
    """
    from django.db import connection

    name = f"{name}_{os.getpid()}"
    at = conninfo_to_dict(make_conninfo(**{k: v for k, v in _parameters(connection).items() if v}))
    with psycopg.connect(**{**at, "dbname": "postgres"}, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        after = sql.Identifier(pattern or patterns.migrated(make_conninfo(**at)))
        admin.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), after))
        environment = {
            **os.environ,
            "SAMBAND_DATABASE_URL": make_conninfo(**{**at, "dbname": name}),
            "DJANGO_SETTINGS_MODULE": "samband.conf.settings",
            "PYTHONPATH": str(ROOT),
        }
        try:
            yield environment
        finally:
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _parameters(connection: object) -> dict[str, object]:
    settings = connection.settings_dict  # type: ignore[attr-defined]
    return {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
