"""What several rooms have to tell of one transaction is written in one statement, whole and in order, or not at all."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from samband.kernel.ids import new_id
from samband.kernel.refusal import KeyReused
from samband.timeline import claim, command, delivering, on, record, told_at_once
from samband.timeline.models import Delivery, Entry

pytestmark = pytest.mark.django_db(transaction=True)


def chapters() -> list[int]:
    return [entry.payload["chapter"] for entry in Entry.objects.order_by("position")]


def test_events_wait_for_the_end_of_the_block_and_go_in_one_statement(told):
    heard = []
    on(told)(lambda event: heard.append((event.story_id, event.chapter)))
    one, other = new_id(), new_id()
    with transaction.atomic(), CaptureQueriesContext(connection) as said:
        with told_at_once():
            record(told(story_id=one, chapter=1))
            record(told(story_id=other, chapter=2))
            record(told(story_id=one, chapter=3))
            assert len(said) == 0
        assert len(said) == 1
    assert chapters() == [1, 2, 3]
    delivering.deliver()
    assert heard == [(one, 1), (other, 2), (one, 3)]


def test_a_reaction_is_not_owed_what_leaves_it_nothing_to_do(told):
    heard = []
    story = new_id()

    @on(told, unless=lambda event, with_it: event.chapter < max(other.chapter for other in with_it))
    def note_the_end(event):
        heard.append(event.chapter)

    with transaction.atomic(), told_at_once():
        for chapter in (1, 2, 3):
            record(told(story_id=story, chapter=chapter))
    with transaction.atomic():
        record(told(story_id=story, chapter=2))
    assert Delivery.objects.count() == 2
    delivering.deliver()
    assert heard == [3, 2]
    assert chapters() == [1, 2, 3, 2]


def test_nothing_is_written_of_a_block_with_nothing_to_tell_or_outside_a_transaction():
    with pytest.raises(RuntimeError), told_at_once():
        pass
    with transaction.atomic(), CaptureQueriesContext(connection) as said, told_at_once():
        pass
    assert len(said) == 0


def test_what_is_undone_is_not_told(told):
    story = new_id()
    with pytest.raises(ZeroDivisionError), transaction.atomic(), told_at_once():
        record(told(story_id=story, chapter=1))
        raise ZeroDivisionError
    assert not Entry.objects.exists()
    assert not Delivery.objects.exists()


def test_a_part_that_is_undone_alone_is_not_told_while_the_rest_is(told):
    story = new_id()
    with transaction.atomic(), told_at_once():
        record(told(story_id=story, chapter=1))
        with pytest.raises(ZeroDivisionError), transaction.atomic(), told_at_once():
            record(told(story_id=story, chapter=2))
            raise ZeroDivisionError
        with transaction.atomic(), told_at_once():
            record(told(story_id=story, chapter=3))
    assert chapters() == [1, 3]


def test_a_savepoint_without_a_block_of_its_own_is_a_mistake_that_shows(told):
    with pytest.raises(RuntimeError, match="savepoint"), transaction.atomic(), told_at_once(), transaction.atomic():
        record(told(story_id=new_id(), chapter=1))
    assert not Entry.objects.exists()


def test_commands_that_join_wait_with_the_others(told):
    @command
    def write(story_id, chapter):
        return told(story_id=story_id, chapter=chapter)

    story = new_id()
    with transaction.atomic(), told_at_once():
        write(story, 1)
        write(story, 2)
        assert not Entry.objects.exists()
    assert chapters() == [1, 2]


def test_a_key_that_waits_is_found_by_whoever_claims_it_next(told):
    @command
    def write(story_id, chapter):
        return told(story_id=story_id, chapter=chapter)

    story = new_id()
    with transaction.atomic(), told_at_once():
        first = write(story, 1, key="once")
        assert write(story, 1, key="once") == first
    assert chapters() == [1]
    with pytest.raises(KeyReused):
        write(story, 2, key="once")


def test_a_key_is_claimed_in_one_statement(told):
    with transaction.atomic(), CaptureQueriesContext(connection) as said:
        assert claim("write", "k", [1]).earlier is None
    assert len(said) == 1
