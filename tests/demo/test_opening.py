"""The demo has known passwords: it opens by itself only where nobody else can come in."""

import random

import pytest
from django.db import connection

from samband.conf import environment
from samband.conf.cli import running
from samband.demo import looking, opening
from samband.demo.people import people
from samband.kernel.clock import now
from samband.staff import commands as staff
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(monkeypatch):
    """How often the demo was opened."""
    worlds.fresh_processes()
    turns: list[object] = []
    monkeypatch.setattr(opening, "open_shop", lambda say: turns.append(say))
    return turns


@pytest.mark.parametrize(
    ("bind", "wanted", "times"),
    [
        ("127.0.0.1:8000", None, 1),
        ("localhost:8000", None, 1),
        ("[::1]:8000", None, 1),
        ("0.0.0.0:8000", None, 0),
        ("shop.example:80", None, 0),
        ("0.0.0.0:8000", True, 1),
        ("127.0.0.1:8000", False, 0),
    ],
)
def test_where_others_can_come_in_it_opens_only_when_told(opened, monkeypatch, capsys, bind, wanted, times):
    monkeypatch.setenv("SAMBAND_BIND", bind)
    running._open_demo(wanted)
    assert len(opened) == times
    held_back = wanted is None and not environment.is_loopback()
    assert ("say --demo to open it here" in capsys.readouterr().err) == held_back


def test_a_house_with_staff_of_its_own_is_not_empty(opened, monkeypatch):
    staff.add_member("anna@shop.is", "Anna", "admin", "a-long-enough-secret")
    monkeypatch.setenv("SAMBAND_BIND", "127.0.0.1:8000")
    running._open_demo(None)
    running._open_demo(True)
    assert opened == []


def test_the_demo_refuses_a_house_that_is_somebody_elses():
    staff.add_member("anna@shop.is", "Anna", "admin", "a-long-enough-secret")
    with pytest.raises(opening.HouseTaken):
        opening.open_shop(say=lambda text: None)


def test_the_demos_own_house_stays_the_demos():
    opening.hire()
    staff.add_member("anna@shop.is", "Anna", "admin", "a-long-enough-secret")
    assert not opening._is_taken()


def test_who_is_asked_again_says_what_they_said():
    worlds.small_world()
    crowd = list(people(30, random.Random(1)))

    def said() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from consent_entry")
            return int(cursor.fetchone()[0])

    for person in crowd:
        looking._say_what_they_agreed_to(person, now())
    before = said()
    for person in crowd[10:]:  # some are known by now, and left out
        looking._say_what_they_agreed_to(person, now())
    assert said() == before > 0
