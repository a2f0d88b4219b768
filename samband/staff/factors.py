"""Second factors as a whole: who has which, which roles need one, and beginning anew for whoever lost theirs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from samband.events.staff import SignInChanged
from samband.kernel.clock import now
from samband.kernel.refusal import NotFound, Refusal
from samband.timeline import record as tell

from . import passkeys, record, recovery, refusals, rules, totp
from .models import Authenticator, FactorRule, Member, Passkey, RecoveryCode, Session


@dataclass(frozen=True)
class Key:
    """A passkey, as its owner sees it."""

    id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """What somebody can prove themselves with besides their password; `codes` is how many recovery codes are left."""

    authenticator: datetime | None
    authenticator_used: datetime | None
    passkeys: tuple[Key, ...]
    codes: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor. Recovery codes alone are none."""
        return self.authenticator is not None or bool(self.passkeys)


def standing(member_id: UUID) -> Standing:
    """What this member has."""
    app = Authenticator.objects.filter(member_id=member_id, confirmed_at__isnull=False).first()
    return Standing(
        authenticator=app.confirmed_at if app else None,
        authenticator_used=app.used_at if app else None,
        passkeys=tuple(
            Key(one.id, one.name, one.made_at, one.used_at)
            for one in Passkey.objects.filter(member_id=member_id).order_by("made_at")
        ),
        codes=RecoveryCode.objects.filter(member_id=member_id, used_at__isnull=True).count(),
    )


def standing_of(email: str) -> Standing:
    """The same, by their e-mail. Raises NotFound."""
    member = Member.objects.filter(email=email.strip().lower()).first()
    if member is None:
        raise NotFound("There is nobody with this e-mail.")
    return standing(member.pk)


def prove(member_id: UUID, how: str, said: str, *, purpose: str, site: passkeys.Site) -> None:
    """Somebody shows a second factor: a `code` of their app, a `recovery` code, or what a `passkey` answered.

    It goes into the record either way. Raises WrongCode, TooManyCodes, PasskeyRefused.
    """
    whose = [record.member(member_id), f"by:{how}"]
    try:
        if how == "code":
            totp.accept(member_id, said)
        elif how == "recovery":
            recovery.use(member_id, said)
        else:
            passkeys.signed_by(purpose, said, site, of=member_id)
    except Refusal as refusal:
        record.refused("second_factor", refusal.code, whose)
        raise
    record.did("second_factor", whose)


def sign_in_by_passkey(said: str, site: passkeys.Site) -> UUID:
    """Whoever's passkey answered the question to anybody; it stands for both factors. Raises PasskeyRefused."""
    try:
        return passkeys.signed_by("sign-in", said, site)
    except Refusal as refusal:
        record.refused("sign_in", refusal.code, ["by:passkey"])
        raise


def who_has_one() -> frozenset[str]:
    """The e-mail addresses of everybody with a second factor."""
    app = Member.objects.filter(authenticator__confirmed_at__isnull=False).values_list("email", flat=True)
    return frozenset(app) | frozenset(Member.objects.filter(passkeys__isnull=False).values_list("email", flat=True))


def needed() -> dict[str, bool]:
    """Of every role whether it needs a second factor: as the house said, else as is usual."""
    said = dict(FactorRule.objects.values_list("role", "needed"))
    return {role: said.get(role, rules.needs_second_factor(role)) for role in rules.ROLES}


def need(role: str, is_needed: bool) -> None:
    """Say whether a role needs one, from the next sign-in on. Raises UnknownRole."""
    if role not in rules.ROLES:
        raise refusals.UnknownRole(role=role[:40])
    with transaction.atomic():
        FactorRule.objects.update_or_create(role=role, defaults={"needed": is_needed, "at": now()})
        record.did("second_factor_needed" if is_needed else "second_factor_not_needed", [f"role:{role}"])


def remove_authenticator(member_id: UUID) -> None:
    """Take the app away. Raises FactorNeeded if it is the last of somebody who needs one, NotFound."""
    with transaction.atomic():
        _leave_one(member_id, without_app=True)
        totp.remove(member_id)


def remove_passkey(member_id: UUID, passkey_id: UUID) -> None:
    """Take a passkey away. Raises FactorNeeded, NotFound."""
    with transaction.atomic():
        _leave_one(member_id, without=passkey_id)
        passkeys.remove(member_id, passkey_id)


def reset(email: str) -> None:
    """Take all of somebody's factors and codes away and end their sessions: they enrol anew when they sign in.

    They are told by mail. Raises NotFound.
    """
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(email=email.strip().lower()).first()
        if member is None:
            raise NotFound("There is nobody with this e-mail.")
        for rows in (Authenticator.objects, Passkey.objects, RecoveryCode.objects, Session.objects):
            rows.filter(member_id=member.pk).delete()
        record.did("second_factors_reset", [record.member(member.pk)])
        tell(SignInChanged(member_id=member.pk, what="reset", by_others=True))


def _leave_one(member_id: UUID, *, without_app: bool = False, without: UUID | None = None) -> None:
    """Of two that are taken away at once, the second must see that the first is gone."""
    member = Member.objects.select_for_update().get(pk=member_id)
    has = standing(member_id)
    left = [one for one in has.passkeys if one.id != without]
    if needed()[member.role] and not left and (without_app or has.authenticator is None):
        raise refusals.FactorNeeded()
