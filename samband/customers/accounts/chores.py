"""What accounts does not keep: codes that nobody can use any more."""

from datetime import timedelta

from samband.kernel.clock import now
from samband.timeline.chores import every

from .models import SignInCode

KEPT = timedelta(days=1)
"""Long enough to count an hour's codes by."""


@every(seconds=3600)
def forget_codes() -> int:
    """Strangers' addresses go with the codes they were mailed; returns how many."""
    return SignInCode.objects.filter(asked_at__lt=now() - KEPT).delete()[0]
