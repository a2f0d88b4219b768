"""PINs: how somebody who works here says at a till who they are."""

import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from samband.kernel.clock import now
from samband.kernel.refusal import NotFound, TooMany

from . import guessing, queries, record, refusals, rules
from .models import Member, Pin, PinTry
from .queries import Cashier

MOST_TRIES = 5
"""How often one person's PIN may be tried wrongly at one place while `TRIES_COUNT_FOR` lasts."""

MOST_AT_A_PLACE = 20
"""The same for everybody's PINs together: nobody tries one PIN on all the staff."""

TRIES_COUNT_FOR = timedelta(minutes=10)


def set_pin(member_id: UUID, pin: str) -> None:
    """Give somebody a PIN; the one before is forgotten. Raises NotFound, WeakPin."""
    if rules.is_weak(pin):
        raise refusals.WeakPin()
    if not Member.objects.filter(pk=member_id).exists():
        raise NotFound("There is nobody with this id.")
    with transaction.atomic():
        Pin.objects.update_or_create(
            member_id=member_id, defaults={"hash": make_password(_peppered(member_id, pin)), "set_at": now()}
        )
        PinTry.objects.filter(member_id=member_id).delete()


def take_pin(member_id: UUID) -> None:
    """Let somebody sign in at no till any more."""
    Pin.objects.filter(member_id=member_id).delete()


def sign_in_by_pin(location: str, member_id: UUID, pin: str, *, place: str) -> Cashier:
    """Who stands at a till of this location. `place` names the device, whose wrong tries are counted.

    Raises WrongPin, also for somebody who is not of this store or has no PIN; PinLocked after five wrong tries of one
    person's PIN, or twenty in all, in ten minutes.
    """
    whose = [record.member(member_id), place]
    try:
        guessing.count_code("pin", str(member_id), (guessing.PINS,))
        left = _count_try(place, member_id)
    except TooMany as refusal:
        record.refused("pin", refusal.code, whose)
        raise _locked(refusal) from refusal
    cashier = queries.cashier(member_id)
    known = Pin.objects.filter(member_id=member_id).values_list("hash", flat=True).first()
    if known is None:
        make_password(pin)  # nobody learns from the time it takes whether there is one
    right = known is not None and check_password(_peppered(member_id, pin), known)
    if not right or cashier is None or cashier.location not in ("", location):
        record.refused("pin", refusals.WrongPin.code, whose)
        raise refusals.WrongPin(tries_left=left)
    PinTry.objects.filter(place=place, member_id=member_id).delete()
    guessing.forget_codes("pin", str(member_id), (guessing.PINS,))
    record.did("pin", whose)
    return cashier


def _locked(refusal: TooMany) -> refusals.PinLocked:
    """At this place until a moment; on all tills together for so many seconds."""
    until = (
        refusal.details.get("locked_until") or (now() + timedelta(seconds=refusal.details["retry_after"])).isoformat()
    )
    return refusals.PinLocked(locked_until=until)


@transaction.atomic
def _count_try(place: str, member_id: UUID) -> int:
    """Count a try before it is made, so that many made at once are not one; how many are left after it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"pin:{place}"])
    recent = list(PinTry.objects.filter(place=place, at__gt=now() - TRIES_COUNT_FOR).order_by("at"))
    own = [one for one in recent if one.member_id == member_id]
    for tried, most in ((own, MOST_TRIES), (recent, MOST_AT_A_PLACE)):
        if len(tried) >= most:
            raise refusals.PinLocked(locked_until=(tried[0].at + TRIES_COUNT_FOR).isoformat())
    PinTry.objects.create(place=place, member_id=member_id, at=now())
    return MOST_TRIES - len(own) - 1


def _peppered(member_id: UUID, pin: str) -> str:
    """A PIN has few digits: what is kept of it cannot be tried out without the server's own secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"pin:{member_id}:{pin}".encode(), hashlib.sha256).hexdigest()
