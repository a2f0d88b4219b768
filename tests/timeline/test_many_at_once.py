"""Some reactions take many events at a time: all of them or none, each once, also beside other workers."""

import threading

import pytest
from django.db import connection, transaction

from samband.kernel.ids import new_id
from samband.timeline import delivering, on_many, queries, record_all
from samband.timeline.models import Delivery, Entry

pytestmark = pytest.mark.django_db(transaction=True)


def tell(told, chapters: int) -> None:
    with transaction.atomic():
        record_all(told(story_id=new_id(), chapter=chapter) for chapter in range(chapters))


def listening(told) -> list:
    turns = []

    @on_many(told)
    def listen(heard) -> None:
        turns.append(heard)

    return turns


def test_many_events_come_in_one_go_with_their_places_and_moments(told):
    turns = listening(told)
    tell(told, 7)
    assert delivering.deliver() == 7
    assert [[heard.event.chapter for heard in turn] for turn in turns] == [list(range(7))]
    kept = Entry.objects.order_by("position").values_list("position", "recorded_at")
    assert [(heard.position, heard.at) for heard in turns[0]] == list(kept)
    assert delivering.deliver() == 0
    assert queries.backlog() == queries.Backlog(0, 0, 0.0)


def test_more_than_fit_in_one_go_come_in_several(told, monkeypatch):
    monkeypatch.setattr(delivering, "_MOST_AT_ONCE", 3)
    turns = listening(told)
    tell(told, 8)
    delivering.deliver()
    assert [len(turn) for turn in turns] == [3, 3, 2]


def test_one_that_fails_is_found_and_holds_back_none_of_the_others(told):
    taken = []

    @on_many(told)
    def stumble(heard) -> None:
        if any(one.event.chapter == 2 for one in heard):
            raise ValueError("a person's name that must not be kept")
        taken.extend(one.event.chapter for one in heard)

    tell(told, 5)
    delivering.deliver()
    assert sorted(taken) == [0, 1, 3, 4]
    for _ in delivering.PAUSES_SECONDS:
        Delivery.objects.update(due_at="2000-01-01T00:00Z")
        delivering.deliver()
    (aside,) = queries.owed(set_aside=True)
    assert "ValueError" in aside.error
    assert "name" not in aside.error
    assert sorted(taken) == [0, 1, 3, 4]


def test_what_a_failing_turn_wrote_is_undone(told):
    with connection.cursor() as cursor:
        cursor.execute("create table note (chapter int)")
    try:

        @on_many(told)
        def stumble(heard) -> None:
            with connection.cursor() as cursor:
                cursor.executemany("insert into note values (%s::int)", [[one.event.chapter] for one in heard])
            if len(heard) > 1:
                raise ValueError

        tell(told, 4)
        delivering.deliver()
        with connection.cursor() as cursor:
            cursor.execute("select array_agg(chapter order by chapter) from note")
            assert cursor.fetchone()[0] == [0, 1, 2, 3]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table note")


def test_workers_share_the_work_and_nothing_is_taken_twice(told, monkeypatch):
    monkeypatch.setattr(delivering, "_MOST_AT_ONCE", 5)
    taken, together = [], threading.Barrier(4)
    on_many(told)(lambda heard: taken.extend(one.event.chapter for one in heard))
    tell(told, 200)

    def drain() -> None:
        together.wait()
        while delivering.deliver():
            pass
        connection.close()

    workers = [threading.Thread(target=drain) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == list(range(200))


def test_a_lost_connection_is_nobodys_fault(told):
    @on_many(told)
    def cut(heard) -> None:
        connection.connection.close()
        with connection.cursor() as cursor:
            cursor.execute("select 1")

    tell(told, 2)
    with pytest.raises(Exception, match="closed"):
        delivering.deliver()
    connection.close()
    assert list(Delivery.objects.values_list("attempts", flat=True)) == [0, 0]
