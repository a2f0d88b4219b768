"""The doctor finds what is not well, says what to do about it, and touches nothing."""

import json
import os
from collections import namedtuple
from datetime import timedelta

import pytest
from django.db import connection

from samband.conf.doctor import Level, database, examine, house, outside, work
from samband.kernel.clock import now
from samband.staff import commands as staff
from samband.timeline.queries import Backlog
from tests.console.counter import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = tmp_path / "media", tmp_path / "search"
    (tmp_path / "secrets").mkdir(mode=0o700)
    return tmp_path


def said(setting_of: dict[str, str], monkeypatch) -> None:
    known = database._setting
    monkeypatch.setattr(database, "_setting", lambda name: setting_of.get(name) or known(name))


def test_a_house_that_is_well_hears_so(monkeypatch, home):
    said({"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}, monkeypatch)
    (home / "last_backup").write_text(f"{now().isoformat()} /copies/one\n")
    staff.add_member("anna@shop.is", "Anna", "admin", PASSWORD)
    transactions = database.well("transactions", "none is open for long")  # other tests may keep some
    monkeypatch.setattr(database, "_transactions", lambda: transactions)
    found = list(examine())
    assert [one for one in found if one.level is not Level.WELL] == []
    assert len({one.point for one in found}) == len(found) > 20


@pytest.mark.parametrize("off", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_database_that_forgets_what_it_acknowledged_is_wrong(monkeypatch, off):
    said({"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", off: "off"}, monkeypatch)
    found = database._durable()
    assert found.level is Level.WRONG
    assert off in found.told


def test_a_database_that_is_too_old_or_of_another_script_is_wrong(monkeypatch):
    said({"server_version_num": "140011", "server_encoding": "SQL_ASCII", "autovacuum": "off"}, monkeypatch)
    assert {one().level for one in (database._version, database._encoding, database._vacuumed)} == {Level.WRONG}


def test_clocks_that_part_and_connections_that_run_out_are_wrong(monkeypatch):
    monkeypatch.setattr(database, "now", lambda: now() + timedelta(seconds=9))
    assert database._clock().level is Level.WRONG
    monkeypatch.setattr(database, "_row", lambda _: (95, 100))
    assert database._connections().level is Level.WRONG
    monkeypatch.setattr(database, "_row", lambda _: (50, 100))
    assert database._connections().level is Level.WELL


def test_a_transaction_left_open_is_pointed_out(monkeypatch):
    monkeypatch.setattr(database, "OLDEST_TRANSACTION_SECONDS", -1)
    assert database._transactions().level is Level.LOOK


def test_tables_of_before_are_wrong():
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'timeline'")
    assert database._migrated().level is Level.WRONG


def test_secrets_that_others_may_read_are_wrong(home):
    assert house._secrets().level is Level.WELL
    (home / "secrets" / "secret_key").write_text("hush")
    os.chmod(home / "secrets" / "secret_key", 0o644)
    found = house._secrets()
    assert found.level is Level.WRONG
    assert "secret_key" in found.told
    assert "hush" not in str(found)


@pytest.mark.parametrize(("free", "level"), [(100 << 30, Level.WELL), (1 << 30, Level.LOOK), (1 << 20, Level.WRONG)])
def test_room_on_the_disk_is_watched(monkeypatch, free, level):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(house.shutil, "disk_usage", lambda _: usage(200 << 30, 0, free))
    assert house._room().level is level


def test_a_copy_that_is_old_or_never_was_is_pointed_out(home):
    assert house._copies().level is Level.LOOK
    (home / "last_backup").write_text(f"{(now() - timedelta(days=5)).isoformat()} /copies/one\n")
    assert house._copies().level is Level.LOOK


def test_delivery_that_nobody_does_is_wrong_and_failures_are_pointed_out(monkeypatch):
    monkeypatch.setattr(work, "backlog", lambda: Backlog(waiting=7, set_aside=2, oldest_seconds=900))
    assert work._delivery().level is Level.WRONG
    assert work._set_aside().level is Level.LOOK


def test_the_demo_where_others_can_come_in_is_wrong(monkeypatch, settings):
    staff.add_member("admin@samband.example", "Anna", "admin", PASSWORD)
    monkeypatch.setenv("SAMBAND_BIND", "127.0.0.1:8000")
    assert work._demo().level is Level.WELL
    monkeypatch.setenv("SAMBAND_BIND", "0.0.0.0:8000")
    assert work._demo().level is Level.WRONG


def test_a_house_open_to_others_needs_https_mail_that_is_sent_and_a_bank_that_pays(monkeypatch, settings):
    monkeypatch.setenv("SAMBAND_BIND", "0.0.0.0:8000")
    assert outside._address().level is Level.WRONG
    settings.SECURE, settings.SITE_URL, settings.PROXIES = True, "https://shop.is", 0
    assert outside._address().level is Level.WELL
    assert outside._proxies().level is Level.LOOK
    assert outside._mail(reach=False).level is Level.WRONG
    assert outside._cards().level is Level.WRONG
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert outside._cards().level is Level.WRONG, "its notices cannot be checked"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_1"
    assert outside._cards().level is Level.WELL
    settings.STRIPE_SECRET_KEY = "sk_test_1"
    assert outside._cards().level is Level.LOOK
    assert "sk_test_1" not in str(outside._cards())


def test_a_mail_server_that_does_not_answer_is_found_when_asked(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert outside._mail(reach=False).level is Level.WELL
    assert outside._mail(reach=True).level is Level.WRONG


def test_the_command_says_it_and_ends_so(monkeypatch):
    from click.testing import CliRunner

    from samband.conf import doctor
    from samband.conf.cli import cli
    from samband.conf.doctor.finding import well, wrong

    found = [well("clock", "as it is"), wrong("disk", "full", "Go.")]
    monkeypatch.setattr(doctor, "examine", lambda reach: iter(found))
    told = CliRunner().invoke(cli, ["doctor"])
    assert told.exit_code == 1
    assert "WRONG  disk: full" in told.output
    assert "→ Go." in told.output
    lines = CliRunner().invoke(cli, ["doctor", "--json"]).output.splitlines()
    assert [json.loads(line)["level"] for line in lines] == ["well", "wrong"]
    found.pop()
    assert CliRunner().invoke(cli, ["doctor"]).exit_code == 0
