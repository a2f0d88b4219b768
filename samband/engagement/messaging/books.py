"""What must hold of messages: each is on its way, gone, or given up."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.clock import now

LEFT_LYING = timedelta(days=1)
"""Longer than any message waits between two tries, and than anybody who died while sending keeps one."""

RELATION = "select id as message, customer_id, contact_id from messaging_message"
"""Every message that is kept, and to whom it was, as far as that is still known."""

CHECKS = (
    Check(
        "left_lying",
        "Message {message} should have been sent at {due_at:%Y-%m-%d %H:%M} and is {state}.",
        """
select id as message, due_at, state from messaging_message
where state in ('queued', 'sending') and due_at < %(before)s::timestamptz order by due_at
""",
        lambda: {"before": now() - LEFT_LYING},
    ),
    Check(
        "sent_never",
        "Message {message} is {state}, but {told}.",
        """
select id as message, state, case when sent_at is null then 'nobody knows since when' else 'was sent' end as told
from messaging_message where (state = 'sent') <> (sent_at is not null) order by id
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each message that was left lying."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
