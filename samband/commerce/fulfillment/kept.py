"""Which promises were kept and which were broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from samband.kernel.clock import now

# When the customer had what was promised, or could have had it. What comes before its slot begins finds nobody at home.
_COUNT = """
with promised as (
    select kind, promised_until,
           case kind when 'ship' then delivered_at else ready_at end as done_at,
           case when slot_id is null then '-infinity'::timestamptz else promised_from end as not_before
    from fulfillment_fulfillment
    where promised_until >= %(from)s::timestamptz and promised_until < %(until)s::timestamptz
      and kind <> 'carry' and state <> 'cancelled' and (%(location)s::text is null or location = %(location)s::text)
)
select kind,
       count(*) filter (where done_at between not_before and promised_until),
       count(*) filter (where done_at > promised_until or done_at < not_before),
       count(*) filter (where done_at is null and promised_until < %(now)s::timestamptz),
       count(*) filter (where done_at is null and promised_until >= %(now)s::timestamptz)
from promised group by kind order by kind
"""


@dataclass(frozen=True, slots=True)
class PromiseCount:
    """Promises that fell due in a time: kept, broken (done too late, or before their slot), late and still not done,
    and still to be kept. `by_kind` has the same for each kind of fulfillment.
    """

    kept: int
    broken: int
    open_late: int
    still_open: int
    by_kind: Mapping[str, "PromiseCount"]

    @property
    def decided(self) -> int:
        """How many there is something to say of."""
        return self.kept + self.broken + self.open_late

    @property
    def kept_basis_points(self) -> int | None:
        """Kept of those decided, in ten-thousandths; None of nothing."""
        return self.kept * 10_000 // self.decided if self.decided else None


def kept_promises(from_: datetime, until: datetime, location: str | None = None) -> PromiseCount:
    """The promises that fell due from a moment until another, of one location or all. One statement.

    A parcel keeps its promise when it is delivered in time, a pickup and what is served when they are ready in time.
    What was called off promised nothing any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"from": from_, "until": until, "location": location, "now": now()})
        rows = cursor.fetchall()
    by_kind = {kind: PromiseCount(kept, broken, late, still_open, {}) for kind, kept, broken, late, still_open in rows}
    each = by_kind.values()
    return PromiseCount(
        sum(one.kept for one in each),
        sum(one.broken for one in each),
        sum(one.open_late for one in each),
        sum(one.still_open for one in each),
        by_kind,
    )
