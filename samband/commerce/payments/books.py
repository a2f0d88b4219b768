"""What must balance in payments: our ledger against our intents, both against the sandbox bank's own books, gift cards
against theirs, and transfers against what the bank's statements named.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection

from samband.kernel.clock import now

from . import providers

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
select o.key, o.kind from payments_operation o join payments_intent i on i.id = o.intent_id
where o.state = 'open' and o.kind <> 'authorise' and o.asked_at < %s::timestamptz
  and not (o.kind = 'refund' and i.provider = any(%s::text[]))
"""

# While an operation is open the two may differ: that is what reconciling is for.
_BANK_DIFFERS = """
select i.id, c.reference, i.authorised, c.authorised, i.captured, c.captured, i.refunded, c.refunded
from payments_sandboxcharge c
left join payments_intent i on c.key = i.id || ':authorise'
where (i.id is null or (i.authorised, i.captured, i.refunded) is distinct from (c.authorised, c.captured, c.refunded))
  and not exists (select from payments_operation o where o.intent_id = i.id and o.state = 'open')
"""

_GIFT_CARD_DIFFERS = """
with sums as (
    select card_id, sum(amount)::bigint as balance, sum(held)::bigint as held from payments_giftcardentry
    group by card_id
)
select c.id, c.balance, c.held, coalesce(s.balance, 0), coalesce(s.held, 0)
from payments_giftcard c left join sums s on s.card_id = c.id
where (c.balance, c.held) is distinct from (coalesce(s.balance, 0), coalesce(s.held, 0))
"""

_CLOSED_WITH_MONEY = "select id, state, balance from payments_giftcard where state <> 'open' and balance > 0"

# What an authorisation did on a card is what its payment says: entries of a charge against the amounts of its intent.
_CHARGE_DIFFERS = """
with sums as (
    select charge, sum(held)::bigint as open, (-sum(amount) - sum(held))::bigint as kept
    from payments_giftcardentry where charge <> '' group by charge
)
select i.id, i.authorised - i.captured - i.voided, i.captured - i.refunded, coalesce(s.open, 0), coalesce(s.kept, 0)
from sums s full join (select * from payments_intent where provider = 'gift_card') i on s.charge = i.id || ':authorise'
where (i.authorised - i.captured - i.voided, i.captured - i.refunded)
      is distinct from (coalesce(s.open, 0), coalesce(s.kept, 0))
  and not exists (select from payments_operation o where o.intent_id = i.id and o.state = 'open')
"""

_TRANSFER_DIFFERS = """
with sums as (select transfer_id, sum(amount)::bigint as received from payments_transferentry group by transfer_id)
select t.reference, t.received, coalesce(s.received, 0)
from payments_transfer t left join sums s on s.transfer_id = t.reference where t.received <> coalesce(s.received, 0)
"""

# Of what came by transfer, all is taken for the order or owed back.
_TRANSFER_LOST = """
with owed as (
    select reference, sum(amount)::bigint as amount from payments_payout
    where provider = 'transfer' and key not in (select key from payments_operation) group by reference
)
select t.reference, t.state, t.received, i.captured, coalesce(o.amount, 0)
from payments_transfer t join payments_operation p on p.key = t.key join payments_intent i on i.id = p.intent_id
left join owed o on o.reference = t.reference
where t.state <> 'waiting' and t.received <> i.captured + coalesce(o.amount, 0)
"""

_PAYOUT_DIFFERS = """
select p.key, p.amount, o.amount, p.paid_at is not null, o.state
from payments_payout p join payments_operation o on o.key = p.key
where p.amount <> o.amount or (p.paid_at is not null) <> (o.state = 'done')
"""


def findings() -> Iterator[str]:
    """One sentence for every payment that does not balance."""
    yield from _payments()
    yield from _gift_cards()
    yield from _transfers()


def _payments() -> Iterator[str]:
    for intent, *amounts in _rows(_LEDGER_DIFFERS):
        yield (
            f"Payment {intent}: authorised, captured, voided, refunded are {amounts[:4]}"
            f" but its movements sum to {amounts[4:]}."
        )
    for (intent,) in _rows(_RESERVED_DIFFERS):
        yield f"Payment {intent}: what is reserved on it is not what its open operations ask for."
    for intent, state in _rows(_STATE_DIFFERS):
        yield f"Payment {intent} is {state}, which its amounts do not say."
    for key, kind in _rows(_HANGING, [now() - timedelta(hours=1), providers.giving_by_hand()]):
        yield f"The provider has not answered the {kind} {key} for over an hour."
    for intent, charge, *amounts in _rows(_BANK_DIFFERS):
        yield (
            f"Payment {intent} and the sandbox bank's charge {charge} differ: authorised {amounts[0]} and {amounts[1]},"
            f" captured {amounts[2]} and {amounts[3]}, refunded {amounts[4]} and {amounts[5]}."
        )


def _gift_cards() -> Iterator[str]:
    for card, balance, held, *sums in _rows(_GIFT_CARD_DIFFERS):
        yield f"Gift card {card}: balance and what is held are {[balance, held]} but its entries sum to {sums}."
    for card, state, balance in _rows(_CLOSED_WITH_MONEY):
        yield f"Gift card {card} is {state}, but {balance} are left on it."
    for intent, *amounts in _rows(_CHARGE_DIFFERS):
        yield (
            f"Payment {intent} has {amounts[:2]} open and kept of a gift card, but the card's entries come to"
            f" {amounts[2:]}."
        )


def _transfers() -> Iterator[str]:
    for reference, received, sums in _rows(_TRANSFER_DIFFERS):
        yield f"Transfer {reference}: {received} received, but what was noted sums to {sums}."
    for reference, state, received, taken, owed in _rows(_TRANSFER_LOST):
        yield f"Transfer {reference} is {state}: of {received} that came, {taken} were taken and {owed} are owed back."
    for key, amount, asked, paid, state in _rows(_PAYOUT_DIFFERS):
        yield f"Payout {key} of {amount} ({'paid' if paid else 'owed'}) is for a refund of {asked} that is {state}."


def _rows(statement: str, values: list[Any] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
