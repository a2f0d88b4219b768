"""Staff come in with their password, programs with their key; each opens what it may and nothing else."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore

from samband.kernel.clock import held_at, now
from samband.kernel.refusal import Invalid, NotFound
from samband.staff import chores, commands, queries, rules
from samband.staff.models import ApiKey, SignInFailure
from samband.staff.refusals import (
    AlreadyThere,
    TooManyPasswords,
    UnknownKey,
    UnknownRole,
    UnknownScope,
    WeakPassword,
    WrongPassword,
)
from samband.staff.session_store import SessionStore as StaffSessionStore

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-secret"


@pytest.fixture
def anna():
    return commands.add_member("Anna@Example.is", "Anna", "stock", PASSWORD, location="RVK", language="is")


def test_the_right_password_lets_in(anna):
    assert commands.sign_in("anna@example.is ", PASSWORD).pk == anna.pk


def test_a_wrong_password_and_an_unknown_address_are_one_refusal(anna):
    for email, password in (("anna@example.is", "wrong-wrong-wrong"), ("nobody@example.is", PASSWORD)):
        with pytest.raises(WrongPassword) as refusal:
            commands.sign_in(email, password)
        assert refusal.value.details == {}


def test_eight_wrong_passwords_close_the_door_for_a_quarter_of_an_hour(anna):
    for _ in range(8):
        with pytest.raises(WrongPassword):
            commands.sign_in("anna@example.is", "wrong-wrong-wrong")
    with pytest.raises(TooManyPasswords):
        commands.sign_in("anna@example.is", PASSWORD)
    with held_at(now() + timedelta(minutes=15, seconds=1)):
        assert commands.sign_in("anna@example.is", PASSWORD).pk == anna.pk


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"email": "anna@example.is"}, AlreadyThere),
        ({"role": "king"}, UnknownRole),
        ({"password": "short"}, WeakPassword),
        ({"password": "password123"}, WeakPassword),
        ({"email": "no address"}, Invalid),
        ({"language": "de"}, Invalid),
    ],
)
def test_whoever_cannot_be_taken_on_is_refused(anna, fields, refusal):
    given = {"email": "new@example.is", "name": "New", "role": "stock", "password": PASSWORD, **fields}
    with pytest.raises(refusal):
        commands.add_member(**given)
    assert len(queries.colleagues()) == 1


def test_roles_open_their_parts_and_an_analyst_changes_nothing():
    assert rules.may("stock", "pickups", change=True)
    assert not rules.may("stock", "customers")
    assert rules.may("analyst", "orders")
    assert not rules.may("analyst", "orders", change=True)
    assert not rules.may("nobody", "orders")


def test_a_key_opens_its_scopes_and_is_not_kept():
    whole = commands.issue_key("Till", ["stock:read", "orders:read"])
    found = queries.api_key(whole)
    assert found.scopes == {"stock:read", "orders:read"}
    assert whole.split("_", 2)[2] not in str(list(ApiKey.objects.values()))


def test_a_key_that_is_not_exactly_right_opens_nothing():
    whole = commands.issue_key("Till", ["stock:read"])
    for wrong in (whole[:-1], whole + "x", whole.upper(), "", "sb", "sb__", "sb_\x00_x", whole.replace("sb_", "xx_")):
        with pytest.raises(UnknownKey):
            queries.api_key(wrong)


def test_a_revoked_key_opens_nothing():
    whole = commands.issue_key("Till", ["stock:read"])
    prefix = queries.api_key(whole).prefix
    commands.revoke_key(prefix)
    with pytest.raises(UnknownKey):
        queries.api_key(whole)
    with pytest.raises(NotFound):
        commands.revoke_key(prefix)


def test_there_are_no_scopes_but_the_known():
    with pytest.raises(UnknownScope):
        commands.issue_key("Till", ["everything"])


def test_old_failures_and_sessions_that_are_over_are_forgotten(anna):
    SignInFailure.objects.create(email_hash=b"somebody", at=now())
    for session in (SessionStore(), StaffSessionStore()):
        session["here"] = "yes"
        session.set_expiry(60)
        session.save()
    assert (chores.forget_failures(), chores.forget_sessions()) == (0, 0)
    with held_at(now() + timedelta(days=1, seconds=1)):
        assert (chores.forget_failures(), chores.forget_sessions()) == (1, 2)


def test_another_password_lets_in_and_the_old_one_no_more(anna):
    for _ in range(8):
        with pytest.raises(WrongPassword):
            commands.sign_in("anna@example.is", "wrong-wrong-wrong")
    commands.set_password(" Anna@example.is", "another-long-secret")
    assert commands.sign_in("anna@example.is", "another-long-secret").pk == anna.pk
    with pytest.raises(WrongPassword):
        commands.sign_in("anna@example.is", PASSWORD)


def test_another_password_is_as_hard_to_guess_as_the_first(anna):
    for weak in ("short", "password123"):
        with pytest.raises(WeakPassword):
            commands.set_password("anna@example.is", weak)
    with pytest.raises(NotFound):
        commands.set_password("nobody@example.is", "another-long-secret")
    assert commands.sign_in("anna@example.is", PASSWORD).pk == anna.pk


def test_a_demo_key_that_was_revoked_stays_so():
    whole = commands.issue_key("Demo", ["stock:read"], secret="known-to-everybody")
    assert queries.api_key(whole).prefix == "demo"
    assert commands.issue_key("Demo", ["stock:read"], secret="known-to-everybody") == whole
    commands.revoke_key("demo")
    commands.issue_key("Demo", ["stock:read"], secret="known-to-everybody")
    with pytest.raises(UnknownKey):
        queries.api_key(whole)
