"""What the timeline knows of a person: what was told of them, by ids alone. The story stays; keys and hashes go."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from samband.kernel.reach import Reach

from .models import Entry

ASKED_FROM_OUTSIDE = (
    "check_out", "pay", "change_address", "change_slot", "take_off", "propose_substitute", "agree_to_substitute",
)  # fmt: skip
"""Flows whose idempotency key somebody outside makes up; all other keys are made here of ids."""


def export(reach: Reach) -> dict[str, Any]:
    """Every event that tells of them, oldest first, as plain values; one by one, for there may be many."""
    return {"events": _told(reach)}


def _told(reach: Reach) -> Iterator[dict[str, Any]]:
    found = Entry.objects.filter(_of(reach)).order_by("position")
    for row in found.values("position", "name", "subject", "payload", "recorded_at").iterator(2000):
        yield dict(row)


def erase(reach: Reach) -> int:
    """Forget the keys and hashes of what they asked; what happened stays, and names nobody. How many it were."""
    found = Entry.objects.filter(_of(reach)).filter(Q(key__isnull=False) | Q(asked__isnull=False))
    return found.filter(_from_outside()).update(key=None, asked=None)


def _of(reach: Reach) -> Q:
    subjects = [
        *(f"customer:{one}" for one in (reach.customer, *reach.accounts)),
        *(f"order:{one}" for one in reach.orders),
        *(f"cart:{one}" for one in reach.carts),
        *(f"fulfillment:{one}" for one in reach.fulfillments),
    ]
    return Q(customer_id__in=(reach.customer, *reach.accounts)) | Q(subject__in=subjects)


def _from_outside() -> Q:
    named = Q()
    for flow in ASKED_FROM_OUTSIDE:
        named |= Q(key__startswith=f"{flow}:")
    return named


# Word for word as in the index that holds just these.
_OLD = f"""
select {{what}} from timeline_entry where key is not null
and split_part(key, ':', 1) in ({", ".join(f"'{flow}'" for flow in ASKED_FROM_OUTSIDE)})
and recorded_at < %s::timestamptz
"""


def old_keys(before: datetime) -> int:
    """How many idempotency keys from outside were used before then."""
    return int(_rows(_OLD.format(what="count(*)"), [before])[0][0])


def forget_keys(before: datetime, most: int) -> int:
    """Let go of so many of them; how many it were."""
    chosen = [row[0] for row in _rows(_OLD.format(what="position") + "order by position limit %s::int", [before, most])]
    return Entry.objects.filter(pk__in=chosen).update(key=None, asked=None)


def _rows(statement: str, values: Iterable[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        return list(cursor.fetchall())
