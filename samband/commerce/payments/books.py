"""What must balance in payments: our ledger against our intents, and both against the sandbox bank's own books."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from samband.kernel.clock import now

_LEDGER_DIFFERS = """
with sums as (
    select intent_id,
        coalesce(sum(amount) filter (where kind = 'authorise'), 0) as authorised,
        coalesce(sum(amount) filter (where kind = 'capture'), 0) as captured,
        coalesce(sum(amount) filter (where kind = 'void'), 0) as voided,
        coalesce(sum(amount) filter (where kind = 'refund'), 0) as refunded
    from payments_movement group by intent_id
)
select i.id, i.authorised, i.captured, i.voided, i.refunded, coalesce(s.authorised, 0), coalesce(s.captured, 0),
       coalesce(s.voided, 0), coalesce(s.refunded, 0)
from payments_intent i left join sums s on s.intent_id = i.id
where (i.authorised, i.captured, i.voided, i.refunded) is distinct from
    (coalesce(s.authorised, 0), coalesce(s.captured, 0), coalesce(s.voided, 0), coalesce(s.refunded, 0))
"""

_RESERVED_DIFFERS = """
with sums as (
    select intent_id,
        coalesce(sum(amount) filter (where kind = 'capture'), 0) as capturing,
        coalesce(sum(amount) filter (where kind = 'refund'), 0) as refunding,
        count(*) filter (where kind = 'void') > 0 as voiding
    from payments_operation where state = 'open' group by intent_id
)
select i.id from payments_intent i left join sums s on s.intent_id = i.id
where (i.capturing, i.refunding, i.voiding)
    is distinct from (coalesce(s.capturing, 0), coalesce(s.refunding, 0), coalesce(s.voiding, false))
"""

_STATE_DIFFERS = """
select id, state from payments_intent where not payout and state <> case
    when authorised = 0 and state in ('authorised', 'captured', 'partly_refunded', 'refunded') then ''
    when authorised = 0 then state
    when refunded > 0 and refunded = captured and captured + voided = authorised then 'refunded'
    when refunded > 0 then 'partly_refunded'
    when captured > 0 then 'captured'
    when voided = authorised then 'voided'
    else 'authorised' end
"""

_HANGING = """
select key, kind from payments_operation where state = 'open' and kind <> 'authorise' and asked_at < %s::timestamptz
"""

# While an operation is open the two may differ: that is what reconciling is for.
_BANK_DIFFERS = """
select i.id, c.reference, i.authorised, c.authorised, i.captured, c.captured, i.refunded, c.refunded
from payments_sandboxcharge c
left join payments_intent i on c.key = i.id || ':authorise'
where (i.id is null or (i.authorised, i.captured, i.refunded) is distinct from (c.authorised, c.captured, c.refunded))
  and not exists (select from payments_operation o where o.intent_id = i.id and o.state = 'open')
"""


def findings() -> Iterator[str]:
    """One sentence for every payment that does not balance."""
    for intent, *amounts in _rows(_LEDGER_DIFFERS):
        yield (
            f"Payment {intent}: authorised, captured, voided, refunded are {amounts[:4]}"
            f" but its movements sum to {amounts[4:]}."
        )
    for (intent,) in _rows(_RESERVED_DIFFERS):
        yield f"Payment {intent}: what is reserved on it is not what its open operations ask for."
    for intent, state in _rows(_STATE_DIFFERS):
        yield f"Payment {intent} is {state}, which its amounts do not say."
    for key, kind in _rows(_HANGING, [now() - timedelta(hours=1)]):
        yield f"The provider has not answered the {kind} {key} for over an hour."
    for intent, charge, *amounts in _rows(_BANK_DIFFERS):
        yield (
            f"Payment {intent} and the sandbox bank's charge {charge} differ: authorised {amounts[0]} and {amounts[1]},"
            f" captured {amounts[2]} and {amounts[3]}, refunded {amounts[4]} and {amounts[5]}."
        )


def _rows(statement: str, values: list[datetime] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
