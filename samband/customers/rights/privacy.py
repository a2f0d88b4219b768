"""What rights knows of a person: what they asked for. It is kept as proof and names nobody."""

from datetime import datetime
from typing import Any

from samband.kernel.reach import Reach

from .models import Request
from .rules import LIVE


def export(reach: Reach) -> dict[str, Any]:
    """Everything that they asked for here."""
    mine = Request.objects.filter(subject__in=(reach.customer, *reach.accounts, *reach.keys))
    return {"requests": list(mine.order_by("pk").values())}


def erase(reach: Reach) -> int:
    """Requests are ids, codes and dates: they stay. Their files are gone through with the others."""
    return 0


def old_requests(before: datetime) -> int:
    """How many ended before then."""
    return int(_old(before).count())


def forget_requests(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    chosen = list(_old(before).values_list("pk", flat=True)[:most])
    return int(Request.objects.filter(pk__in=chosen).delete()[0])


def _old(before: datetime) -> Any:
    return Request.objects.filter(ended_at__lt=before, file="").exclude(state__in=LIVE)
