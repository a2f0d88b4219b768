"""What must hold of touchpoints."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

TOUCHED = "select from touchpoints_touched"
"""What was captured and has not been followed yet."""

CHECKS = (
    Check(
        "no_such_source",
        "Touchpoints of source {source}, which does not exist, were captured: the first is {first}.",
        """
select t.source, t.first from (select source, min(position) as first from touchpoints_touchpoint group by source) t
where not exists (select from touchpoints_source s where s.id = t.source) order by 1
""",
    ),
    Check(
        "no_such_event",
        "Touchpoints of event {event}, which has no name, were captured.",
        """
select t.event from (select distinct event from touchpoints_touchpoint) t
where not exists (select from touchpoints_eventname e where e.id = t.event) order by 1
""",
    ),
    # What others tell is put right by our clock. The house's own moments are those of its story.
    Check(
        "told_too_early",
        "Touchpoint {position} happened {ahead} after it was received.",
        """
select position, occurred_at - received_at as ahead from touchpoints_touchpoint
where occurred_at > received_at + interval '1 minute'
  and source not in (select id from touchpoints_source where kind = 'house') order by 1
""",
    ),
    Check(
        "worth_without_currency",
        "Touchpoint {position} is worth {worth} of no currency.",
        """
select position, worth from touchpoints_touchpoint where worth is not null and currency is null order by 1
""",
    ),
    Check(
        "more_than_seen",
        "There are {captured} touchpoints, but only {seen} messages were seen.",
        """
select t.count as captured, s.count as seen
from (select count(*) from touchpoints_touchpoint) t, (select count(*) from touchpoints_seen) s
where t.count > s.count
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each thing that cannot be right."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
