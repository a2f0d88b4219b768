"""What messaging knows of a person: messages that have not been sent yet still carry the address."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from samband.kernel.reach import Reach

from .models import Message


def export(reach: Reach) -> dict[str, Any]:
    """Everything kept here about the customer, as plain values."""
    return {"messages": list(_of(reach).order_by("pk").values())}


def erase(reach: Reach) -> int:
    """What is not sent will not be; what was sent is forgotten but for its having been."""
    mine = _of(reach)
    done = mine.exclude(state="sent").delete()[0]
    return int(done) + int(mine.exclude(contact_id=None).update(contact_id=None))


def _of(reach: Reach) -> Any:
    # A receipt mailed from a till, and a code, go to an address that need not be a customer's.
    return Message.objects.filter(
        Q(customer_id__in=reach.accounts) | Q(contact_id__in=reach.contacts) | Q(email__in=reach.emails, email__gt="")
    )


def old_messages(before: datetime) -> int:
    """How many messages made before then are sent or given up."""
    return int(_old(before).count())


def forget_messages(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    chosen = list(_old(before).values_list("pk", flat=True)[:most])
    return Message.objects.filter(pk__in=chosen).delete()[0]


def _old(before: datetime) -> Any:
    return Message.objects.filter(created_at__lt=before, state__in=("sent", "failed"))
