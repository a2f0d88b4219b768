"""What the `samband` command says when something is not as it should be: one sentence, never a traceback."""

import subprocess
import sys
from collections.abc import Iterator, Mapping

import psycopg
import pytest

from tests.processes import ROOT, own_database

SEVERAL_SECONDS = 60


def samband(environment: Mapping[str, str], *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "samband", *words],
        env={**environment, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=SEVERAL_SECONDS,
        check=False,
    )


def refused(environment: Mapping[str, str], *words: str) -> str:
    """The one sentence with which it ends."""
    done = samband(environment, *words)
    (sentence,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    return sentence


@pytest.fixture(scope="module")
def house(tmp_path_factory, django_db_blocker) -> Iterator[Mapping[str, str]]:
    with django_db_blocker.unblock(), own_database("samband_cli") as environment:
        yield {**environment, "SAMBAND_HOME": str(tmp_path_factory.mktemp("home"))}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SAMBAND_BIND", "nowhere", "a host and a port"),
        ("SAMBAND_BIND", "127.0.0.1:99999", "a host and a port"),
        ("SAMBAND_SMTP_PORT", "mail", "a port"),
        ("SAMBAND_BACKUP_DAYS", "for ever", "a number of days"),
        ("SAMBAND_LOG", "LOUD", "one of DEBUG, INFO"),
        ("SAMBAND_DATABASE_URL", "postgresql://me:secret@127.0.0.1:1/samband", "cannot be reached"),
        ("SAMBAND_DATABASE_URL", "me:secret@nowhere", "no address of a PostgreSQL"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_a_sentence(tmp_path, name, value, told):
    environment = {
        "SAMBAND_HOME": str(tmp_path),
        "SAMBAND_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/samband",
        name: value,
    }
    sentence = refused(environment, "backlog")
    assert name in sentence
    assert told in sentence
    assert "secret" not in sentence or "such as" in sentence


def test_a_server_and_a_worker_want_the_database_up_to_date(house):
    with psycopg.connect(house["SAMBAND_DATABASE_URL"], autocommit=True) as database:
        database.execute("create temp table kept as select * from django_migrations where app = 'staff'")
        database.execute("delete from django_migrations where app = 'staff'")
        try:
            for command in ("serve", "work"):
                assert "run `samband migrate` first" in refused(house, command)
        finally:
            database.execute("insert into django_migrations overriding system value select * from kept")


def test_the_demo_is_refused_in_a_house_with_staff_of_its_own(house):
    taken_on = samband(
        house, "member", "anna@shop.is", "--name", "Anna", "--role", "admin", "--password", "a-long-enough-secret"
    )
    assert taken_on.returncode == 0, taken_on.stderr
    assert "staff of its own" in refused(house, "demo")
    changed = samband(house, "password", "anna@shop.is", typed="another-long-secret\nanother-long-secret\n")
    assert changed.returncode == 0, changed.stderr
    assert (
        "nobody with this e-mail"
        in samband(house, "password", "nobody@shop.is", "--password", "another-long-secret").stderr
    )
