"""Group commit: nobody is answered before their commit, too much is refused at once, one bad request harms no other."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DataError, OperationalError, connection

from samband.channels.capture import grouping, keys
from samband.channels.capture.grouping import Group
from samband.channels.capture.refusals import NotNow, Overloaded
from samband.channels.capture.storing import kept, together
from samband.customers.touchpoints import queries
from samband.customers.touchpoints.shapes import Happening, Origin, Taken
from samband.flows.take_in_touchpoints import Taking
from samband.kernel.clock import now
from tests.channels.capture_client import Client, server_source, track
from tests.loops import run

ORIGIN = Origin(1, "erp", "ERP", "server", "erp", False, None)


def taking(*messages: int) -> Taking:
    happenings = [
        Happening(message=nth.to_bytes(16, "big"), event="A", occurred_at=now(), channel="server", payload=b"{}")
        for nth in messages
    ]
    return Taking(ORIGIN, happenings)


class Slow:
    """A database that answers only when it is let go."""

    def __init__(self):
        self.asked = threading.Semaphore(0)
        self.go = threading.Event()
        self.groups: list[list[int]] = []

    def __call__(self, takings):
        self.asked.release()
        self.go.wait(20)
        self.groups.append([len(one.items) for one in takings])
        return [Taken(len(one.items), 0, 0) for one in takings]


def test_nobody_is_answered_before_their_commit():
    slow = Slow()
    group = Group(slow, writers=1)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(group.take_in, taking(1, 2), 100)
        slow.asked.acquire()
        assert not answer.done()
        slow.go.set()
        assert answer.result(10) == Taken(2, 0, 0)


def test_what_waits_is_kept_together():
    slow = Slow()
    group = Group(slow, writers=1)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(group.take_in, taking(0), 1)
        slow.asked.acquire()
        others = [pool.submit(group.take_in, taking(nth), 1) for nth in range(1, 6)]
        while len(group._waiting) < 5:
            threading.Event().wait(0.001)
        slow.go.set()
        for one in (first, *others):
            one.result(10)
    assert slow.groups == [[1], [1, 1, 1, 1, 1]]


def test_a_group_has_a_size():
    slow = Slow()
    slow.go.set()
    group = Group(slow, writers=1)
    with ThreadPoolExecutor(8) as pool:
        for one in [pool.submit(group.take_in, taking(*range(700)), 1) for _ in range(8)]:
            one.result(10)
    assert max(sum(sizes) for sizes in slow.groups) <= grouping.GROUP_EVENTS


def test_too_much_is_refused_at_once_and_what_was_taken_is_still_answered():
    slow = Slow()
    group = Group(slow, writers=1, most_events=10)
    with ThreadPoolExecutor(4) as pool:
        writing = pool.submit(group.take_in, taking(1), 1)
        slow.asked.acquire()
        waiting = pool.submit(group.take_in, taking(*range(2, 11)), 1)
        while not group._waiting:
            threading.Event().wait(0.001)
        with pytest.raises(Overloaded):
            group.take_in(taking(20, 21), 1)
        slow.go.set()
        assert writing.result(10).stored == 1
        assert waiting.result(10).stored == 9
    assert group.take_in(taking(30), 1).stored == 1, "and afterwards there is room again"


def test_one_that_is_larger_than_what_may_wait_is_taken_when_nothing_else_waits():
    slow = Slow()
    slow.go.set()
    assert Group(slow, most_events=10).take_in(taking(*range(50)), 1).stored == 50


def test_what_one_request_did_wrong_harms_no_other():
    def keep(takings):
        if any(one.items[0].event == "A" and one.items[0].message[-1] == 13 for one in takings):
            raise DataError("13 is not kept")
        return [Taken(len(one.items), 0, 0) for one in takings]

    group = Group(keep, writers=1)
    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(group.take_in, taking(nth), 1) for nth in range(20)]
    for nth, one in enumerate(answers):
        if nth == 13:
            assert isinstance(one.exception(), DataError)
        else:
            assert one.result() == Taken(1, 0, 0)


def test_whoever_waits_too_long_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(grouping, "LONGEST_WAIT_SECONDS", 0.01)
    slow = Slow()
    with pytest.raises(NotNow):
        Group(slow, writers=1).take_in(taking(1), 1)
    slow.go.set()


def closing(keep):
    """Keep in a writer of the group, and leave no connection of its thread behind."""

    def kept_and_closed(takings):
        try:
            return keep(takings)
        finally:
            connection.close()

    return kept_and_closed


@pytest.mark.django_db(transaction=True)
def test_under_overload_clients_are_told_to_wait_and_nothing_acknowledged_is_lost():
    key = server_source()
    first = threading.Event()

    def slowly(takings):
        first.wait(0.02)
        return closing(kept)(takings)

    store = together(Group(slowly, writers=1, most_events=60))
    acknowledged, refused = [], []

    def send(turn):
        client = Client(key, store)
        try:
            answer = client.batch(*(track(f"{turn}-{nth}") for nth in range(20)))
            (acknowledged if answer.status == 200 else refused).append(turn)
            if answer.status != 200:
                assert (answer.status, answer.code) == (429, "overloaded")
                assert int(answer.headers["Retry-After"]) >= 1
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(send, range(64)))
    assert refused
    assert acknowledged
    assert len(queries.latest(most=5000)) == 20 * len(acknowledged)


@pytest.mark.django_db(transaction=True)
def test_two_writers_with_the_same_messages_never_deadlock():
    key = server_source()
    store = together(Group(closing(kept), writers=4))
    items = [track(nth, userId=f"u-{nth % 7}", anonymousId=f"a-{nth % 11}") for nth in range(40)]

    def send(turn):
        try:
            return Client(key, store).batch(*(items if turn % 2 else items[::-1])).status
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(send, range(60))) == {200}
    assert len(queries.latest(most=500)) == 40


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_for_a_moment_is_asked_anew():
    key = server_source()
    calls = []

    def flaky(takings):
        calls.append(len(takings))
        if len(calls) == 1:
            raise OperationalError("gone")
        return closing(kept)(takings)

    client = Client(key, together(Group(flaky, writers=1)))
    assert client.batch(track(1)).status == 503
    assert client.batch(track(1)).status == 200
    assert len(queries.latest()) == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_database_does_not_say_which_keys_there_are_what_is_known_holds(monkeypatch):
    key = server_source()
    client = Client(key)
    assert client.batch(track(1)).status == 200
    monkeypatch.setattr(keys, "KNOWN_FOR_SECONDS", 0.0)
    monkeypatch.setattr(queries, "origins_by_key", gone)
    assert client.batch(track(2)).status == 200
    assert Client("another").batch(track(3)).status == 503, "whether there is such a key nobody can say now"
    monkeypatch.setattr(keys, "LONGEST_KNOWN_SECONDS", 0.0)
    assert client.batch(track(4)).status == 503, "and what was known so long ago holds no more"


def gone():
    raise OperationalError("gone")


def test_who_has_other_things_to_do_is_promised_the_same():
    slow = Slow()
    group = Group(slow, writers=1)

    async def asked():
        first = asyncio.create_task(group.promise(taking(1, 2), 100))
        await asyncio.to_thread(slow.asked.acquire)
        others = [asyncio.create_task(group.promise(taking(nth), 1)) for nth in range(3, 6)]
        await asyncio.sleep(0)
        assert not first.done()
        slow.go.set()
        return await asyncio.gather(first, *others)

    assert [one.stored for one in run(asked())] == [2, 1, 1, 1]
    assert slow.groups == [[2], [1, 1, 1]], "what waits is kept together"


def test_a_promise_that_cannot_be_kept_says_so(monkeypatch):
    def broken(takings):
        raise NotNow()

    with pytest.raises(NotNow):
        run(Group(broken, writers=1).promise(taking(1), 1))
    monkeypatch.setattr(grouping, "LONGEST_WAIT_SECONDS", 0.05)
    slow = Slow()
    with pytest.raises(NotNow):
        run(Group(slow, writers=1).promise(taking(1), 1))
    slow.go.set()


def test_who_listens_to_everybody_waits_for_no_key_that_is_known(monkeypatch):
    """A database that says nothing for a while keeps one thread waiting, and that is not the one that listens."""
    asked, go = threading.Semaphore(0), threading.Event()
    answers = iter([{keys.hash_of("a"): ORIGIN}, {}])

    def slowly():
        answer = next(answers, {})
        if not answer:
            asked.release()
            go.wait(20)
        return answer

    monkeypatch.setattr(queries, "origins_by_key", slowly)
    known = keys.Keys(beside=True)
    assert known.origin_of("a") is ORIGIN
    monkeypatch.setattr(keys, "KNOWN_FOR_SECONDS", 0.0)
    assert known.origin_of("a") is ORIGIN
    assert asked.acquire(timeout=10)
    assert known.origin_of("a") is ORIGIN, "while somebody asks, what is known holds"
    go.set()
    while known.origin_of("a") is not None:
        monkeypatch.setattr(keys, "KNOWN_FOR_SECONDS", 60.0)
