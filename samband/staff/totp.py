"""Codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds), each good once."""

import hmac
from uuid import UUID

import pyotp
from django.db import transaction

from samband.events.staff import SignInChanged
from samband.kernel.clock import now
from samband.kernel.refusal import NotFound
from samband.timeline import record as tell

from . import guessing, record, refusals, secrecy
from .models import Authenticator, Member

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A phone's clock may be so much ahead or behind."""

PURPOSE = "authenticator"
ISSUER = "Samband"


def begin(member_id: UUID) -> None:
    """Draw a secret; it counts for nothing until `confirm`. Raises AuthenticatorThere."""
    with transaction.atomic():
        _locked(member_id)
        if Authenticator.objects.filter(member_id=member_id, confirmed_at__isnull=False).exists():
            raise refusals.AuthenticatorThere()
        sealed = secrecy.seal(PURPOSE, str(member_id), pyotp.random_base32().encode())
        Authenticator.objects.update_or_create(
            member_id=member_id, defaults={"sealed": sealed, "last_step": 0, "made_at": now()}
        )


def confirm(member_id: UUID, code: str) -> None:
    """The app shows the right code: from now on it is a second factor. Raises NotFound, WrongCode, TooManyCodes."""
    row = Authenticator.objects.filter(member_id=member_id, confirmed_at__isnull=True).first()
    if row is None:
        raise NotFound("Nothing waits to be confirmed.")
    guessing.count_code("totp-confirm", str(member_id))
    step = _step_of(row, code)
    if step is None:
        raise refusals.WrongCode()
    with transaction.atomic():
        if not Authenticator.objects.filter(pk=row.pk, sealed=row.sealed, confirmed_at__isnull=True).update(
            confirmed_at=now(), last_step=step
        ):
            raise refusals.WrongCode()
        record.did("authenticator_added", [record.member(member_id)])
        tell(SignInChanged(member_id=member_id, what="authenticator_added"))
    guessing.forget_codes("totp-confirm", str(member_id))


def accept(member_id: UUID, code: str) -> None:
    """Somebody shows a code of their app. Raises WrongCode, also for one of a step that was used; TooManyCodes."""
    guessing.count_code("totp", str(member_id))
    row = Authenticator.objects.filter(member_id=member_id, confirmed_at__isnull=False).first()
    step = _step_of(row, code) if row else None
    # The condition is in the statement, so of two who show one code at once one is refused.
    if step is None or not Authenticator.objects.filter(pk=member_id, last_step__lt=step).update(
        last_step=step, used_at=now()
    ):
        raise refusals.WrongCode()
    guessing.forget_codes("totp", str(member_id))


def remove(member_id: UUID) -> None:
    """It is a factor no more. Raises NotFound."""
    with transaction.atomic():
        if not Authenticator.objects.filter(member_id=member_id).delete()[0]:
            raise NotFound("There is no authenticator app.")
        record.did("authenticator_removed", [record.member(member_id)])
        tell(SignInChanged(member_id=member_id, what="authenticator_removed"))


def waiting(member_id: UUID) -> str:
    """The secret (base32) that waits to be confirmed; nothing if none does."""
    row = Authenticator.objects.filter(member_id=member_id, confirmed_at__isnull=True).first()
    try:
        return _secret(row) if row else ""
    except secrecy.Unreadable:
        return ""


def address(secret: str, email: str) -> str:
    """What the QR code says, for the app (otpauth)."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)


def _locked(member_id: UUID) -> None:
    if not Member.objects.select_for_update().filter(pk=member_id, is_active=True).exists():
        raise NotFound()


def _step_of(row: Authenticator, code: str) -> int | None:
    """The step of time whose code this is, if it is one of those near now."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdecimal()):
        return None
    try:
        totp = pyotp.TOTP(_secret(row), interval=STEP_SECONDS)
    except secrecy.Unreadable:
        return None
    step = int(now().timestamp()) // STEP_SECONDS
    near = range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1)
    right = [one for one in near if hmac.compare_digest(totp.generate_otp(one), digits)]
    return right[-1] if right else None


def _secret(row: Authenticator) -> str:
    return secrecy.unseal(PURPOSE, str(row.pk), bytes(row.sealed)).decode()
