"""Ten times what fits: clients are told when to come again, nobody is starved, and in the end all stands there once."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from samband.channels.capture.admitting import MOST_PLACES, MOST_SECONDS, SHARE_OF_TIME, Moments, Places
from samband.channels.capture.door import Door
from samband.channels.capture.grouping import Group
from samband.channels.capture.keys import Keys
from samband.channels.capture.refusals import Overloaded
from samband.channels.capture.storing import alone, kept, together
from tests.channels.capture_client import Client, server_source, track

pytestmark = pytest.mark.django_db(transaction=True)

EVENTS = 5
FIT = 8
"""Requests of one source that are taken in at once: half of the places."""

SENDERS = 10 * FIT


class Gate:
    """A database that answers nobody before it is opened."""

    def __init__(self):
        self.open = threading.Event()

    def __call__(self, takings):
        assert self.open.wait(60)
        try:
            return kept(takings)
        finally:
            connection.close()


class Sender(Client):
    """Sends as Segment's clients do: the same again, with the same ids, for as long as it is told to come again."""

    def __init__(self, key, door):
        super().__init__(key)
        self.door = door
        self.met = Counter()

    def once(self, number):
        answer = self.batch(*(track(f"{number}-{nth}", anonymousId=f"v-{number}") for nth in range(EVENTS)))
        self.met[answer.status] += 1
        if answer.status == 429:
            assert answer.code == "overloaded"
            assert int(answer.headers["Retry-After"]) >= 1
        return answer.status

    def until_taken(self, number, rest):
        while self.once(number) != 200:
            rest()
        connection.close()


def stored():
    with connection.cursor() as cursor:
        cursor.execute(
            "select s.slug, count(*) from touchpoints_touchpoint t"
            " join touchpoints_source s on s.id = t.source group by 1"
        )
        counted = dict(cursor.fetchall())
        cursor.execute("select count(*) from touchpoints_seen")
        return counted, cursor.fetchone()[0]


def test_ten_times_what_fits_is_refused_and_taken_in_once_when_it_comes_again():
    gate = Gate()
    door = Door(together(Group(gate, writers=1)), closing_keys(), str, Places(2 * FIT))
    noisy, quiet = Sender(server_source("noisy"), door), Sender(server_source("quiet"), door)
    with ThreadPoolExecutor(SENDERS + 1) as pool:
        sent = [pool.submit(noisy.until_taken, nth, lambda: gate.open.wait(0.02)) for nth in range(SENDERS)]
        while noisy.met[429] < SENDERS - FIT:
            gate.open.wait(0.01)
        assert noisy.met[200] == 0
        assert door._admission._of[min(door._admission._of)] == FIT, "half of all there is, whatever it wants"
        calm = pool.submit(quiet.until_taken, 0, lambda: None)
        while len(door._admission._of) < 2:
            gate.open.wait(0.01)
        assert not quiet.met, "it waits for its commit with the others, and was not sent away"
        gate.open.set()
        for one in (*sent, calm):
            one.result(60)
    assert set(noisy.met) == {200, 429}
    assert quiet.met == {200: 1}
    assert stored() == ({"noisy": SENDERS * EVENTS, "quiet": EVENTS}, (SENDERS + 1) * EVENTS)
    assert (door._admission._all, door._admission._of) == (0, {})


def test_a_server_with_pages_gives_captures_half_of_its_time_and_takes_the_rest_in_later():
    at = [0.0]

    async def slowly(origin, understood, size):
        at[0] += 0.25
        return await alone(origin, understood, size)

    door = Door(slowly, Keys(), str, Moments(clock=lambda: at[0]))
    noisy, quiet = Sender(server_source("noisy"), door), Sender(server_source("quiet"), door)

    def rest():
        at[0] += 0.5

    statuses = [noisy.once(nth) for nth in range(10)]
    assert 429 in statuses
    assert quiet.once(0) == 200, "the noisy one has had its share; this one has not"
    for nth in range(40):
        noisy.until_taken(nth, rest)
    assert stored() == ({"noisy": 40 * EVENTS, "quiet": EVENTS}, 41 * EVENTS)
    captured = 0.25 * (noisy.met[200] + quiet.met[200])
    assert captured <= MOST_SECONDS + SHARE_OF_TIME * at[0], "half of the time, and a little in advance"


def test_whatever_sources_want_nobody_has_more_than_is_free_and_who_has_nothing_comes_in():
    places = Places(MOST_PLACES)
    held = []
    for source in (1, 2, 3):
        with pytest.raises(Overloaded):
            while True:
                one = places.held(source, 60_000)
                one.__enter__()
                held.append(one)
        assert places._all < MOST_PLACES
    held.append(places.held(4, 4_000_000))
    held[-1].__enter__()
    for one in held:
        one.__exit__(None, None, None)
    assert (places._all, places._of) == (0, {})


def closing_keys():
    """Keys that leave no connection behind in a thread that asked for them."""
    return Keys(after=lambda: connection.close())
