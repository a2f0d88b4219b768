"""What must hold of the story: what is told of is known, and each reaction is owed what it listens to and nothing else.

A delivery that has taken effect is gone, in the transaction in which it did. So what is here is still owed, and what is
not here was told; that it was told once is what the effects show, see `flows/audit`.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.clock import now
from samband.kernel.event import KNOWN

from .reacting import REACTIONS, TO_MANY, _listening

LEFT_LYING = timedelta(days=1)
"""Longer than a failing reaction rests between two tries."""

LATEST = 5_000_000
"""Of so many events the receipts are looked at: more than are told in a day."""

RELATION = "select position, name, subject, customer_id, recorded_at from timeline_entry"
"""Everything that was told; `subject` is such as `order:0192…`."""


def _reactions() -> Mapping[str, Any]:
    return {"known": [*REACTIONS, *TO_MANY]}


def _who_listens() -> Mapping[str, Any]:
    pairs = [(name, reaction) for name, reactions in _listening.items() for reaction in reactions]
    return {"names": [name for name, _ in pairs], "reactions": [reaction for _, reaction in pairs]}


CHECKS = (
    Check(
        "delivery_of_nothing",
        "Delivery {delivery} to {reaction} is of event {position}, which does not exist.",
        """
select d.id as delivery, d.reaction, d.position from timeline_delivery d
where not exists (select from timeline_entry e where e.position = d.position) order by 1
""",
    ),
    Check(
        "wrong_subject",
        "Delivery {delivery} of event {position} is about {subject}, but the event about {told}.",
        """
select d.id as delivery, d.position, d.subject, e.subject as told
from timeline_delivery d join timeline_entry e using (position) where d.subject <> e.subject order by 1
""",
    ),
    Check(
        "unknown_reaction",
        "{deliveries} deliveries are owed to {reaction}, which does not exist.",
        """
select reaction, count(*) as deliveries from timeline_delivery where reaction <> all(%(known)s::text[])
group by reaction order by 1
""",
        _reactions,
    ),
    Check(
        "not_listening",
        "Event {position} ({name}) is owed to {reaction}, which does not listen to it.",
        """
select d.position, e.name, d.reaction from timeline_delivery d join timeline_entry e using (position)
where not exists (
    select from unnest(%(names)s::text[], %(reactions)s::text[]) as heard (name, reaction)
    where heard.name = e.name and heard.reaction = d.reaction)
order by 1, 3
""",
        _who_listens,
    ),
    Check(
        "set_aside",
        "Event {position} was never taken in by {reaction}: it was set aside at {set_aside_at:%Y-%m-%d %H:%M}.",
        """
select position, reaction, set_aside_at from timeline_delivery where set_aside_at is not null order by 1, 2
""",
    ),
    Check(
        "left_lying",
        "Event {position} waits for {reaction} since {due_at:%Y-%m-%d %H:%M}.",
        """
select position, reaction, due_at from timeline_delivery
where set_aside_at is null and due_at < %(before)s::timestamptz order by 1, 2
""",
        lambda: {"before": now() - LEFT_LYING},
    ),
    Check(
        "unknown_event",
        "{deliveries} deliveries are owed of {name}, which is not spoken in this house; the first is of event {first}.",
        """
select e.name, count(*) as deliveries, min(position) as first
from timeline_delivery d join timeline_entry e using (position)
where e.name <> all(%(known)s::text[]) group by e.name order by 1
""",
        lambda: {"known": list(KNOWN)},
    ),
    Check(
        "key_without_fingerprint",
        "Event {position} has {told}.",
        """
select position, case when key is null then 'what was asked, but no idempotency key'
                      else 'an idempotency key, but not what was asked' end as told
from timeline_entry
where (key is null) <> (asked is null) and position > (select max(position) - %(latest)s::bigint from timeline_entry)
order by 1
""",
        lambda: {"latest": LATEST},
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each delivery or event that cannot be right."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
