"""What follows from a request carries its id: its events, what reacts to them, and what that tells in turn."""

from contextlib import contextmanager

import pytest
import structlog
from django.db import connection, transaction

from samband.kernel.correlation import correlated, correlation
from samband.kernel.ids import new_id
from samband.timeline import delivering, on, record, watching
from samband.timeline.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_event_and_its_reactions_and_their_events_carry_the_request(told):
    request, story, seen = new_id(), new_id(), []

    @on(told)
    def go_on(event) -> None:
        seen.append((correlation(), structlog.contextvars.get_contextvars()))
        if event.chapter == 1:
            record(told(story_id=event.story_id, chapter=2))

    with correlated(request), transaction.atomic():
        record(told(story_id=story, chapter=1))
    with transaction.atomic():
        record(told(story_id=new_id(), chapter=2))
    assert correlation() is None
    delivering.deliver()
    assert sorted(following for following, _ in seen if following) == [request, request]
    assert len(seen) == 3
    for following, logged in seen:
        assert logged["reaction"].endswith("go_on")
        assert logged.get("request") == (str(following) if following else None)
    assert set(Entry.objects.filter(subject__contains=str(story)).values_list("correlation", flat=True)) == {request}


def test_who_watches_sees_every_turn_and_its_failure(told, monkeypatch):
    turns = []

    class Noting:
        @contextmanager
        def reacting(self, reaction, events, request):
            try:
                yield
            except Exception as error:
                turns.append((events, request, type(error).__name__))
                raise
            turns.append((events, request, "done"))

    monkeypatch.setattr(watching, "_watching", [Noting()])
    failing = [True]

    @on(told)
    def stumble_once(event) -> None:
        if failing:
            failing.pop()
            raise ZeroDivisionError

    request = new_id()
    with correlated(request), transaction.atomic():
        record(told(story_id=new_id(), chapter=1))
    delivering.deliver()
    with connection.cursor() as cursor:
        cursor.execute("update timeline_delivery set due_at = now()")
    delivering.deliver()
    assert turns == [(1, request, "ZeroDivisionError"), (1, request, "done")]
