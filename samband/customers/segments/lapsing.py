"""Taking into account what time does: whoever it moved out of a window is put on the list."""

from datetime import datetime

from django.db import connection, transaction

from . import reckoning
from .evaluating import wait_for_turn
from .models import Segment
from .windows import Window, due, lapsed

PILE = 1000
"""How many customers one row of the list holds."""


@transaction.atomic
def sweep() -> int:
    """Put on the list everybody whom time may have moved out of a window since the last look; how many piles."""
    wait_for_turn()
    segments = [one for one in reckoning.kept() if one.live]
    at = reckoning.moment(segments)
    waiting = {one: since for one, since in due(segments).items() if since < at}
    piles = _wake(waiting, at) if waiting else 0
    Segment.objects.filter(pk__in=[one.id for one in segments]).update(swept_at=at)
    return piles


def _wake(waiting: dict[Window, datetime], at: datetime) -> int:
    text, values = lapsed(waiting, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into segments_waiting (customers, late) select array_agg(customer), false from"
            f" (select customer, (row_number() over () - 1) / {PILE} as pile from ({text}) lapsed) piled group by pile",
            values,
        )
        return int(cursor.rowcount)
