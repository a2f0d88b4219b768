"""What must balance in rights."""

from collections.abc import Iterator
from datetime import timedelta

from samband.kernel.clock import now

from .models import Erasure, Request, Suppressed
from .rules import LIVE

LEFT_LYING = timedelta(hours=1)


def findings() -> Iterator[str]:
    """Requests that nobody answered in time, erasures left half way, and hashes of erasures that there are not."""
    for late in Request.objects.filter(state__in=LIVE, deadline__lt=now()).order_by("deadline"):
        yield f"Request {late.id} ({late.kind}) should have been answered by {late.deadline:%Y-%m-%d}."
    for half in Erasure.objects.exclude(state="done").filter(began_at__lt=now() - LEFT_LYING):
        yield f"Erasure {half.id} was begun at {half.began_at:%Y-%m-%d %H:%M} and is not done."
    orphans = Suppressed.objects.exclude(erasure__in=Erasure.objects.values("pk")).values_list("erasure", flat=True)
    for erasure in orphans.distinct():
        yield f"Addresses are held back for erasure {erasure}, which does not exist."
