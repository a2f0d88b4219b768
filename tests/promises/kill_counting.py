"""An event of no room, and a reaction to it that writes down each time it takes effect."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from samband.kernel.event import Event
from samband.timeline import on

TABLE = "create table if not exists kill_heard (nth bigserial primary key, subject text, number bigint)"


@dataclass(frozen=True, kw_only=True)
class Counted(Event, about="subject_id"):
    """Something happened for the `nth` time. No room listens."""

    subject_id: UUID
    nth: int


@on(Counted)
def count(event: Counted) -> None:
    """Nothing here keeps it from being done twice."""
    with connection.cursor() as cursor:
        cursor.execute("insert into kill_heard (subject, number) values (%s, %s)", [event.subject, event.nth])
