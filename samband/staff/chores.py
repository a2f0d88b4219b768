"""What the staff room does not keep: old wrong passwords and PINs, and sessions that are over."""

from datetime import timedelta

from django.contrib.sessions.models import Session

from samband.kernel.clock import now
from samband.timeline.chores import every

from .models import PinTry, SignInFailure

KEPT = timedelta(days=1)


@every(seconds=3600)
def forget_failures() -> int:
    """Wrong passwords count for a quarter of an hour; returns how many were forgotten."""
    return SignInFailure.objects.filter(at__lt=now() - KEPT).delete()[0]


@every(seconds=3600)
def forget_pins_tried() -> int:
    """Wrong PINs count for ten minutes; returns how many were forgotten."""
    return PinTry.objects.filter(at__lt=now() - KEPT).delete()[0]


@every(seconds=3600)
def forget_sessions() -> int:
    """Sessions, of shoppers and staff, that are over; returns how many."""
    return Session.objects.filter(expire_date__lt=now()).delete()[0]
