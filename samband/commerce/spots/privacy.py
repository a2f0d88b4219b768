"""What spots know of a person: that their cart was at a table or a shelf, and that they left with their goods."""

from datetime import datetime
from typing import Any

from django.db import transaction

from samband.kernel.reach import Reach

from .models import ExitPass, Visit


def export(reach: Reach) -> dict[str, Any]:
    """Visits with their carts, and passes to leave with their orders, as plain values."""
    return {
        "visits": list(Visit.objects.filter(cart_id__in=reach.carts).order_by("opened_at").values()),
        "exit_passes": list(ExitPass.objects.filter(order_id__in=reach.orders).order_by("issued_at").values()),
    }


@transaction.atomic
def erase(reach: Reach) -> int:
    """Where they sat and stood goes; that an order was checked at the door stays with the order."""
    return Visit.objects.filter(cart_id__in=reach.carts).delete()[0]


def old_visits(before: datetime) -> int:
    """How many visits were over before then."""
    return int(_old(before).count())


def forget_visits(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    chosen = list(_old(before).values_list("pk", flat=True)[:most])
    return Visit.objects.filter(pk__in=chosen).delete()[0]


def _old(before: datetime) -> Any:
    return Visit.objects.filter(good_until__lt=before)
