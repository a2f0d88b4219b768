"""A person who is forgotten leaves nothing: no column of any table, no file, no line of the log has a trace of them.

They are planted everywhere first, through real doors and flows. So that no table is forgotten, every column that can
hold a text is either one in which they were found before, or is named here with the reason why it never holds anybody.
"""

import io
import logging
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from samband.flows import files_of_customer as files
from samband.flows.audit import audit
from samband.flows.erase_customer import erase_customer, erase_rooms
from samband.flows.keep_no_longer import keep_no_longer
from samband.flows.reach_customer import reach_of, rooms
from samband.kernel.clock import held_at, now
from tests.promises.planted import Planted, plant, settle, traces
from tests.promises.where_nobody_is import NEVER_ANYBODY, NO_PERSON_IN_TABLE, NOT_A_ROOM_OF_PEOPLE
from tests.worlds import small_world

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = ("text", "character varying", "jsonb", "json", "bytea", "ARRAY", "inet", "xml", "tsvector")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, written as a running house writes it."""
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    ours = next(one for one in logging.getLogger().handlers if one.name == "samband")
    handler.setFormatter(ours.formatter)
    logging.getLogger().addHandler(handler)
    yield told
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def planted(settings, tmp_path) -> Planted:
    home = tmp_path / "home"
    home.mkdir()
    settings.HOME = home
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = home / "mail"
    return plant(small_world(), home)


# --- looking


def columns() -> dict[str, list[str]]:
    """Every column of every table that can hold a text, by table."""
    found: dict[str, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.table_name, c.column_name from information_schema.columns c"
            " join information_schema.tables t using (table_schema, table_name)"
            " where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = any(%s)"
            " order by 1, c.ordinal_position",
            [list(TEXTS)],
        )
        for table, column in cursor.fetchall():
            found[table].append(column)
    return found


def in_database() -> dict[str, set[str]]:
    """In which columns traces are, and which."""
    told: dict[str, set[str]] = defaultdict(set)
    sought = traces()
    with connection.cursor() as cursor:
        for table, names in columns().items():
            for name in names:
                cursor.execute(f'select lower("{name}"::text) from "{table}" where "{name}" is not null')
                whole = "\n".join(row[0] for row in cursor.fetchall() if row[0])
                told[f"{table}.{name}"] |= {what for what, text in sought.items() if text in whole}
    for session in Session.objects.all():
        said = str(session.get_decoded()).casefold()
        told["django_session.session_data"] |= {what for what, text in sought.items() if text in said}
    return {where: what for where, what in told.items() if what}


def in_files(home: Path) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    sought = traces()
    for path in sorted(one for one in home.rglob("*") if one.is_file()):
        whole = f"{path}\n".casefold() + "\n".join(_contents(path)).casefold()
        if what := {what for what, text in sought.items() if text in whole}:
            told[str(path.relative_to(home))] = what
    return told


def _contents(path: Path) -> Iterator[str]:
    raw = path.read_bytes()
    yield raw.decode("utf-8", "replace")
    yield raw.hex()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as pack:
            for name in pack.namelist():
                yield pack.read(name).decode("utf-8", "replace")


def in_log(log: io.StringIO) -> set[str]:
    whole = log.getvalue().casefold()
    return {what for what, text in traces().items() if text in whole}


def sessions_of(planted: Planted) -> list[str]:
    return [one.pk for one in Session.objects.all() if one.get_decoded().get("customer_id") == str(planted.account)]


# --- the promise


def test_nothing_is_left_of_somebody_who_is_forgotten(planted, settings, log):
    home = Path(settings.HOME)
    before = in_database()
    kinds = {name.split("/")[0] for name in in_files(home)}
    assert kinds == {files.MAILS, files.REJECTS, files.EXPORTS}, "planted in every kind of file"
    assert sessions_of(planted)
    reach = reach_of(planted.account)
    assert set(planted.orders.values()) <= set(reach.orders)

    done = erase_customer(reach)
    settle()

    assert in_database() == {}
    assert in_files(home) == {}
    assert in_log(log) == set()
    assert sessions_of(planted) == []
    assert done.state == "done"
    assert list(audit()) == []
    assert unspoken(before) == [], "columns of which nobody has said whether they ever hold a person"


def unspoken(found: Mapping[str, Collection[str]]) -> list[str]:
    """Columns in which nobody was found and of which nobody has said why."""
    return [
        f"{table}.{name}"
        for table, names in columns().items()
        if table not in NO_PERSON_IN_TABLE
        for name in names
        if f"{table}.{name}" not in found and f"{table}.{name}" not in NEVER_ANYBODY
    ]


def test_what_is_said_of_columns_is_true_of_columns_that_there_are(planted):
    there = columns()
    assert set(NO_PERSON_IN_TABLE) <= set(there)
    assert {name for name in NEVER_ANYBODY if name.split(".")[1] not in there.get(name.split(".")[0], ())} == set()
    found = in_database()
    assert sorted(set(found) & set(NEVER_ANYBODY)) == []
    assert sorted(name for name in found if name.split(".")[0] in NO_PERSON_IN_TABLE) == []


MISSED = ("accounts", "cart", "fulfillment", "identity", "messaging", "tills", "touchpoints", "timeline")


def test_a_room_that_keeps_somebody_is_caught(planted, monkeypatch):
    """The search is worth something: with any one room's erasing undone, it finds them."""
    reach = reach_of(planted.account)
    found_in = dict(rooms())
    for label in MISSED:
        with transaction.atomic():
            with monkeypatch.context() as undone:
                undone.setattr(found_in[label], "erase", lambda reach: 0)
                erase_rooms(reach)
            left = in_database() if label != "timeline" else keys_of(planted)
            transaction.set_rollback(True)
        assert left, label


def keys_of(planted: Planted) -> list[int]:
    """Entries of their orders that still have a key and a hash of what they asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select position from timeline_entry where key like 'check_out:%%' and subject = any(%s)",
            [[f"order:{one}" for one in planted.orders.values()]],
        )
        return [row[0] for row in cursor.fetchall()]


def test_files_that_are_left_are_caught(planted, settings, monkeypatch):
    monkeypatch.setattr(files, "erase_from_files", lambda sought: {})
    erase_customer(reach_of(planted.account))
    assert in_database() == {}
    assert in_files(Path(settings.HOME))


def test_every_room_that_could_keep_somebody_says_what_it_knows_of_them():
    """A room with a text, a customer's id or anything of the kind has a privacy.py, or is named with the reason."""
    silent = set()
    speaking = {room.__name__.removesuffix(".privacy") for _, room in rooms()}
    for app in apps.get_app_configs():
        if app.name.startswith("samband.") and app.models_module and app.name not in speaking:
            silent.add(app.label)
    assert silent == set(NOT_A_ROOM_OF_PEOPLE)


def test_every_room_gives_out_and_lets_go():
    for label, room in rooms():
        assert isinstance(room, ModuleType)
        assert callable(room.export), label
        assert callable(room.erase), label


def test_letting_go_of_everything_that_is_old_leaves_the_books_balanced(planted):
    with held_at(now() + timedelta(days=3650)):
        gone = keep_no_longer()
    assert {
        "guest_carts",
        "contacts_of_drafts",
        "contacts_of_orders",
        "messages",
        "offline_payloads",
        "idempotency",
        "label_links",
        "store_visits",
        "touchpoints",
        "sign_in_codes",
        "sessions",
    } <= set(gone)
    assert list(audit()) == []
