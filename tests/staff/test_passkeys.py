"""Passkeys open to whoever holds them, once for each question, on our site only."""

from dataclasses import replace
from uuid import UUID

import pytest

from samband.kernel.clock import held_at, in_future
from samband.kernel.ids import new_id
from samband.kernel.refusal import NotFound
from samband.staff import commands, factors, passkeys
from samband.staff.models import Passkey
from samband.staff.passkeys import Site
from samband.staff.refusals import FactorNeeded, PasskeyKnown, PasskeyRefused, TooManyCodes
from tests.staff.authenticator import PRESENT, Authenticator

pytestmark = pytest.mark.django_db
SITE = Site("shop.example", "https://shop.example")
PASSWORD = "a-long-enough-secret"


@pytest.fixture
def anna() -> UUID:
    return commands.add_member("anna@example.is", "Anna", "service", PASSWORD).id


@pytest.fixture
def key(anna: UUID) -> Authenticator:
    made = Authenticator(SITE, anna.bytes)
    passkeys.keep(anna, made.make(passkeys.ask_to_make(anna, SITE)), "Phone", SITE)
    return made


def second(member: UUID) -> str:
    return passkeys.ask_to_sign(f"second:{member}", SITE, of=member)


def test_a_passkey_is_a_second_factor_and_is_known_by_its_name(anna: UUID, key: Authenticator) -> None:
    assert passkeys.signed_by(f"second:{anna}", key.sign(second(anna)), SITE, of=anna) == anna
    [kept] = factors.standing(anna).passkeys
    assert (kept.name, kept.used_at is not None) == ("Phone", True)


def test_alone_it_is_both_factors_if_its_holder_showed_who_they_are(anna: UUID, key: Authenticator) -> None:
    assert factors.sign_in_by_passkey(key.sign(passkeys.ask_to_sign("sign-in", SITE)), SITE) == anna
    key.flags = PRESENT
    with pytest.raises(PasskeyRefused):
        factors.sign_in_by_passkey(key.sign(passkeys.ask_to_sign("sign-in", SITE)), SITE)
    assert passkeys.signed_by(f"second:{anna}", key.sign(second(anna)), SITE, of=anna) == anna


def test_an_answer_counts_once(anna: UUID, key: Authenticator) -> None:
    key.count = -1  # as phones do, whose counter stays at nothing
    answer = key.sign(second(anna))
    passkeys.signed_by(f"second:{anna}", answer, SITE, of=anna)
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", answer, SITE, of=anna)


def test_an_answer_to_another_question_counts_for_nothing(anna: UUID, key: Authenticator) -> None:
    for asked in (passkeys.ask_to_sign("sign-in", SITE), passkeys.ask_to_sign(f"sure:{anna}", SITE, of=anna)):
        with pytest.raises(PasskeyRefused):
            passkeys.signed_by(f"second:{anna}", key.sign(asked), SITE, of=anna)
    made_up = '{"challenge": "bWFkZS11cA"}'
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", key.sign(made_up), SITE, of=anna)


def test_a_question_is_good_for_five_minutes(anna: UUID, key: Authenticator) -> None:
    asked = second(anna)
    with held_at(in_future(minutes=5, seconds=1)), pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", key.sign(asked), SITE, of=anna)
    with held_at(in_future(minutes=6)):
        assert passkeys.sweep() == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        Site("shop.example", "https://evil.example"),
        Site("evil.example", "https://shop.example"),
        Site("shop.example", "http://shop.example"),
    ],
)
def test_an_answer_given_to_another_site_counts_for_nothing(anna: UUID, key: Authenticator, elsewhere: Site) -> None:
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", replace(key, site=elsewhere).sign(second(anna)), SITE, of=anna)


def test_a_forged_signature_counts_for_nothing(anna: UUID, key: Authenticator) -> None:
    stranger = Authenticator(SITE, anna.bytes, credential=key.credential)
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", stranger.sign(second(anna)), SITE, of=anna)
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", key.sign(second(anna), signature="AAAA"), SITE, of=anna)


def test_a_counter_that_does_not_go_on_says_that_it_was_copied(anna: UUID, key: Authenticator) -> None:
    passkeys.signed_by(f"second:{anna}", key.sign(second(anna)), SITE, of=anna)
    key.count -= 1
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", key.sign(second(anna)), SITE, of=anna)
    key.count += 1
    assert passkeys.signed_by(f"second:{anna}", key.sign(second(anna)), SITE, of=anna) == anna


def test_nobody_answers_with_somebody_elses_passkey(anna: UUID, key: Authenticator) -> None:
    jon = commands.add_member("jon@example.is", "Jón", "service", PASSWORD).id
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{jon}", key.sign(second(jon)), SITE, of=jon)
    key.user = jon.bytes
    with pytest.raises(PasskeyRefused):
        factors.sign_in_by_passkey(key.sign(passkeys.ask_to_sign("sign-in", SITE)), SITE)


def test_whoever_is_let_in_no_more_comes_in_by_no_passkey(anna: UUID, key: Authenticator) -> None:
    commands.deactivate("anna@example.is")
    with pytest.raises(PasskeyRefused):
        factors.sign_in_by_passkey(key.sign(passkeys.ask_to_sign("sign-in", SITE)), SITE)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"response": 7}', "x" * 30_000, '{"rawId": "\\u0000"}'])
def test_what_is_no_answer_is_refused(anna: UUID, key: Authenticator, answer: str) -> None:
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", answer, SITE, of=anna)
    with pytest.raises(PasskeyRefused):
        passkeys.keep(anna, answer, "Phone", SITE)


def test_a_passkey_is_kept_once_and_for_whom_it_was_made(anna: UUID, key: Authenticator) -> None:
    with pytest.raises(PasskeyKnown):
        passkeys.keep(anna, key.make(passkeys.ask_to_make(anna, SITE)), "Again", SITE)
    jon = commands.add_member("jon@example.is", "Jón", "service", PASSWORD).id
    with pytest.raises(PasskeyRefused):
        passkeys.keep(jon, Authenticator(SITE).make(passkeys.ask_to_make(anna, SITE)), "Not his", SITE)


def test_questions_from_one_address_have_an_end(anna: UUID) -> None:
    for _ in range(60):
        passkeys.ask_to_sign("sign-in", SITE, address="192.0.2.7")
    with pytest.raises(TooManyCodes):
        passkeys.ask_to_sign("sign-in", SITE, address="192.0.2.7")
    passkeys.ask_to_sign("sign-in", SITE, address="192.0.2.8")


def test_the_last_factor_of_somebody_who_needs_one_stays(anna: UUID, key: Authenticator) -> None:
    [kept] = factors.standing(anna).passkeys
    with pytest.raises(FactorNeeded):
        factors.remove_passkey(anna, kept.id)
    factors.need("service", False)
    with pytest.raises(NotFound):
        passkeys.remove(new_id(), kept.id)
    factors.remove_passkey(anna, kept.id)
    assert not Passkey.objects.exists()
    with pytest.raises(PasskeyRefused):
        passkeys.signed_by(f"second:{anna}", key.sign(second(anna)), SITE, of=anna)
