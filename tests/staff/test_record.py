"""The record of what staff did and saw: only added to, and an audit tells what is missing or was changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from samband.kernel.clock import held_at, in_future
from samband.staff import books, chores, commands, factors, record, recorded, sealing
from samband.staff.models import Note, Seal
from samband.staff.recorded import Asked
from samband.staff.refusals import WrongPassword
from tests.undefended import undefend

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes() -> list[int]:
    """Seven notes under two seals, and one that waits for the next."""
    found = [record.note("member:1", "orders.look", [f"order:{nth}"], "saw", door="console") for nth in range(4)]
    sealing.seal_notes()
    found += [record.note("key:abc", "readCustomer", [f"customer:{nth}"], "saw", door="api") for nth in range(3)]
    sealing.seal_notes()
    return [*found, record.note("command line", "erase", ["customer:1"], "did")]


def tampered(sql: str, *given: object) -> None:
    """What only somebody who rules the database can do."""
    with connection.cursor() as cursor:
        undefend(cursor, "staff_note", "staff_seal")
        cursor.execute(sql, given)


def test_a_whole_record_has_no_findings(notes: list[int]) -> None:
    assert list(books.findings()) == []
    assert [len(list(sealing.each(bytes(one.rows)))) for one in Seal.objects.order_by("number")] == [4, 3]
    assert sealing.seal_notes() == 1
    assert sealing.seal_notes() == 0
    assert list(books.findings()) == []


@pytest.mark.parametrize(
    "sql",
    [
        "update staff_note set actor = 'nobody'",
        "update staff_note set seal = null where seal is not null",
        "update staff_note set seal = 1 where seal = 2",
        "update staff_note set seal = 9, actor = 'nobody' where seal is null",
        "delete from staff_note",
        "update staff_seal set hash = ''",
        "delete from staff_seal",
    ],
)
def test_the_database_itself_refuses_every_change(notes: list[int], sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(books.findings()) == []


def test_a_note_that_was_taken_out_is_missed_by_its_number(notes: list[int]) -> None:
    tampered("delete from staff_note where id = %s", notes[2])
    assert list(books.findings()) == [f"Note {notes[2]} of the staff record, under seal 1, is missing."]


def test_a_note_that_was_changed_is_named(notes: list[int]) -> None:
    tampered("update staff_note set about = %s where id = %s", ["order:9"], notes[5])
    assert list(books.findings()) == [f"Note {notes[5]} of the staff record, under seal 2, was changed."]


def test_a_note_that_was_slipped_in_is_named(notes: list[int]) -> None:
    tampered("update staff_note set seal = 1 where id = %s", notes[7])
    assert list(books.findings()) == [f"Note {notes[7]} of the staff record, under seal 1, was added afterwards."]


def test_a_chain_with_a_seal_gone_or_mended_without_the_secret_breaks(notes: list[int]) -> None:
    tampered("delete from staff_note where seal = 1")
    tampered("delete from staff_seal where number = 1")
    assert "Seals 1 to 1 of the staff record are missing." in list(books.findings())


def test_mending_a_seal_takes_the_houses_secret(notes: list[int], settings) -> None:
    tampered("delete from staff_note where id = %s", notes[0])
    seal = Seal.objects.get(number=1)
    rows = bytes(seal.rows)[sealing.ROW_BYTES :]
    ours, settings.STAFF_SECRET = settings.STAFF_SECRET, "what a thief of the database has not"
    mended = sealing.hash_over(1, b"", rows)
    settings.STAFF_SECRET = ours
    tampered("update staff_seal set rows = %s::bytea, hash = %s::bytea where number = 1", rows, mended)
    told = list(books.findings())
    assert any(one.startswith("Seal 1 of the staff record is not the one that was set") for one in told)


def test_a_record_that_nobody_seals_is_a_finding(notes: list[int]) -> None:
    with held_at(in_future(days=1, minutes=1)):
        assert list(books.findings()) == [
            "1 notes of the staff record are older than a day and not sealed: is `samband work` running?"
        ]


def test_what_is_older_than_the_house_keeps_goes_whole_seals_at_a_time_and_is_not_missed(
    notes: list[int], settings
) -> None:
    settings.RECORD_DAYS = 30
    assert chores.let_old_record_go() == 0
    with held_at(in_future(days=31)):
        sealing.seal_notes()
        assert chores.let_old_record_go() == 7
        assert list(Note.objects.values_list("pk", flat=True)) == [notes[7]]
        assert list(books.findings()) == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Note.objects.all().delete()


def test_what_was_noted_in_a_transaction_that_came_to_nothing_was_not_noted() -> None:
    with pytest.raises(WrongPassword), transaction.atomic():
        record.did("something")
        raise WrongPassword
    assert not Note.objects.exists()


def test_sign_ins_that_fail_are_noted_without_the_address_that_was_typed() -> None:
    with pytest.raises(WrongPassword):
        commands.sign_in("Anna@example.is", "wrong-wrong-wrong")
    [note] = recorded.found(Asked(outcome="refused"), None, 10)
    assert (note.deed, note.code, note.about) == ("sign_in", "wrong_password", (record.email("anna@example.is"),))
    assert "anna" not in str(note)


def test_staff_deeds_are_noted_with_whoever_did_them_and_to_whom() -> None:
    with record.acting(record.COMMAND_LINE, "samband"):
        anna = commands.add_member("anna@example.is", "Anna", "service", "a-long-enough-secret")
        commands.change_role("anna@example.is", "stock")
        commands.set_password("anna@example.is", "another-long-secret")
        factors.reset("anna@example.is")
        commands.deactivate("anna@example.is")
        commands.reactivate("anna@example.is")
        commands.end_sessions(anna.id)
    notes = list(recorded.all_of(Asked(about=[record.member(anna.id)])))
    assert [one.deed for one in notes] == [
        "member_added", "role_changed", "password_changed", "second_factors_reset", "member_deactivated",
        "member_reactivated", "signed_out_everywhere",
    ]  # fmt: skip
    assert {(one.actor, one.door, one.outcome) for one in notes} == {("command line", "samband", "did")}


def test_a_deed_that_was_refused_is_one_line_with_the_reason() -> None:
    noted = record.did("order.refund", ["order:1"], actor="member:1")
    record.refused("order.refund", "too_much", ["order:1"], actor="member:1", refuses=noted)
    [line] = recorded.found(Asked(), None, 10)
    assert (line.id, line.outcome, line.code) == (noted, "refused", "too_much")
    assert [one.outcome for one in recorded.all_of(Asked())] == ["did", "refused"]


def test_the_record_is_asked_by_whom_about_what_and_when(notes: list[int]) -> None:
    def ids(**asked: object) -> list[int]:
        return [one.id for one in recorded.found(Asked(**asked), None, 50)]  # type: ignore[arg-type]

    assert ids(actor="key:abc") == notes[6:3:-1]
    assert ids(about=("customer:1", "order:3")) == [notes[7], notes[5], notes[3]]
    assert ids(outcome="did") == [notes[7]]
    assert ids(since=in_future(minutes=1)) == []
    assert len(recorded.found(Asked(), notes[3], 50)) == 3
