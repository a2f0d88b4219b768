"""At a till people are known by a PIN, which cannot be tried until it fits."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from samband.kernel.clock import held_at, now
from samband.kernel.refusal import NotFound
from samband.staff import chores, commands, pins, queries, rules
from samband.staff.models import Pin, PinTry
from samband.staff.refusals import PinLocked, WeakPin, WrongPin

PASSWORD = "a-long-enough-secret"
TILL, OTHER_TILL = "device-1", "device-2"


def member(role: str = "cashier", location: str = "RVK", email: str = "anna@example.is"):
    return commands.add_member(email, "Anna", role, PASSWORD, location=location, language="is")


@pytest.fixture
def anna(db):
    anna = member()
    pins.set_pin(anna.id, "4711")
    return anna


def test_the_right_pin_says_who_stands_there(anna) -> None:
    cashier = pins.sign_in_by_pin("RVK", anna.id, "4711", place=TILL)
    assert (cashier.id, cashier.name, cashier.language) == (anna.id, "Anna", "is")
    assert cashier.may("till")
    assert not cashier.may("tills")


def test_a_wrong_pin_tells_how_many_tries_are_left(anna) -> None:
    for left in (4, 3):
        with pytest.raises(WrongPin) as refusal:
            pins.sign_in_by_pin("RVK", anna.id, "1147", place=TILL)
        assert refusal.value.details == {"tries_left": left}


def test_somebody_unknown_of_another_store_dismissed_or_without_a_pin_is_a_wrong_pin_and_nothing_more(anna) -> None:
    elsewhere = member(location="RIX", email="janis@example.lv")
    pins.set_pin(elsewhere.id, "4711")
    without = member(email="bjorn@example.is")
    analyst = member("analyst", email="emma@example.is")
    pins.set_pin(analyst.id, "4711")
    commands.deactivate("anna@example.is")
    for one in (uuid4(), elsewhere.id, without.id, analyst.id, anna.id):
        with pytest.raises(WrongPin) as refusal:
            pins.sign_in_by_pin("RVK", one, "4711", place=TILL)
        assert refusal.value.details == {"tries_left": 4}


def test_somebody_of_no_store_stands_at_every_till(anna) -> None:
    jumper = member("manager", location="", email="jon@example.is")
    pins.set_pin(jumper.id, "8642")
    for location in ("RVK", "RIX"):
        assert pins.sign_in_by_pin(location, jumper.id, "8642", place=TILL).may("tills")


def test_five_wrong_pins_lock_that_person_at_that_till_for_ten_minutes(anna) -> None:
    for _ in range(5):
        with pytest.raises(WrongPin):
            pins.sign_in_by_pin("RVK", anna.id, "1147", place=TILL)
    with pytest.raises(PinLocked):
        pins.sign_in_by_pin("RVK", anna.id, "4711", place=TILL)
    assert pins.sign_in_by_pin("RVK", anna.id, "4711", place=OTHER_TILL).id == anna.id
    with held_at(now() + timedelta(minutes=10, seconds=1)):
        assert pins.sign_in_by_pin("RVK", anna.id, "4711", place=TILL).id == anna.id


def test_nobody_tries_one_pin_on_all_the_staff(anna) -> None:
    for _ in range(20):
        with pytest.raises(WrongPin):
            pins.sign_in_by_pin("RVK", uuid4(), "4711", place=TILL)
    with pytest.raises(PinLocked):
        pins.sign_in_by_pin("RVK", anna.id, "4711", place=TILL)


def test_the_right_pin_forgets_the_wrong_ones_before_it(anna) -> None:
    for _ in range(3):
        for _ in range(3):
            with pytest.raises(WrongPin):
                pins.sign_in_by_pin("RVK", anna.id, "1147", place=TILL)
        pins.sign_in_by_pin("RVK", anna.id, "4711", place=TILL)


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_as_many_tries(settings) -> None:
    anna = member()
    pins.set_pin(anna.id, "4711")
    ready, said = Barrier(12), []

    def attempt() -> None:
        ready.wait()
        try:
            pins.sign_in_by_pin("RVK", anna.id, "1147", place=TILL)
        except (WrongPin, PinLocked) as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=attempt) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["pin_locked"] * 7 + ["wrong_pin"] * 5


def test_what_is_kept_of_a_pin_is_neither_the_pin_nor_the_same_for_two(anna) -> None:
    other = member(email="bjorn@example.is")
    pins.set_pin(other.id, "4711")
    kept = list(Pin.objects.values_list("hash", flat=True))
    assert len(set(kept)) == 2
    assert not any("4711" in one for one in kept)


def test_a_pin_is_given_anew_and_taken_away(anna) -> None:
    pins.set_pin(anna.id, "2580")
    with pytest.raises(WrongPin):
        pins.sign_in_by_pin("RVK", anna.id, "4711", place=TILL)
    assert pins.sign_in_by_pin("RVK", anna.id, "2580", place=TILL)
    pins.take_pin(anna.id)
    with pytest.raises(WrongPin):
        pins.sign_in_by_pin("RVK", anna.id, "2580", place=TILL)


def test_nobody_gives_a_weak_pin_or_one_to_nobody(anna) -> None:
    for weak in ("", "123", "1234", "9876", "0000", "12a4", "123456789", "٤٧١١"):
        with pytest.raises(WeakPin):
            pins.set_pin(anna.id, weak)
    with pytest.raises(NotFound):
        pins.set_pin(uuid4(), "4711")


@given(st.from_regex(r"[0-9]{4,8}", fullmatch=True))
def test_digits_are_weak_when_all_steps_between_them_are_one_and_the_same_small_step(pin: str) -> None:
    rising, falling = "0123456789", "9876543210"
    assert rules.is_weak(pin) == (pin in rising or pin in falling or len(set(pin)) == 1)


def test_the_staff_of_a_till_are_those_of_its_store_and_of_none_whose_role_opens_it(anna) -> None:
    member("manager", location="", email="jon@example.is")
    member("cashier", location="RIX", email="janis@example.lv")
    member("analyst", email="emma@example.is")
    assert {(one.role, one.pin_set_at is not None) for one in queries.cashiers("RVK")} == {
        ("cashier", True),
        ("manager", False),
    }


def test_wrong_pins_are_forgotten_after_a_day(anna) -> None:
    with pytest.raises(WrongPin):
        pins.sign_in_by_pin("RVK", anna.id, "1147", place=TILL)
    assert chores.forget_pins_tried() == 0
    with held_at(now() + timedelta(days=2)):
        assert chores.forget_pins_tried() == 1
    assert not PinTry.objects.exists()
