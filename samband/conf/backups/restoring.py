"""Bringing a copy back, into an empty house."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from . import tools
from .errors import BackupFailed
from .manifest import Manifest, checked
from .writing import DATABASE, MEDIA


def check(folder: Path) -> Manifest:
    """What a copy says of itself, once everything in it was read and found whole. Raises BackupFailed."""
    told = checked(folder, "house")
    tools.listed(folder / DATABASE)
    return told


def restore(folder: Path, over: bool, say: Callable[[str], None]) -> None:
    """Bring database and pictures back; with `over`, in place of what is there. Raises BackupFailed.

    Afterwards the database is as old as the copy: it is to be migrated, and who was forgotten since forgotten again.
    """
    told = check(folder)
    _require_known(told)
    if tables := connection.introspection.table_names():
        if not over:
            raise BackupFailed(f"The database has {len(tables)} tables already; say --over to give them up.")
        _empty_database()
    say("bringing the database back …")
    connection.close()
    tools.load(folder / DATABASE, jobs=os.cpu_count() or 1)
    connection.close()
    say("bringing the pictures back …")
    _bring_pictures(folder / MEDIA)
    shutil.rmtree(settings.SEARCH_ROOT, ignore_errors=True)  # it is written anew from the catalog


def _require_known(told: Manifest) -> None:
    """A copy made by a newer Samband has tables that we do not know."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    unknown = sorted(f"{app}.{name}" for app, name in told.migrations.items() if (app, name) not in known)
    if unknown:
        raise BackupFailed(f"The copy was made by a newer Samband ({told.version}): {', '.join(unknown[:3])}.")


def _empty_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
        if (others := cursor.fetchone()[0]) > 0:
            raise BackupFailed(f"{others} others use the database: stop serving and working first.")
        cursor.execute("drop schema public cascade")
        cursor.execute("create schema public")


def _bring_pictures(folder: Path) -> None:
    """Those that are there stay: a picture's name is never used twice."""
    if folder.is_dir():
        shutil.copytree(folder, settings.MEDIA_ROOT, dirs_exist_ok=True)
