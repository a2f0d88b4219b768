"""What was asked of these customers before, so that nobody is asked the same twice."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.clock import now

from ..rules import DIFFERENT
from .explaining import Reason, degrees, read, told

CHANGED_BITS = 3.0
"""A rejected pair is asked again when so much more speaks for one person than it did: eight times the odds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person was asked of two customers as they are now: a proposal or a conflict, and how it stands."""

    id: int
    kind: str
    a: int
    b: int
    state: str
    weight: float
    reasons: tuple[Reason, ...]


def asked_before() -> dict[frozenset[UUID], Asked]:
    """What was asked of any two who are not one customer now, by these two.

    A conflict goes before a proposal, what was decided before what waits, and later before earlier.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED)
        rows = cursor.fetchall()
    return {
        frozenset((one, other)): Asked(number, kind, a, b, state, weight or 0.0, read(json.loads(reasons)))
        for number, kind, a, b, state, weight, reasons, one, other in rows
    }


_ASKED = """
select r.id, r.kind, r.a, r.b, r.state, r.weight, r.reasons::text, x.customer, y.customer
from identity_review r join identity_identifier x on x.id = r.a join identity_identifier y on y.id = r.b
where x.customer <> y.customer
order by r.kind = 'conflict', r.state <> 'open', r.decided_at nulls first, r.id
"""


def said_different() -> set[frozenset[UUID]]:
    """Every two customers of whom somebody said that they are not one."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, [DIFFERENT])
        return {frozenset(row) for row in cursor.fetchall()}


_DIFFERENT = """
select distinct x.customer, y.customer from identity_assertion e
join identity_identifier x on x.id = e.a join identity_identifier y on y.id = e.b
where e.rule = %s and x.customer <> y.customer
  and not exists (select from identity_retraction r where r.assertion = e.id and r.restored_at is null)
"""


def changed(before: Asked, weight: float, reasons: Collection[Reason]) -> bool:
    """Whether a rejected pair is another question now: they agree in another way, and much more speaks for it."""
    return degrees(reasons) != degrees(before.reasons) and weight - before.weight >= CHANGED_BITS


@transaction.atomic
def ask_again(review_id: int, weight: float, reasons: Collection[Reason]) -> bool:
    """Open a rejected proposal anew, since it is another question now; whether it was still rejected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update identity_review set state = 'open', weight = %s, reasons = %s::jsonb, opened_at = %s::timestamptz,"
            " decided_by = '', decided_at = null where id = %s and kind = 'proposal' and state = 'rejected'",
            [weight, json.dumps(told(reasons)), now(), review_id],
        )
        return bool(cursor.rowcount)


@transaction.atomic
def withdraw(review_ids: Sequence[int]) -> int:
    """Take away proposals that wait and that nothing speaks for any more; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from identity_review where id = any(%s::bigint[]) and kind = 'proposal' and state = 'open'",
            [list(review_ids)],
        )
        return int(cursor.rowcount)
