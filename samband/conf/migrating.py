"""Bringing the database up to date while others serve."""

import time

import click
import structlog
from django.core.management import call_command
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

LOCK_SECONDS = 2
PAUSES_SECONDS = (1, 2, 4, 8, 15, 30, 60, 60, 60, 60, 60, 60)
"""How long a migration waits for a table, and how long it lets others go first whenever that was in vain."""

log = structlog.get_logger("samband.migrating")


class MigrationHeldUp(click.ClickException):
    """What was migrated before stays; the rest is to be tried again."""


def migrate() -> None:
    """Bring the database up to date, one process at a time, while others serve.

    A change of a table waits only briefly for those who use it, because everybody else waits behind it; then it lets
    them go first and tries again. Raises MigrationHeldUp when somebody used a table all the time.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended('migrate', 5))")
        cursor.execute("select set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
        try:
            _migrate_between_others()
        finally:
            cursor.execute("select set_config('lock_timeout', '0', false)")
            cursor.execute("select pg_advisory_unlock(hashtextextended('migrate', 5))")


def _migrate_between_others() -> None:
    for pause in (*PAUSES_SECONDS, None):
        try:
            call_command("migrate", interactive=False, verbosity=0)
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            if pause is None:
                raise MigrationHeldUp(
                    "A table is in use all the time, so it could not be changed: end what runs for long, and try again."
                ) from error
            log.warning("migration_held_up", again_in_seconds=pause)
            time.sleep(pause)


def is_behind() -> bool:
    """Whether the database lacks what our code counts on."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
