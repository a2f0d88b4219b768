"""What the staff room does now and then: it fixes its record, and lets go of what it does not keep."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session as ShoppersSession
from django.db import connection, transaction

from samband.kernel.clock import now
from samband.timeline.chores import every

from . import passkeys, sealing, session_store
from .models import PinTry, SignInFailure

KEPT = timedelta(days=1)

# All that is under one seal at a time, so that an audit in between finds it whole or gone.
_LET_GO = """
delete from staff_note where seal = (
    select number from staff_seal
    where number = (select min(seal) from staff_note where seal is not null) and at < %s::timestamptz)
"""


@every(seconds=60)
def seal_record() -> int:
    """Fix what was noted since; returns how many notes."""
    return sealing.seal_notes()


@every(seconds=3600)
def let_old_record_go() -> int:
    """Notes under seals older than the house keeps its record; the seals stay. Returns how many went."""
    gone = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select set_config('samband.letting_record_go', 'on', true)")
            cursor.execute(_LET_GO, [now() - timedelta(days=settings.RECORD_DAYS)])
            went = int(cursor.rowcount)
            cursor.execute("select set_config('samband.letting_record_go', 'off', true)")
        gone += went
        if not went:
            return gone


@every(seconds=3600)
def forget_failures() -> int:
    """Wrong passwords that an earlier version counted; returns how many were forgotten."""
    return SignInFailure.objects.filter(at__lt=now() - KEPT).delete()[0]


@every(seconds=3600)
def forget_pins_tried() -> int:
    """Wrong PINs count for ten minutes; returns how many were forgotten."""
    return PinTry.objects.filter(at__lt=now() - KEPT).delete()[0]


@every(seconds=600)
def forget_sessions() -> int:
    """Sessions, of shoppers and staff, that are over; returns how many."""
    return ShoppersSession.objects.filter(expire_date__lt=now()).delete()[0] + session_store.sweep()


@every(seconds=600)
def forget_challenges() -> int:
    """Questions to passkeys that nobody answered; returns how many."""
    return passkeys.sweep()
