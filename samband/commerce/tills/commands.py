"""What can be done about devices: described in the console, enrolled with a code that is good once, and revoked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from samband.events.tills import DeviceEnrolled, DeviceRevoked
from samband.kernel.clock import now
from samband.kernel.ids import new_id, readable_code, secret_token
from samband.kernel.refusal import Invalid
from samband.timeline import command, record

from .models import KINDS, Device, DrawerAtDevice, EnrolmentCode
from .refusals import EnrolmentCodeWrong, NoSuchDevice
from .tokens import hash_of

CODE_LASTS = timedelta(minutes=30)
LONGEST_NAME = 80
SEEN_EVERY = timedelta(seconds=20)
"""How fresh it is kept when a device was last seen."""


def save_device(device_id: UUID, name: str, location: str, kind: str = "pos") -> None:
    """Describe a device, or describe it anew. What it is for and where it stands change only before it is enrolled.

    Raises Invalid.
    """
    if kind not in KINDS:
        raise Invalid("A device is a till, kiosk, door reader or board.", fields=["kind"])
    if not name.strip() or len(name) > LONGEST_NAME or "\x00" in name:
        raise Invalid("A device has a name of up to 80 characters.", fields=["name"])
    with transaction.atomic(savepoint=False):
        device, made = Device.objects.select_for_update().get_or_create(
            pk=device_id,
            defaults={"name": name.strip(), "location": location, "kind": kind, "created_at": now()},
        )
        if made:
            return
        if device.enrolled_at is not None and (device.location, device.kind) != (location, kind):
            raise Invalid("A device that moves is enrolled anew.", fields=["location"])
        Device.objects.filter(pk=device_id).update(name=name.strip(), location=location, kind=kind)


@transaction.atomic(savepoint=False)
def enrolment_code(device_id: UUID) -> str:
    """A code with which a device can be enrolled once, in the next half hour; codes drawn before it are void.

    Raises NoSuchDevice, also for one that was revoked.
    """
    if not Device.objects.select_for_update().filter(pk=device_id, revoked_at=None).exists():
        raise NoSuchDevice()
    EnrolmentCode.objects.filter(device_id=device_id, used_at=None).delete()
    code = readable_code(8)
    EnrolmentCode.objects.create(hash=hash_of(code), device_id=device_id, until=now() + CODE_LASTS)
    return f"{code[:4]}-{code[4:]}"


@transaction.atomic(savepoint=False)
def enrol(code: str, name: str = "") -> tuple[UUID, str]:
    """Let a device in: its id and the token by which it is known from now on. An earlier token opens nothing more.

    Raises EnrolmentCodeWrong, Invalid.
    """
    if len(name) > LONGEST_NAME or "\x00" in name:
        raise Invalid("A device has a name of up to 80 characters.", fields=["name"])
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    used = EnrolmentCode.objects.filter(hash=hash_of(typed), used_at=None, until__gt=now()).update(used_at=now())
    if not used:
        raise EnrolmentCodeWrong()
    device = Device.objects.select_for_update().get(enrolmentcode__hash=hash_of(typed))
    if device.revoked_at is not None:
        raise EnrolmentCodeWrong()
    token = secret_token()
    Device.objects.filter(pk=device.pk).update(
        token_hash=hash_of(token), enrolled_at=now(), seen_at=now(), name=name.strip() or device.name
    )
    record(DeviceEnrolled(device_id=device.pk, location=device.location, kind=device.kind))
    return device.pk, token


@command
def revoke(device_id: UUID) -> DeviceRevoked:
    """Let a device in no more. Sales that it still has are kept and shown when it tells them. Raises NoSuchDevice."""
    device = Device.objects.select_for_update().filter(pk=device_id, revoked_at=None).first()
    if device is None:
        raise NoSuchDevice()
    Device.objects.filter(pk=device_id).update(revoked_at=now())
    EnrolmentCode.objects.filter(device_id=device_id, used_at=None).delete()
    DrawerAtDevice.objects.filter(device_id=device_id).delete()
    return DeviceRevoked(device_id=device_id, location=device.location)


def see(device_id: UUID, skew_ms: int | None, seen_at: datetime | None) -> None:
    """A device was here, and its clock was so far ahead of ours. Written down now and then only."""
    at = now()
    if seen_at is not None and at - seen_at < SEEN_EVERY:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "update tills_device set seen_at = %s::timestamptz, skew_ms = coalesce(%s::bigint, skew_ms)"
            " where id = %s::uuid",
            [at, skew_ms, device_id],
        )


def new_device(name: str, location: str, kind: str = "pos") -> UUID:
    """Describe a device that was not there before; its id. Raises Invalid."""
    device_id = new_id()
    save_device(device_id, name, location, kind)
    return device_id
