"""The statements of pairs that wait for a person."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from samband.kernel.clock import now

from .refusals import AlreadyDecided, NoSuchReview


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two numbers that may be one person's: the weight of it (log2 of the odds) and the reasons, as plain values."""

    a: int
    b: int
    weight: float
    reasons: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that waits for a person."""

    kind: str
    a: int
    b: int
    reasons: Sequence[Mapping[str, Any]]


# What a person decided stays decided, and nobody is asked about two who are one customer already.
_PROPOSE = """
insert into identity_review (kind, a, b, weight, reasons, state, opened_at, decided_by)
select 'proposal', p.a, p.b, p.weight, p.reasons::jsonb, 'open', %s::timestamptz, ''
from unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::text[]) as p (a, b, weight, reasons)
join identity_identifier x on x.id = p.a and x.erased_at is null
join identity_identifier y on y.id = p.b and y.erased_at is null and y.customer <> x.customer
order by p.a, p.b
on conflict (a, b, kind) do update set weight = excluded.weight, reasons = excluded.reasons
where identity_review.state = 'open'
returning id
"""


def write(proposals: Sequence[Proposal]) -> int:
    """Write down those that nobody has decided yet; returns how many."""
    by_pair = {(min(one.a, one.b), max(one.a, one.b)): one for one in proposals if one.a != one.b}
    if not by_pair:
        return 0
    columns: list[Any] = [
        [pair[0] for pair in by_pair],
        [pair[1] for pair in by_pair],
        [one.weight for one in by_pair.values()],
        [json.dumps([dict(reason) for reason in one.reasons]) for one in by_pair.values()],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PROPOSE, [now(), *columns])
        return len(cursor.fetchall())


def close(review_id: int, state: str, by: str) -> Waiting:
    """Write down how a person decided. Raises NoSuchReview, AlreadyDecided."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, a, b, reasons::text, state from identity_review where id = %s for update", [review_id]
        )
        row = cursor.fetchone()
        if row is None:
            raise NoSuchReview()
        if row[4] != "open":
            raise AlreadyDecided(state=row[4])
        cursor.execute(
            "update identity_review set state = %s, decided_by = %s, decided_at = %s::timestamptz where id = %s",
            [state, by, now(), review_id],
        )
    return Waiting(row[0], row[1], row[2], json.loads(row[3]))
