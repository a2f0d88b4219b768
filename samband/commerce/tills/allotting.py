"""What a device was given of the stock to sell by itself. The goods themselves are set aside in inventory."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.clock import now

from .models import Allotted

SELLS_FOR = timedelta(hours=14)
"""How long a device may go on selling without the line: a long day in a store."""


@transaction.atomic(savepoint=False)
def note_given(allotment_id: UUID, device_id: UUID, given: Mapping[str, int], sell_until: datetime) -> None:
    """So many more units of each SKU were set aside for the device, which may sell them until a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update tills_allotted set ended_at = %s::timestamptz"
            " where device_id = %s::uuid and id <> %s::uuid and ended_at is null",
            [now(), device_id, allotment_id],
        )
    kept, _ = Allotted.objects.select_for_update().get_or_create(
        pk=allotment_id, defaults={"device_id": device_id, "sell_until": sell_until, "given": {}}
    )
    sums = {sku: kept.given.get(sku, 0) + given.get(sku, 0) for sku in {*kept.given, *given}}
    Allotted.objects.filter(pk=allotment_id).update(
        given=dict(sorted(sums.items())), sell_until=max(sell_until, kept.sell_until)
    )


def end(allotment_id: UUID) -> None:
    """The device sells nothing of it any more."""
    Allotted.objects.filter(pk=allotment_id, ended_at=None).update(ended_at=now())


def alone(device_id: UUID) -> None:
    """Wait for whoever else gives this device stock; until the transaction ends nobody else does."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 9))", [f"allot:{device_id}"])
