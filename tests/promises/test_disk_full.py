"""No room on the disk: whoever is told yes has it, others are told no, and nothing is half done or left behind."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from samband.channels.capture.grouping import Group
from samband.channels.capture.storing import kept, together
from samband.channels.connectors.rejects import Rejects
from samband.commerce.catalog import storing
from samband.commerce.catalog.search import indexing
from samband.commerce.catalog.search.state import read_state
from samband.engagement.messaging import sending
from samband.flows.audit import audit
from samband.flows.files_of_customer import _replace
from samband.timeline import delivering
from tests.channels.capture_client import Client, server_source
from tests.promises.kill_deeds import buy, open_cart
from tests.promises.kill_orders import standings
from tests.worlds import small_world

NO_ROOM = "do $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$"
"""What PostgreSQL says when it finds no room, from PostgreSQL itself."""


class DiskFull:
    """The nth statement from here on, and all after it, find no room."""

    def __init__(self, lives: int) -> None:
        self.lives, self.seen = lives, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen >= self.lives:
            return execute(NO_ROOM, None, False, context)
        return execute(sql, params, many, context)


class TestNoRoomForTheDatabase:
    @pytest.mark.django_db(transaction=True)
    def test_a_checkout_that_finds_no_room_at_any_statement_is_refused_and_then_done(self):
        small_world()
        cart, whole = open_cart("whole")["cart"], DiskFull(10**9)
        with connection.execute_wrapper(whole):
            buy(cart, "whole")
        orders = 1
        for lives in range(1, whole.seen + 1, 2):
            cart, full = open_cart(f"full-{lives}")["cart"], DiskFull(lives)
            with connection.execute_wrapper(full):
                refused = _refused_for_want_of_room(cart, f"key-{lives}")
            assert refused or full.seen < lives, "a process that has seen much asks fewer statements"
            assert lives > 20 or refused
            placed = buy(cart, f"key-{lives}")
            orders += 1
            assert placed["state"] == "placed"
        while delivering.deliver():
            pass
        assert list(audit()) == []
        assert Counter(one.state for one in standings())["placed"] == orders

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("in_groups", [False, True])
    def test_capture_says_that_it_cannot_keep_it_now_and_keeps_nothing(self, in_groups, monkeypatch):
        store = together(Group(_kept_and_left, writers=1)) if in_groups else None
        client = Client(server_source(), **({"store": store} if store else {}))
        letters = [{"type": "track", "event": "Seen", "anonymousId": f"v-{n}", "messageId": f"m-{n}"} for n in range(9)]
        copy = psycopg.Cursor.copy

        def no_room(cursor: Any, *args: Any, **more: Any) -> Any:
            cursor.execute(NO_ROOM)
            return copy(cursor, *args, **more)

        with monkeypatch.context() as without:
            without.setattr(psycopg.Cursor, "copy", no_room)
            answer = client.batch(*letters)
        assert (answer.status, answer.code) == (503, "unavailable")
        assert int(answer.headers["Retry-After"]) >= 1
        assert _count("touchpoints_touchpoint") == _count("touchpoints_seen") == 0
        assert client.batch(*letters).status == 200
        assert _count("touchpoints_touchpoint") == _count("touchpoints_seen") == 9


def _refused_for_want_of_room(cart: str, key: str) -> bool:
    try:
        buy(cart, key)
    except OperationalError as error:
        return isinstance(error.__cause__, psycopg.errors.DiskFull)
    return False


def _kept_and_left(takings: Any) -> Any:
    """As a writer keeps it, but its connection does not outlive the test."""
    try:
        return kept(takings)
    finally:
        connection.close()


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of so many megabytes; skipped where nobody lets us have one."""
    folder = Path(tempfile.mkdtemp(prefix="samband-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("mounting a small file system is not permitted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def stopped_after(home: Path) -> Iterator[None]:
    """Whoever began its PostgreSQL last: nothing of it is left when its disk goes."""
    from samband.conf import postgres

    try:
        yield
    finally:
        postgres.stop(home)


def fill(folder: Path, leave: int = 0) -> Path:
    """Leave no room but so many bytes."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65_536)
        except OSError:
            pass
        if leave:
            file.truncate(max(0, filler.stat().st_size - leave))
    return filler


class TestNoRoomForFiles:
    def test_media_are_whole_or_not_there(self, monkeypatch):
        with small_disk(2) as disk:
            monkeypatch.setattr(settings, "MEDIA_ROOT", disk / "media")
            first = storing.store(b"first" * 1000, "svg")
            filler = fill(disk)
            with pytest.raises(OSError, match="No space left"):
                storing.store(b"other" * 100_000, "svg")
            filler.unlink()
            files = [path for path in (disk / "media").rglob("*") if path.is_file()]
            assert files == [disk / "media" / first]
            assert (disk / "media" / storing.store(b"other" * 100_000, "svg")).read_bytes() == b"other" * 100_000

    def test_rejects_are_whole_or_as_they_were(self):
        with small_disk(2) as disk:
            path = disk / "rejects.csv"
            with Rejects(path, ["a"]) as rejects:
                rejects.add(1, "file", "unreadable", ["1"])
            was = path.read_bytes()
            filler = fill(disk)
            with pytest.raises(OSError, match="No space left"), Rejects(path, ["a"]) as rejects:
                for row in range(100_000):
                    rejects.add(row, "file", "unreadable", ["Somebody's name"])
            assert path.read_bytes() == was
            assert sorted(disk.iterdir()) == [filler, path], "nothing half written lies about, for it names people"

    def test_a_file_that_is_replaced_is_whole_or_as_it_was(self):
        with small_disk(2) as disk:
            path = disk / "people.csv"
            path.write_bytes(b"anna\n")
            filler = fill(disk)
            with pytest.raises(OSError, match="No space left"):
                _replace(path, b"x" * 500_000)
            assert path.read_bytes() == b"anna\n"
            assert sorted(disk.iterdir()) == [filler, path]

    @pytest.mark.django_db(transaction=True)
    def test_search_goes_on_with_what_it_has_and_catches_up_when_there_is_room(self, monkeypatch):
        from samband.commerce.catalog import commands as catalog
        from samband.commerce.catalog.drafts import ProductDraft, VariantDraft

        small_world()
        with small_disk(3) as disk:
            monkeypatch.setattr(settings, "SEARCH_ROOT", disk / "search")
            (disk / "search").mkdir()
            assert indexing.catch_up()
            was = read_state()
            filler = fill(disk)
            draft = ProductDraft(slug="new", category="home", names={"en": "New"}, variants=(VariantDraft("NEW"),))
            catalog.save_products([draft])
            for _ in range(3):
                with pytest.raises((OSError, ValueError)):
                    indexing.catch_up()
            assert read_state() == was, "the index that was whole is the one that is read"
            assert len(list((disk / "search").glob("index-*"))) == 1, "what was begun takes no room"
            filler.unlink()
            assert indexing.catch_up()
            now = read_state()
            assert was is not None
            assert now is not None
            assert now.documents == was.documents + 1

    @pytest.mark.django_db(transaction=True)
    def test_a_message_that_finds_no_room_is_sent_when_there_is(self, monkeypatch):
        from datetime import timedelta

        from samband.engagement.messaging.models import Message
        from samband.kernel.clock import held_at, now

        small_world()
        monkeypatch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
        buy(open_cart("letter")["cart"], "letter")
        while delivering.deliver():
            pass
        with small_disk(1) as disk:
            monkeypatch.setattr(settings, "EMAIL_FILE_PATH", str(disk / "mail"))
            (disk / "mail").mkdir()
            filler = fill(disk)
            assert sending.send_due() == 1
            assert Message.objects.get().state == "queued"
            filler.unlink()
            with held_at(now() + timedelta(hours=1)):
                sending.send_due()
            assert Message.objects.get().state == "sent"
            whole = [file for file in (disk / "mail").iterdir() if b"Content-Language" in file.read_bytes()]
            assert len(whole) == 1


@pytest.mark.slow
class TestNoRoomForAWholeHouse:
    """A house whose database and home lie on one small disk, which is filled while people buy."""

    def test_it_refuses_and_goes_on_when_there_is_room(self, django_db_setup):
        from samband.conf import postgres
        from tests.promises.kill_databases import house_on
        from tests.promises.kill_house import serving
        from tests.promises.kill_servers import Buyers, Visitors

        settings = "max_wal_size = '64MB'\nwal_recycle = off\n"
        with small_disk(420) as disk, stopped_after(disk), house_on(disk, settings) as house:
            with serving(house, "serve", "--workers", "2") as server:
                buyers, visitors = Buyers.of(house, server.port), Visitors(server.port)
                key = house.given["write_key"]
                with visitors.at_work(lambda nth: visitors.send(nth, key), clients=2), buyers.at_work(buyers.buy):
                    for room in (0, 400_000):
                        filler = fill(disk, room)
                        _refused(buyers, visitors)
                        filler.unlink()
                        postgres.ensure_running(disk)  # which recovers, if it had no room for its journal either
                        _answered(buyers)
                server.stop()
            after = house.after()
            assert after["wrong"] == []
            assert buyers.wrong_after(after) == []
            assert visitors.wrong == []
            assert visitors.lost(house) == []


def _refused(*crowds: Any) -> None:
    before, until = [crowd.seen["503"] for crowd in crowds], time.monotonic() + 120
    while all(crowd.seen["503"] == was for crowd, was in zip(crowds, before, strict=True)):
        assert time.monotonic() < until, "nobody was refused"
        time.sleep(0.1)


def _answered(buyers: Any) -> None:
    before, until = len(buyers.told), time.monotonic() + 120
    while len(buyers.told) <= before + 4:
        assert time.monotonic() < until, "nobody was answered"
        threading.Event().wait(0.1)
