"""What touchpoints know of a person: give it out whole, or take it away for good."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from samband.kernel.reach import Reach

from . import queries

PAGE = 1000

_ERASE = "delete from touchpoints_touchpoint where identifier = any(%s::bigint[])"


def export(reach: Reach) -> dict[str, Any]:
    """Everything captured of the customer, as plain values, the latest first."""
    return {"touchpoints": list(_all(reach))}


def _all(reach: Reach) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while page := queries.of_numbers(reach.numbers, before=before, most=PAGE):
        for one in page:
            yield {
                "source": one.source, "event": one.event, "occurred_at": one.occurred_at,
                "received_at": one.received_at, "channel": one.channel, "place": one.place, "sku": one.sku,
                "category": one.category, "order": one.order_ref, "worth": one.worth, "currency": one.currency,
                "payload": dict(one.payload),
            }  # fmt: skip
        before = page[-1].position


@transaction.atomic(savepoint=False)
def erase(reach: Reach) -> int:
    """Delete everything captured of the customer; returns how many touchpoints.

    Asked after identity has forgotten them, in the same transaction: nothing is taken in under their numbers meanwhile,
    nor afterwards. Of the messages only the hashes of their ids stay, so that none of them comes back.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, [list(reach.numbers)])
        return int(cursor.rowcount)
