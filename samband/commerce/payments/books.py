"""What must balance in payments: our ledger against our intents, both against the sandbox bank's own books, gift cards
against theirs, and transfers against what the bank's statements named.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from samband.kernel.books import Check, Finding, found
from samband.kernel.clock import now

from . import providers

RELATION = """
select id as intent_id, order_id, provider, currency, captured, refunded, stray from payments_intent
"""
"""Every payment that was ever meant, in minor units of `currency`; a stray one is nobody's order's."""

BALANCES = """
select order_id, sum(authorised - voided)::bigint as secured,
       coalesce(sum(refunded) filter (where not payout), 0)::bigint as refunded,
       coalesce(sum(refunded) filter (where payout), 0)::bigint as paid_out
from payments_intent where not stray group by order_id
"""
"""What was secured for each order (set aside or taken, and not let go), given back, and paid out for a credit."""

CARDS = "select id as card, order_id from payments_giftcard where order_id is not null"
"""Gift cards that were sold, and the orders by which."""

PAYMENTS = (
    Check(
        "ledger",
        "Payment {intent}: authorised, captured, voided, refunded are {kept} but its movements sum to {moved}.",
        """
with sums as (
    select intent_id,
        coalesce(sum(amount) filter (where kind = 'authorise'), 0)::bigint as authorised,
        coalesce(sum(amount) filter (where kind = 'capture'), 0)::bigint as captured,
        coalesce(sum(amount) filter (where kind = 'void'), 0)::bigint as voided,
        coalesce(sum(amount) filter (where kind = 'refund'), 0)::bigint as refunded
    from payments_movement group by intent_id
)
select i.id as intent, array[i.authorised, i.captured, i.voided, i.refunded] as kept,
       array[coalesce(s.authorised, 0), coalesce(s.captured, 0), coalesce(s.voided, 0), coalesce(s.refunded, 0)]
           as moved
from payments_intent i left join sums s on s.intent_id = i.id
where (i.authorised, i.captured, i.voided, i.refunded) is distinct from
    (coalesce(s.authorised, 0), coalesce(s.captured, 0), coalesce(s.voided, 0), coalesce(s.refunded, 0))
""",
    ),
    Check(
        "reserved",
        "Payment {intent}: what is reserved on it is not what its open operations ask for.",
        """
with sums as (
    select intent_id,
        coalesce(sum(amount) filter (where kind = 'capture'), 0)::bigint as capturing,
        coalesce(sum(amount) filter (where kind = 'refund'), 0)::bigint as refunding,
        count(*) filter (where kind = 'void') > 0 as voiding
    from payments_operation where state = 'open' group by intent_id
)
select i.id as intent, i.capturing, i.refunding, i.voiding
from payments_intent i left join sums s on s.intent_id = i.id
where (i.capturing, i.refunding, i.voiding)
    is distinct from (coalesce(s.capturing, 0), coalesce(s.refunding, 0), coalesce(s.voiding, false))
""",
    ),
    Check(
        "state",
        "Payment {intent} is {state}, which its amounts do not say.",
        """
select id as intent, state from payments_intent where not payout and state <> case
    when authorised = 0 and state in ('authorised', 'captured', 'partly_refunded', 'refunded') then ''
    when authorised = 0 then state
    when refunded > 0 and refunded = captured and captured + voided = authorised then 'refunded'
    when refunded > 0 then 'partly_refunded'
    when captured > 0 then 'captured'
    when voided = authorised then 'voided'
    else 'authorised' end
""",
    ),
    Check(
        "hanging",
        "The provider has not answered the {kind} {operation} for over an hour.",
        """
select o.key as operation, o.kind from payments_operation o join payments_intent i on i.id = o.intent_id
where o.state = 'open' and o.kind <> 'authorise' and o.asked_at < %(before)s::timestamptz
  and not (o.kind = 'refund' and i.provider = any(%(by_hand)s::text[]))
""",
        lambda: {"before": now() - timedelta(hours=1), "by_hand": providers.giving_by_hand()},
    ),
    # While an operation is open the two may differ: that is what reconciling is for.
    Check(
        "bank",
        "Payment {intent} and the sandbox bank's charge {charge} differ: authorised {ours[0]} and {banks[0]},"
        " captured {ours[1]} and {banks[1]}, refunded {ours[2]} and {banks[2]}.",
        """
select i.id as intent, c.reference as charge, array[i.authorised, i.captured, i.refunded] as ours,
       array[c.authorised, c.captured, c.refunded] as banks
from payments_sandboxcharge c
left join payments_intent i on c.key = i.id || ':authorise'
where (i.id is null or (i.authorised, i.captured, i.refunded) is distinct from (c.authorised, c.captured, c.refunded))
  and not exists (select from payments_operation o where o.intent_id = i.id and o.state = 'open')
""",
    ),
)

GIFT_CARDS = (
    Check(
        "gift_card",
        "Gift card {card}: balance and what is held are {kept} but its entries sum to {entries}.",
        """
with sums as (
    select card_id, sum(amount)::bigint as balance, sum(held)::bigint as held from payments_giftcardentry
    group by card_id
)
select c.id as card, array[c.balance, c.held] as kept, array[coalesce(s.balance, 0), coalesce(s.held, 0)] as entries
from payments_giftcard c left join sums s on s.card_id = c.id
where (c.balance, c.held) is distinct from (coalesce(s.balance, 0), coalesce(s.held, 0))
""",
    ),
    Check(
        "closed_with_money",
        "Gift card {card} is {state}, but {balance} are left on it.",
        """
select id as card, state, balance from payments_giftcard where state <> 'open' and balance > 0
""",
    ),
    # What an authorisation did on a card is what its payment says: a charge's entries against its intent's amounts.
    Check(
        "charge",
        "Payment {intent} has {ours} open and kept of a gift card, but the card's entries come to {entries}.",
        """
with sums as (
    select charge, sum(held)::bigint as open, (-sum(amount) - sum(held))::bigint as kept
    from payments_giftcardentry where charge <> '' group by charge
)
select i.id as intent, array[i.authorised - i.captured - i.voided, i.captured - i.refunded] as ours,
       array[coalesce(s.open, 0), coalesce(s.kept, 0)] as entries
from sums s full join (select * from payments_intent where provider = 'gift_card') i on s.charge = i.id || ':authorise'
where (i.authorised - i.captured - i.voided, i.captured - i.refunded)
      is distinct from (coalesce(s.open, 0), coalesce(s.kept, 0))
  and not exists (select from payments_operation o where o.intent_id = i.id and o.state = 'open')
""",
    ),
)

TRANSFERS = (
    Check(
        "transfer",
        "Transfer {reference}: {received} received, but what was noted sums to {noted}.",
        """
with sums as (select transfer_id, sum(amount)::bigint as received from payments_transferentry group by transfer_id)
select t.reference, t.received, coalesce(s.received, 0) as noted
from payments_transfer t left join sums s on s.transfer_id = t.reference where t.received <> coalesce(s.received, 0)
""",
    ),
    # Of what came by transfer, all is taken for the order or owed back.
    Check(
        "transfer_lost",
        "Transfer {reference} is {state}: of {received} that came, {taken} were taken and {owed} are owed back.",
        """
with owed as (
    select reference, sum(amount)::bigint as amount from payments_payout
    where provider = 'transfer' and key not in (select key from payments_operation) group by reference
)
select t.reference, t.state, t.received, i.captured as taken, coalesce(o.amount, 0) as owed
from payments_transfer t join payments_operation p on p.key = t.key join payments_intent i on i.id = p.intent_id
left join owed o on o.reference = t.reference
where t.state <> 'waiting' and t.received <> i.captured + coalesce(o.amount, 0)
""",
    ),
    Check(
        "payout",
        "Payout {payout} of {amount} ({told}) is for a refund of {asked} that is {state}.",
        """
select p.key as payout, p.amount, case when p.paid_at is null then 'owed' else 'paid' end as told, o.amount as asked,
       o.state
from payments_payout p join payments_operation o on o.key = p.key
where p.amount <> o.amount or (p.paid_at is not null) <> (o.state = 'done')
""",
    ),
)

CHECKS = (*PAYMENTS, *GIFT_CARDS, *TRANSFERS)


def findings() -> Iterator[Finding]:
    """One sentence for each payment that does not balance."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
