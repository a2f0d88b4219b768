"""What tills know of a person: what a device told of a sale it made by itself, and what staff wrote beside it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction
from django.db.models import Q

from samband.kernel.clock import now
from samband.kernel.reach import Reach

from .models import Drawer, QueuedSale
from .redacting import redacted

OVER = ("taken", "accepted", "cancelled")


def export(reach: Reach) -> dict[str, Any]:
    """What devices told of their sales, as plain values."""
    told = QueuedSale.objects.filter(pk__in=_sales(reach)).order_by("received_at")
    return {
        "offline_sales": [
            {
                "sale_id": row.sale_id,
                "order_id": row.order_id,
                "sold_at": row.sold_at,
                "received_at": row.received_at,
                "state": row.state,
                "told": msgspec.json.decode(row.payload),
            }
            for row in told
        ]
    }


@transaction.atomic
def erase(reach: Reach) -> int:
    """Of their sales money and goods stay; remarks that have their address or number in them go."""
    _let_redact()
    done = _redact(QueuedSale.objects.filter(pk__in=_sales(reach), redacted_at__isnull=True))
    for text in (*reach.emails, *reach.phones):
        done += QueuedSale.objects.filter(remark__icontains=text).update(remark="")
        done += Drawer.objects.filter(note__icontains=text).update(note="")
    return done


def old_payloads(before: datetime) -> int:
    """How many sales were settled before then and are still kept as they were told."""
    return int(_old(before).count())


@transaction.atomic
def forget_payloads(before: datetime, most: int) -> int:
    """Let go of what so many of them do not need any more; how many it were."""
    _let_redact()
    return _redact(_old(before).select_for_update(skip_locked=True)[:most])


def _sales(reach: Reach) -> list[Any]:
    """Those that became orders of theirs, and those that name them in any other way."""
    said = Q(order_id__in=reach.orders)
    for text in (*map(str, reach.accounts), *reach.emails, *reach.phones):
        said |= Q(payload__icontains=text)
    return list(QueuedSale.objects.filter(said).values_list("pk", flat=True))


def _redact(rows: Iterable[QueuedSale]) -> int:
    done = 0
    for row in rows:
        QueuedSale.objects.filter(pk=row.pk).update(payload=redacted(row.payload), redacted_at=now())
        done += 1
    return done


def _let_redact() -> None:
    """A sale stays as it was told, and a closed drawer as it was, but in a transaction that says this."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('samband.redacting', 'on', true)")


def _old(before: datetime) -> Any:
    settled = Q(resolved_at__lt=before) | Q(resolved_at__isnull=True, received_at__lt=before)
    return QueuedSale.objects.filter(settled, state__in=OVER, redacted_at__isnull=True)
