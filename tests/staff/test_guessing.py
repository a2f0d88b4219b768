"""Guessing has an end, and no stranger shuts anybody out by it."""

import pytest

from samband.kernel.clock import held_at, in_future
from samband.staff import commands
from samband.staff.guessing import Whence
from samband.staff.refusals import TooManyPasswords, WeakPassword, WrongPassword

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-secret"
ANNA = "anna@example.is"


@pytest.fixture(autouse=True)
def anna(settings):
    """Passwords are hashed in no time: what is tried here is how many are looked at."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return commands.add_member(ANNA, "Anna", "stock", PASSWORD)


def guess(whence: Whence, times: int, email: str = ANNA) -> int:
    """How many wrong passwords were looked at before no more were."""
    for done in range(times):
        try:
            commands.sign_in(email, "wrong-wrong-wrong", whence)
        except WrongPassword:
            continue
        except TooManyPasswords:
            return done
    return times


def test_a_stranger_who_guesses_shuts_nobody_out():
    assert guess(Whence("203.0.113.9"), 20) == 8
    assert commands.sign_in(ANNA, PASSWORD, Whence("192.0.2.1")).email == ANNA


def test_a_stranger_with_many_addresses_does_not_shut_out_a_browser_that_was_here_before(anna):
    looked_at = sum(guess(Whence(f"203.0.113.{nth}"), 8) for nth in range(1, 12))
    assert looked_at == 30
    with pytest.raises(TooManyPasswords):
        commands.sign_in(ANNA, PASSWORD, Whence("192.0.2.1"))
    assert commands.sign_in(ANNA, PASSWORD, Whence("192.0.2.1", device="hers")).pk == anna.pk


def test_a_browser_that_was_here_before_may_not_guess_either():
    assert guess(Whence("192.0.2.1", device="hers"), 20) == 8
    assert guess(Whence("192.0.2.2", device="hers"), 20) == 0


def test_in_a_day_two_hundred_are_looked_at_from_anywhere():
    looked_at = 0
    for quarter in range(0, 96, 2):
        with held_at(in_future(minutes=15 * quarter, seconds=quarter)):
            looked_at += sum(guess(Whence(f"203.0.{quarter}.{nth}"), 8) for nth in range(1, 6))
    assert looked_at <= 200 + 30


def test_one_password_cannot_be_tried_on_everybody():
    looked_at = sum(guess(Whence("203.0.113.9"), 1, f"nobody-{nth}@example.is") for nth in range(310))
    assert looked_at == 300


def test_an_unknown_address_is_answered_like_a_known_one():
    for email in (ANNA, "nobody@example.is"):
        assert guess(Whence("203.0.113.9"), 20, email) == 8


def test_the_right_password_begins_anew_and_so_does_another():
    assert guess(Whence("192.0.2.1"), 7) == 7
    commands.sign_in(ANNA, PASSWORD, Whence("192.0.2.1"))
    assert guess(Whence("192.0.2.1"), 20) == 8
    commands.set_password(ANNA, "quite-another-secret")
    assert commands.sign_in(ANNA, "quite-another-secret", Whence("192.0.2.1")).email == ANNA


@pytest.mark.parametrize("weak", ["short", "eleven-char", "password1234", "qwertyuiop12", ""])
def test_a_password_is_long_and_none_of_those_that_everybody_has(weak):
    with pytest.raises(WeakPassword):
        commands.set_password(ANNA, weak)


@pytest.mark.parametrize("fine", ["correct horse battery", "ósköp venjuleg orð", "λέξεις χωρίς νόημα"])
def test_a_password_need_hold_no_signs_and_digits(fine):
    commands.set_password(ANNA, fine)
    assert commands.sign_in(ANNA, fine).email == ANNA
