"""Somebody who was forgotten is not back for long when an older copy of the database is restored."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from samband.conf.backups import tools
from samband.customers.accounts import commands as accounts
from samband.customers.accounts import queries as account_queries
from samband.customers.rights import queries as rights
from samband.flows import files_of_customer as files
from samband.flows.audit import audit
from samband.flows.erase_again import erase_again
from samband.flows.erase_customer import erase_customer
from samband.flows.reach_customer import reach_of
from samband.kernel.identifier import key_of
from tests.flows.test_customer_orders import bought_as_guest
from tests.flows.test_erase_customer import ANNA, anna, settled
from tests.processes import ROOT
from tests.promises.planted import MAIL, plant, traces
from tests.promises.test_nothing_left import columns
from tests.worlds import small_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.HOME / "mail"
    return settings.HOME


def address(name: str) -> str:
    given = connection.settings_dict
    parts = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    return make_conninfo(dbname=name, **{part: value for part, value in parts.items() if value})


@pytest.fixture
def other_database():
    """The name of an empty database of its own."""
    name = f"restored_{os.getpid()}"
    with psycopg.connect(address("postgres"), autocommit=True) as admin:
        admin.execute(f"drop database if exists {name} with (force)")
        admin.execute(f"create database {name}")
        yield name
        admin.execute(f"drop database if exists {name} with (force)")


def samband(settings, database: str, *arguments: str) -> str:
    environment: Mapping[str, str] = {
        **os.environ,
        "SAMBAND_DATABASE_URL": address(database),
        "SAMBAND_HOME": str(settings.HOME),
        "SAMBAND_IDENTITY_SECRET": settings.IDENTITY_SECRET,
        "SAMBAND_SECRET_KEY": settings.SECRET_KEY,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "samband", *arguments], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def left_in(database: str) -> set[str]:
    """Traces of the person in any column of a database."""
    found: set[str] = set()
    sought = traces()
    with psycopg.connect(address(database)) as other:
        for table, names in columns().items():
            for name in names:
                rows = other.execute(f'select lower("{name}"::text) from "{table}" where "{name}" is not null')
                whole = "\n".join(row[0] for row in rows if row[0])
                found |= {f"{table}.{name}: {what}" for what, text in sought.items() if text in whole}
    return found


def test_after_an_older_copy_was_restored_everybody_is_forgotten_again(settings, tmp_path, other_database):
    restore = tools.tool("pg_restore")
    planted = plant(small_world(), settings.HOME)
    copy = tmp_path / "older.dump"
    tools.dump(copy)
    erase_customer(reach_of(planted.account))
    subprocess.run([restore, "--no-owner", f"--dbname={address(other_database)}", str(copy)], check=True)
    assert left_in(other_database), "the older copy has them"

    said = samband(settings, other_database, "erase", "--again")
    assert "1 erasures looked at, 1 people had come back" in said
    assert left_in(other_database) == set()
    assert MAIL not in said
    again = samband(settings, other_database, "erase", "--again")
    assert "1 erasures looked at, 0 people had come back" in again
    assert "every book balances" in samband(settings, other_database, "audit")


def test_whoever_came_back_themselves_since_then_stays():
    small_world()
    first = anna()
    erase_customer(reach_of(first))
    second = accounts.sign_in(ANNA, accounts.ask_code(ANNA, "is").code, "shop").customer_id
    order = bought_as_guest(ANNA)
    settled()
    assert [one.came_back for one in erase_again()] == [False]
    assert account_queries.customer(second).email == ANNA
    assert account_queries.guest_contacts(second), order
    assert rights.suppressed([key_of("email", ANNA)]) == frozenset()
    assert list(audit()) == []


def test_the_files_alone_are_enough_and_a_house_without_any_has_nothing_to_do():
    small_world()
    assert list(erase_again()) == []
    customer = anna()
    done = erase_customer(reach_of(customer))
    noted = list(files.noted_erasures())
    assert [one["erasure"] for one in noted] == [str(done.id)]
    shutil.rmtree(files.folder(files.ERASURES))
    assert list(erase_again()) == []
