"""Codes of an authenticator app, judged by pyotp; recovery codes; and who needs a second factor."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest

from samband.engagement.messaging.models import Message
from samband.events.staff import SignInChanged
from samband.kernel.clock import held_at, now
from samband.staff import commands, factors, queries, recovery, rules, totp
from samband.staff.models import Authenticator, RecoveryCode
from samband.staff.passkeys import Site
from samband.staff.refusals import AuthenticatorThere, FactorNeeded, TooManyCodes, UnknownRole, WrongCode
from samband.timeline.delivering import deliver

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-secret"
NOON = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
SITE = Site("shop.example", "https://shop.example")


@pytest.fixture
def anna() -> UUID:
    return commands.add_member("anna@example.is", "Anna", "service", PASSWORD, language="is").id


@pytest.fixture
def app(anna: UUID) -> pyotp.TOTP:
    """Her phone, set up an hour before noon."""
    totp.begin(anna)
    phone = pyotp.TOTP(totp.waiting(anna))
    with held_at(NOON - timedelta(hours=1)):
        totp.confirm(anna, phone.at(now()))
    return phone


def test_the_qr_code_sets_an_app_up(anna: UUID) -> None:
    totp.begin(anna)
    read = pyotp.parse_uri(totp.address(totp.waiting(anna), "anna@example.is"))
    assert isinstance(read, pyotp.TOTP)
    assert (read.name, read.issuer, read.digits, read.interval) == ("anna@example.is", "Samband", 6, 30)
    with held_at(NOON):
        totp.confirm(anna, read.at(NOON))
    assert factors.standing(anna).authenticator == NOON


def test_an_app_counts_for_nothing_before_it_showed_a_right_code(anna: UUID) -> None:
    totp.begin(anna)
    phone = pyotp.TOTP(totp.waiting(anna))
    assert not factors.standing(anna).any
    with held_at(NOON):
        for code in ("", "000000" if phone.at(NOON) != "000000" else "111111", "１２３４５６", "no code"):
            with pytest.raises(WrongCode):
                totp.confirm(anna, code)
        with pytest.raises(WrongCode):
            totp.accept(anna, phone.at(NOON))
    assert not factors.standing(anna).any


@pytest.mark.parametrize(("off", "right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_phones_clock_may_be_one_step_off(anna: UUID, app: pyotp.TOTP, off: int, right: bool) -> None:
    code = app.at(NOON + timedelta(seconds=off))
    with held_at(NOON):
        if right:
            totp.accept(anna, f"{code[:3]} {code[3:]}")
        else:
            with pytest.raises(WrongCode):
                totp.accept(anna, code)


def test_a_code_is_taken_once_and_none_before_it_afterwards(anna: UUID, app: pyotp.TOTP) -> None:
    with held_at(NOON):
        totp.accept(anna, app.at(NOON))
        for step in (0, -30):
            with pytest.raises(WrongCode):
                totp.accept(anna, app.at(NOON + timedelta(seconds=step)))
    with held_at(NOON + timedelta(seconds=30)):
        totp.accept(anna, app.at(now()))


def test_the_code_that_set_the_app_up_does_not_sign_in(anna: UUID, app: pyotp.TOTP) -> None:
    with held_at(NOON - timedelta(hours=1)), pytest.raises(WrongCode):
        totp.accept(anna, app.at(now()))


def test_codes_cannot_be_tried_through(anna: UUID, app: pyotp.TOTP) -> None:
    with held_at(NOON):
        for _ in range(5):
            with pytest.raises(WrongCode):
                totp.accept(anna, "12345")
        with pytest.raises(TooManyCodes) as refusal:
            totp.accept(anna, app.at(NOON))
        assert 0 < refusal.value.details["retry_after"] <= 15 * 60 + 1
    with held_at(NOON + timedelta(minutes=15, seconds=1)):
        totp.accept(anna, app.at(now()))


def test_the_secret_lies_sealed_for_its_owner_and_under_the_houses_key(anna: UUID, app: pyotp.TOTP, settings) -> None:
    row = Authenticator.objects.get()
    assert app.secret.encode() not in bytes(row.sealed)
    jon = commands.add_member("jon@example.is", "Jón", "service", PASSWORD).id
    Authenticator.objects.create(member_id=jon, sealed=row.sealed, made_at=NOON, confirmed_at=NOON)
    with held_at(NOON):
        with pytest.raises(WrongCode):
            totp.accept(jon, app.at(NOON))
        settings.STAFF_SECRET = "another house's"
        with pytest.raises(WrongCode):
            totp.accept(anna, app.at(NOON))


def test_one_app_at_a_time(anna: UUID, app: pyotp.TOTP) -> None:
    with pytest.raises(AuthenticatorThere):
        totp.begin(anna)
    with pytest.raises(FactorNeeded):
        factors.remove_authenticator(anna)
    factors.need("service", False)
    factors.remove_authenticator(anna)
    totp.begin(anna)


def test_ten_recovery_codes_open_once_each_however_they_are_written(anna: UUID) -> None:
    codes = recovery.draw(anna)
    assert len(set(codes)) == 10
    assert recovery.use(anna, codes[0].lower().replace("-", " ")) == 9
    with pytest.raises(WrongCode):
        recovery.use(anna, codes[0])
    assert recovery.use(anna, codes[1]) == 8
    kept = {bytes(one.hash) for one in RecoveryCode.objects.all()}
    assert not any(code.replace("-", "").encode() in kept for code in codes)


def test_new_recovery_codes_end_the_old_ones_and_are_nobody_elses(anna: UUID) -> None:
    old = recovery.draw(anna)
    new = recovery.draw(anna)
    jon = commands.add_member("jon@example.is", "Jón", "service", PASSWORD).id
    for member, code in ((anna, old[0]), (jon, new[0]), (anna, "")):
        with pytest.raises(WrongCode):
            recovery.use(member, code)
    assert recovery.use(anna, new[0]) == 9


def test_recovery_codes_cannot_be_tried_through(anna: UUID) -> None:
    codes = recovery.draw(anna)
    for _ in range(5):
        with pytest.raises(WrongCode):
            recovery.use(anna, "AAAA-AAAA-AAAA")
    with pytest.raises(TooManyCodes):
        recovery.use(anna, codes[0])


def test_whoever_may_see_people_or_keys_needs_one_unless_the_house_says_otherwise() -> None:
    assert {role for role, needed in factors.needed().items() if needed} == {"admin", "manager", "service", "analyst"}
    assert all(rules.ROLES[role] & rules.PERSONAL for role, needed in factors.needed().items() if needed)
    factors.need("service", False)
    factors.need("stock", True)
    assert {role for role, needed in factors.needed().items() if needed} == {"admin", "manager", "analyst", "stock"}
    with pytest.raises(UnknownRole):
        factors.need("king", True)


def test_a_reset_takes_everything_away_and_tells_the_person_by_mail(anna: UUID, app: pyotp.TOTP) -> None:
    recovery.draw(anna)
    while deliver():
        pass
    Message.objects.all().delete()
    factors.reset("Anna@example.is")
    has = factors.standing(anna)
    assert (has.any, has.codes, queries.sittings(anna)) == (False, 0, ())
    while deliver():
        pass
    message = Message.objects.get()
    assert (message.kind, message.email, message.language) == ("staff_sign_in_changed", "anna@example.is", "is")
    assert message.facts == {"what": "reset", "by_others": True}


@pytest.mark.parametrize(
    "what",
    ["password", "authenticator_added", "authenticator_removed", "passkey_added", "passkey_removed", "codes_drawn"],
)
def test_every_change_has_its_sentence(anna: UUID, what: str) -> None:
    from samband.engagement.messaging.sending import written
    from samband.flows.tell_staff import tell_of_changed_sign_in

    tell_of_changed_sign_in(SignInChanged(member_id=anna, what=what))
    tell_of_changed_sign_in(SignInChanged(member_id=anna, what="reset"))
    first, reset = (written(one).body for one in Message.objects.order_by("created_at", "pk"))
    assert first != reset


def test_a_code_of_whoever_has_no_app_is_wrong(anna: UUID) -> None:
    with pytest.raises(WrongCode):
        factors.prove(anna, "code", "123456", purpose="", site=SITE)
