"""A copy of the house: made while the shop is open, brought back whole or not at all, with nobody who was forgotten."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.processes import ROOT, own_database

pytestmark = pytest.mark.xdist_group("backups")

BUY = """
import sys
import django
django.setup()
from tests import worlds
from tests.flows.test_customer_orders import bought_as_guest
if sys.argv[1] == "open":
    from samband.customers.accounts import commands
    worlds.small_world()
    commands.sign_in("anna@customer.example", commands.ask_code("anna@customer.example", "is").code, "shop")
for mail in sys.argv[2:]:
    bought_as_guest(mail)
from samband.timeline import delivering
delivering.deliver()
"""
ROWS = "select (select count(*) from orders_order), (select count(*) from timeline_entry)"


@pytest.fixture(scope="module")
def house(django_db_setup, tmp_path_factory) -> Iterator[Mapping[str, str]]:
    """A house of its own in which Anna has an account and somebody bought something, and a picture."""
    folder = tmp_path_factory.mktemp("house")
    with own_database(f"samband_backed_up_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}") as given:
        environment = {**given, "SAMBAND_HOME": str(folder / "home")}
        run_python(environment, BUY, "open", "clara@customer.example")
        (folder / "home" / "media").mkdir(parents=True)
        (folder / "home" / "media" / "sofa.jpg").write_bytes(b"a picture")
        yield environment


@pytest.fixture
def elsewhere(house, tmp_path) -> Iterator[Mapping[str, str]]:
    """An empty database and an empty home."""
    at = conninfo_to_dict(house["SAMBAND_DATABASE_URL"])
    name = f"{at['dbname']}_back"
    with psycopg.connect(make_conninfo(**{**at, "dbname": "postgres"}), autocommit=True) as admin:
        for statement in ("drop database if exists {} with (force)", "create database {}"):
            admin.execute(sql.SQL(statement).format(sql.Identifier(name)))
        yield {
            **house,
            "SAMBAND_DATABASE_URL": make_conninfo(**{**at, "dbname": name}),
            "SAMBAND_HOME": str(tmp_path / "elsewhere"),
        }
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def run_python(environment: Mapping[str, str], script: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, env=dict(environment), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]


def samband(environment: Mapping[str, str], *arguments: object, fails: bool = False) -> str:
    """What the command prints; on standard error, if it is to fail."""
    command = [sys.executable, "-m", "samband", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), capture_output=True, text=True)
    assert bool(done.returncode) == fails, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if fails else done.stdout


def rows(environment: Mapping[str, str]) -> tuple[int, int]:
    with psycopg.connect(environment["SAMBAND_DATABASE_URL"]) as session:
        return session.execute(ROWS).fetchone()


def people(environment: Mapping[str, str], table: str = "accounts_customer") -> str:
    with psycopg.connect(environment["SAMBAND_DATABASE_URL"]) as session:
        return repr(session.execute(f"select email from {table}").fetchall())


def test_what_was_copied_comes_back_and_its_books_balance(house, elsewhere, tmp_path):
    before = rows(house)
    copy, keys = samband(house, "backup", tmp_path / "copies", "--keys", tmp_path / "keys").split()
    assert "whole" in samband(house, "backup", "--check", copy)
    assert oct(Path(copy).stat().st_mode)[-3:] == oct(Path(keys).stat().st_mode)[-3:] == "700"
    assert not (Path(copy) / "secrets").exists(), "who finds the copy cannot read what is kept with a key"
    run_python(house, BUY, "more", "bert@customer.example")
    assert rows(house) != before

    said = samband(elsewhere, "restore", copy, "--keys", keys)
    assert "every book balances" in said
    assert rows(elsewhere) == before
    home = Path(elsewhere["SAMBAND_HOME"])
    assert (home / "media" / "sofa.jpg").read_bytes() == b"a picture"
    secret = Path("secrets") / "identity_secret"
    assert (home / secret).read_bytes() == (Path(house["SAMBAND_HOME"]) / secret).read_bytes()
    assert oct((home / secret).stat().st_mode)[-3:] == "600"


def test_who_was_forgotten_after_the_copy_is_not_back(house, elsewhere, tmp_path):
    copy = samband(house, "backup", tmp_path / "copies").strip()
    assert "anna@customer.example" in people(house)
    samband(house, "erase", "anna@customer.example", "--yes")
    keys = samband(house, "backup", tmp_path / "later", "--keys", tmp_path / "keys").split()[1]
    samband(elsewhere, "restore", copy, "--keys", keys)
    assert "anna@customer.example" not in people(elsewhere)


def test_a_shop_that_sells_meanwhile_is_copied_as_it_was_at_one_moment(house, elsewhere, tmp_path):
    before = rows(house)[0]
    mails = [f"buyer{nth}@customer.example" for nth in range(12)]
    selling = threading.Thread(target=run_python, args=(house, BUY, "more", *mails))
    selling.start()
    copies = []
    while selling.is_alive():
        copies.append(samband(house, "backup", tmp_path / "copies").strip())
    selling.join()
    assert rows(house)[0] == before + 12
    assert "every book balances" in samband(elsewhere, "restore", copies[0])
    assert before <= rows(elsewhere)[0] <= before + 12


def test_a_copy_that_is_damaged_or_was_not_finished_is_refused_before_anything_is_touched(house, elsewhere, tmp_path):
    copy = Path(samband(house, "backup", tmp_path / "copies").strip())
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    whole = (other / "database.dump").read_bytes()
    (other / "database.dump").write_bytes(whole[:-100] + b"x" * 100)
    assert "damaged" in samband(elsewhere, "restore", other, fails=True)
    assert "damaged" in samband(house, "backup", "--check", other, fails=True)
    (other / "manifest.json").unlink()
    assert "no finished copy" in samband(elsewhere, "restore", other, fails=True)
    with psycopg.connect(elsewhere["SAMBAND_DATABASE_URL"]) as session:
        assert session.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


def test_nothing_is_given_up_unasked(house, tmp_path):
    copy = samband(house, "backup", tmp_path / "copies").strip()
    before = rows(house)
    assert "say --over" in samband(house, "restore", copy, fails=True)
    assert rows(house) == before
    run_python(house, BUY, "more", "dora@customer.example")
    with psycopg.connect(house["SAMBAND_DATABASE_URL"]):
        assert "stop serving" in samband(house, "restore", copy, "--over", "--yes", fails=True)
    assert rows(house) != before
    assert "every book balances" in samband(house, "restore", copy, "--over", "--yes")
    assert rows(house)[0] == before[0], "whoever was forgotten is forgotten again, which is told; no order is"
    assert "dora" not in people(house, "accounts_contact")


def test_another_houses_secrets_are_not_written_over(house, elsewhere, tmp_path):
    copy, keys = samband(house, "backup", tmp_path / "copies", "--keys", tmp_path / "keys").split()
    theirs = Path(elsewhere["SAMBAND_HOME"]) / "secrets" / "secret_key"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    assert "another secret" in samband(elsewhere, "restore", copy, "--keys", keys, fails=True)
    assert theirs.read_text() == "theirs"


def test_older_copies_go_and_one_that_failed_leaves_nothing(house, tmp_path):
    folder = tmp_path / "copies"
    made = [samband(house, "backup", folder, "--keep", 2).strip() for _ in range(3)]
    assert sorted(path.name for path in folder.iterdir()) == sorted(Path(path).name for path in made[1:])
    nowhere = {**house, "SAMBAND_DATABASE_URL": house["SAMBAND_DATABASE_URL"].replace("dbname=", "dbname=no_")}
    samband(nowhere, "backup", folder, fails=True)
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in samband(house, "backup", tmp_path / "file" / "below", fails=True)
    assert sorted(path.name for path in folder.iterdir()) == sorted(Path(path).name for path in made[1:])


def test_a_copy_of_a_newer_samband_is_refused(house, elsewhere, tmp_path):
    import json

    from samband.conf.backups import manifest

    copy = Path(samband(house, "backup", tmp_path / "copies").strip())
    told = json.loads((copy / manifest.NAME).read_text())
    told["migrations"]["orders"] = "0999_of_tomorrow"
    (copy / manifest.NAME).write_text(json.dumps(told))
    assert "newer Samband" in samband(elsewhere, "restore", copy, fails=True)
