"""Recovery codes: ten for whoever lost the phone, each good once. Shown when they are drawn and never again."""

from uuid import UUID

from django.db import transaction

from samband.events.staff import SignInChanged
from samband.kernel.clock import now
from samband.kernel.ids import readable_code
from samband.timeline import record as tell

from . import guessing, record, refusals, secrecy
from .models import Member, RecoveryCode

HOW_MANY = 10
LENGTH = 12
"""Sixty bits, nearly: nobody finds one, even with the table."""


def draw(member_id: UUID) -> tuple[str, ...]:
    """Ten new codes; those of before open nothing any more."""
    codes = tuple(readable_code(LENGTH) for _ in range(HOW_MANY))
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member_id)
        RecoveryCode.objects.filter(member_id=member_id).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(member_id=member_id, hash=_hash(member_id, one)) for one in codes)
        record.did("recovery_codes_drawn", [record.member(member_id)])
        tell(SignInChanged(member_id=member_id, what="codes_drawn"))
    return tuple("-".join((one[:4], one[4:8], one[8:])) for one in codes)


def use(member_id: UUID, code: str) -> int:
    """Somebody shows one, written in any way; returns how many are left. Raises WrongCode, TooManyCodes."""
    guessing.count_code("recovery", str(member_id), guessing.RECOVERY_CODES)
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    unused = RecoveryCode.objects.filter(member_id=member_id, used_at__isnull=True)
    if not unused.filter(hash=_hash(member_id, plain)).update(used_at=now()):
        raise refusals.WrongCode()
    guessing.forget_codes("recovery", str(member_id), guessing.RECOVERY_CODES)
    return unused.count()


def _hash(member_id: UUID, code: str) -> bytes:
    return secrecy.keyed("recovery", f"{member_id}:{code}")
