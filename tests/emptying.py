"""What every test pays, made cheap: an empty database after a test that committed, and a password's hash.

Django's flush empties every table and makes anew what `migrate` leaves behind. Most tables were never written to, which
is told by their size, for only emptying takes that back; and nobody changes the content types of a run. Servers and
other processes of their own hash as the product does.
"""

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.contenttypes.management import create_contenttypes
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
_WRITTEN = (
    "select string_agg(oid::regclass::text, ', ') from pg_class where relkind = 'r'"
    " and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0 and relname <> all(%s)"
)


def empty_what_was_written() -> None:
    """What a flush does, in as many milliseconds as tables were written to."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [list(KEPT)])
        (written,) = cursor.fetchone()
        if written:
            cursor.execute(f"truncate {written} cascade")
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def settle() -> None:
    """For the whole run, once the tests' database is there."""
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def _emptied(_: Any) -> None:
    empty_what_was_written()
