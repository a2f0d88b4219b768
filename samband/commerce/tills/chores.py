"""What the tills do not keep: deeds that no device asks about any more, and codes that enrol nothing."""

from datetime import timedelta

from samband.kernel.clock import now
from samband.timeline.chores import every

from .models import Deed, EnrolmentCode

DEEDS_KEPT = timedelta(days=7)
CODES_KEPT = timedelta(days=1)


@every(seconds=3600)
def forget_deeds() -> int:
    """A device asks again within days, or not at all; returns how many were forgotten."""
    return Deed.objects.filter(at__lt=now() - DEEDS_KEPT).delete()[0]


@every(seconds=3600)
def forget_codes() -> int:
    """Codes are good for half an hour; returns how many were forgotten."""
    return EnrolmentCode.objects.filter(until__lt=now() - CODES_KEPT).delete()[0]
