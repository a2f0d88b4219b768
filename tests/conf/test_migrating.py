"""Migrations wait for those who use a table, but let nobody wait for them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

import psycopg
import pytest

from tests.processes import ROOT, own_database

LATEST = "0004_what_an_entry_followed_from"
INSERT = "insert into timeline_entry (name, subject, payload) values ('test.Sold', 'test:1', '{}')"
WAITS = "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and not granted"


@pytest.fixture
def behind(django_db_setup, tmp_path) -> Iterator[Mapping[str, str]]:
    """A database that lacks one column of a table that every sale writes to."""
    with own_database(f"samband_migrating_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}") as given:
        with psycopg.connect(given["SAMBAND_DATABASE_URL"]) as session:
            session.execute("alter table timeline_entry drop column correlation")
            session.execute("delete from django_migrations where app = 'timeline' and name >= %s", [LATEST])
        yield {**given, "SAMBAND_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1", "SAMBAND_LOG": "WARNING"}


def applied(session: psycopg.Connection) -> bool:
    return bool(session.execute("select 1 from django_migrations where name = %s", [LATEST]).fetchone())


def test_a_table_in_use_is_changed_as_soon_as_it_is_free_and_sales_go_on(behind):
    url = behind["SAMBAND_DATABASE_URL"]
    with psycopg.connect(url) as reading, psycopg.connect(url, autocommit=True) as selling:
        reading.execute("select count(*) from timeline_entry")  # a report that somebody left open
        migrating = subprocess.Popen(
            [sys.executable, "-m", "samband", "migrate"], cwd=ROOT, env=dict(behind), stderr=subprocess.PIPE, text=True
        )
        assert migrating.stderr is not None
        end = time.monotonic() + 120
        while not selling.execute(WAITS).fetchone()[0] and time.monotonic() < end:
            time.sleep(0.01)
        # Behind the waiting change every sale would wait for the report, too; the change steps aside before that.
        selling.execute("set statement_timeout = '30s'")
        selling.execute(INSERT)
        assert "migration_held_up" in migrating.stderr.readline()
        selling.execute(INSERT)
        assert migrating.poll() is None
        assert not applied(selling)
        reading.rollback()
        assert migrating.wait(120) == 0
        migrating.stderr.close()
        assert applied(selling)
        assert selling.execute("select count(*) from timeline_entry").fetchone() == (2,)


def test_what_could_not_be_changed_is_said_and_can_be_tried_again(behind):
    script = (
        "import django; django.setup()\n"
        "from samband.conf import migrating\n"
        "migrating.PAUSES_SECONDS = (0.1,)\n"
        "try:\n    migrating.migrate()\nexcept migrating.MigrationHeldUp as held_up:\n    print(held_up)\n"
    )
    url = behind["SAMBAND_DATABASE_URL"]
    with psycopg.connect(url) as reading:
        reading.execute("select count(*) from timeline_entry")
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=dict(behind), capture_output=True, text=True, check=True
        )
        assert "in use all the time" in done.stdout
    subprocess.run([sys.executable, "-m", "samband", "migrate"], cwd=ROOT, env=dict(behind), check=True)
    with psycopg.connect(url) as session:
        assert applied(session)
