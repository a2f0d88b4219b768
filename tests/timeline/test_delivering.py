"""Every event reaches every reaction, once, in order; a failing reaction holds back nobody else."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from samband.kernel.ids import new_id
from samband.kernel.refusal import KeyReused
from samband.timeline import command, commands, delivering, on, queries, record, record_all
from samband.timeline.models import Delivery, Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _notes(transactional_db):
    """A table for effects: what a reaction did, in its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("create table note (id bigserial primary key, story uuid, chapter int)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("drop table note")


def note(event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into note (story, chapter) values (%s::uuid, %s::int)", [event.story_id, event.chapter])


def notes() -> list[tuple[UUID, int]]:
    with connection.cursor() as cursor:
        cursor.execute("select story, chapter from note order by id")
        return cursor.fetchall()


def tell(told, story: UUID, *chapters: int) -> None:
    for chapter in chapters:
        with transaction.atomic():
            record(told(story_id=story, chapter=chapter))


def make_due() -> None:
    Delivery.objects.update(due_at="2000-01-01T00:00Z")


def test_an_event_is_recorded_only_with_what_made_it_true(told):
    story = new_id()
    with pytest.raises(RuntimeError):
        record(told(story_id=story, chapter=1))

    @transaction.atomic
    def undone() -> None:
        record(told(story_id=story, chapter=1))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert not Entry.objects.exists()
    assert not Delivery.objects.exists()


def test_many_events_are_recorded_in_their_order_and_owed_like_one(told):
    on(told)(note)
    first, second = new_id(), new_id()
    with pytest.raises(RuntimeError):
        record_all([told(story_id=first, chapter=1)])
    with transaction.atomic():
        record_all([])
        record_all(told(story_id=story, chapter=chapter) for chapter in (1, 2, 3) for story in (second, first))
    assert Delivery.objects.count() == 6
    delivering.deliver()
    assert notes() == [(story, chapter) for chapter in (1, 2, 3) for story in (second, first)]


def test_the_story_cannot_be_rewritten(told):
    tell(told, new_id(), 1)
    with pytest.raises(Exception, match="append-only"):
        Entry.objects.update(name="other")
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("delete from timeline_entry")


def test_every_reaction_hears_every_event_once(told):
    heard = []
    on(told)(note)

    @on(told)
    def listen(event) -> None:
        heard.append(event.chapter)

    tell(told, new_id(), 1, 2, 3)
    assert delivering.deliver() == 6
    assert delivering.deliver() == 0
    assert heard == [1, 2, 3]
    assert [chapter for _, chapter in notes()] == [1, 2, 3]
    assert queries.backlog() == queries.Backlog(0, 0, 0.0)


def test_a_failing_reaction_is_undone_retried_and_set_aside_while_others_go_on(told):
    heard = []
    broken = True

    @on(told)
    def stumble(event) -> None:
        note(event)
        if broken and event.chapter == 1:
            raise ValueError("a person's name that must not be kept")

    @on(told)
    def listen(event) -> None:
        heard.append(event.chapter)

    one, other = new_id(), new_id()
    tell(told, one, 1, 2)
    tell(told, other, 2)
    delivering.deliver()
    assert heard == [1, 2, 2], "another reaction is not held back"
    assert notes() == [(other, 2)], "another subject is not held back; the failed effect is undone"
    assert Delivery.objects.get(attempts=1).due_at > Entry.objects.latest("position").recorded_at
    assert queries.backlog().waiting == 2
    for _ in delivering.PAUSES_SECONDS:
        make_due()
        delivering.deliver()
    aside = queries.owed(set_aside=True)
    assert [(owed.event.rsplit(".")[-1], owed.subject) for owed in aside] == [("Told", f"story:{one}")]
    assert "ValueError" in aside[0].error
    assert "name" not in aside[0].error
    assert notes() == [(other, 2), (one, 2)], "set aside, it no longer holds back what comes after"

    broken = False
    commands.retry(aside[0].id)
    delivering.deliver()
    assert notes() == [(other, 2), (one, 2), (one, 1)]
    assert not Delivery.objects.exists()


def test_pauses_grow(told):
    @on(told)
    def stumble(event) -> None:
        raise ValueError

    tell(told, new_id(), 1)
    pauses = []
    for _ in delivering.PAUSES_SECONDS:
        make_due()
        with connection.cursor() as cursor:
            delivering.deliver()
            cursor.execute("select due_at - now() from timeline_delivery")
            pauses.append(cursor.fetchone()[0])
    assert pauses == sorted(pauses)
    assert pauses[-1] > timedelta(hours=5)


def test_workers_share_the_work_and_keep_the_order_of_each_subject(told):
    on(told)(note)
    stories = [new_id() for _ in range(8)]
    for chapter in range(12):
        for story in stories:
            tell(told, story, chapter)

    def drain() -> None:
        while delivering.deliver():
            pass
        connection.close()

    workers = [threading.Thread(target=drain) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    delivering.deliver()
    assert len(notes()) == 96
    for story in stories:
        assert [chapter for told_of, chapter in notes() if told_of == story] == list(range(12))


def test_positions_of_one_subject_commit_in_order(told):
    """Two writers about one subject: the second waits, so nobody can see its later position first."""
    story, began, seen = new_id(), threading.Event(), []

    def second() -> None:
        began.wait()
        tell(told, story, 2)
        seen.append(list(Entry.objects.order_by("position").values_list("payload__chapter", flat=True)))
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        record(told(story_id=story, chapter=1))
        began.set()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join()
    assert seen == [[1, 2]]


def test_a_lost_connection_is_not_the_reactions_fault(told):
    @on(told)
    def cut(event) -> None:
        connection.connection.close()
        note(event)

    tell(told, new_id(), 1)
    with pytest.raises(Exception, match="closed"):
        delivering.deliver()
    connection.close()
    assert Delivery.objects.get().attempts == 0


def test_asking_twice_with_one_key_is_asking_once(told):
    did = []

    @command
    def write(story_id, chapter):
        did.append(chapter)
        return told(story_id=story_id, chapter=chapter)

    story = new_id()
    first = write(story, chapter=1, key="a")
    assert write(story, chapter=1, key="a") == first
    assert did == [1]
    with pytest.raises(KeyReused):
        write(story, chapter=2, key="a")
    write(story, chapter=2, key="b")
    assert did == [1, 2]
    assert Entry.objects.count() == 2


def test_racing_with_one_key_does_it_once(told):
    did, answers, together = [], [], threading.Barrier(6)

    @command
    def write(story_id):
        did.append(1)
        return told(story_id=story_id, chapter=len(did))

    story = new_id()

    def race() -> None:
        together.wait()
        answers.append(write(story, key="same"))
        connection.close()

    racers = [threading.Thread(target=race) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert did == [1]
    assert answers == [answers[0]] * 6
