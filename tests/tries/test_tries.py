"""What may be tried so often is tried so often and no more, whichever process is asked."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection
from hypothesis import given
from hypothesis import strategies as st

from samband.kernel.clock import held_at, now
from samband.kernel.refusal import TooMany, Unavailable
from samband.tries import chores, commands, queries, rules


def tried(what: str = "door", who: str = "10.0.0.1", most: int = 3, seconds: int = 60) -> bool:
    """Whether it was let through."""
    try:
        commands.count(what, who, most, seconds)
    except TooMany:
        return False
    return True


def test_as_many_as_are_allowed_pass_and_then_none(db) -> None:
    assert [tried() for _ in range(5)] == [True, True, True, False, False]


def test_who_is_held_up_is_told_for_how_long(db) -> None:
    moment = now()
    with held_at(moment):
        for _ in range(3):
            tried()
    with held_at(moment + timedelta(seconds=20)), pytest.raises(TooMany) as refusal:
        commands.count("door", "10.0.0.1", 3, 60)
    assert refusal.value.details == {"retry_after": 41}


def test_the_time_runs_from_the_first_try_and_trying_on_does_not_make_it_longer(db) -> None:
    moment = now()
    for second in range(0, 60, 5):
        with held_at(moment + timedelta(seconds=second)):
            tried()
    with held_at(moment + timedelta(seconds=60)):
        assert [tried() for _ in range(4)] == [True, True, True, False]


def test_each_who_and_each_what_has_tries_of_its_own(db) -> None:
    for _ in range(3):
        tried()
    assert not tried()
    assert tried(who="10.0.0.2")
    assert tried(what="window")


def test_whoever_proves_right_begins_anew(db) -> None:
    for _ in range(4):
        tried()
    commands.forget("door", "10.0.0.1")
    assert tried()
    assert queries.left("door", "10.0.0.1", 3) == 2


def test_looking_counts_nothing(db) -> None:
    assert [queries.left("door", "10.0.0.1", 3) for _ in range(3)] == [3, 3, 3]
    for _ in range(9):
        tried()
    assert queries.left("door", "10.0.0.1", 3) == 0
    with held_at(now() + timedelta(seconds=61)):
        assert queries.left("door", "10.0.0.1", 3) == 3


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_as_many_as_one_after_the_other() -> None:
    together, passed = Barrier(16), []

    def attempt() -> None:
        together.wait()
        for _ in range(5):
            passed.append(tried(most=30))
        connection.close()

    threads = [Thread(target=attempt) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (passed.count(True), passed.count(False)) == (30, 50)


def test_a_database_that_fails_lets_nobody_through_and_is_a_plain_answer(db) -> None:
    def away(*_given: object) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(away):
        with pytest.raises(Unavailable):
            commands.count("door", "10.0.0.1", 3, 60)
        with pytest.raises(Unavailable):
            commands.forget("door", "10.0.0.1")


def test_what_is_over_is_swept_and_nothing_else(db) -> None:
    tried(seconds=10)
    tried(who="10.0.0.2", seconds=1000)
    with held_at(now() + timedelta(seconds=20)):
        assert chores.sweep_tries() == 1
    assert queries.left("door", "10.0.0.2", 3) == 2


def test_nobody_is_found_by_the_table_and_the_log_is_not_waited_for(db) -> None:
    tried(who="anna@example.is")
    with connection.cursor() as cursor:
        cursor.execute("select who::text, tried::text from tries_tried tried")
        assert all("anna" not in text for row in cursor.fetchall() for text in row)
        cursor.execute("select relpersistence from pg_class where relname = 'tries_tried'")
        assert cursor.fetchone() == ("u",)


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_no_two_stand_for_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    if "\0" in one[0] + other[0]:
        return  # kinds are names of ours
    assert (rules.whose(b"key", *one) == rules.whose(b"key", *other)) == (one == other)


def test_another_key_makes_another_hash() -> None:
    assert rules.whose(b"key", "door", "anna") != rules.whose(b"other", "door", "anna")
