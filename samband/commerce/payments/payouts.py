"""Money that a person has to give back: coins over the counter, or a transfer the bank is told to make.

Until they say that they did, the refund is under way; nothing else can be given back in its place meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.clock import now
from samband.kernel.money import Money

from . import commands
from .commands import PaymentEvent
from .providers import Approved
from .refusals import UnknownPayout

_OWED = """
select p.key, p.provider, p.intent_id, i.order_id, p.amount, p.currency, p.reference, p.owed_at, p.paid_at
from payments_payout p join payments_intent i on i.id = p.intent_id
"""


@dataclass(frozen=True, slots=True)
class PayoutView:
    """Money to give out, or given out at `paid_at`. `provider` says how: cash, on_delivery or transfer."""

    key: str
    provider: str
    intent_id: UUID
    order_id: UUID
    amount: Money
    reference: str
    owed_at: datetime
    paid_at: datetime | None


def owed(order_id: UUID | None = None, most: int = 200) -> tuple[PayoutView, ...]:
    """What is still to be given out, for one order or all; the oldest first."""
    return _payouts(
        "where p.paid_at is null and (%s::uuid is null or i.order_id = %s::uuid) order by p.owed_at, p.key limit %s",
        [order_id, order_id, most],
    )


@transaction.atomic(savepoint=False)
def pay_out(key: str, *, by: UUID | None = None, place: str = "") -> PaymentEvent | None:
    """Somebody gave the money out. Saying so twice is saying it once.

    `place`: the drawer it came from, if any. Returns PaymentRefunded; None for money that was never a payment here,
    such as what a transfer brought too much. Raises UnknownPayout.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "update payments_payout set paid_at = coalesce(paid_at, %s::timestamptz), by = coalesce(by, %s::uuid),"
            " place = case when paid_at is null then %s else place end where key = %s"
            " returning reference, exists (select from payments_operation o where o.key = payments_payout.key)",
            [now(), by, place, key],
        )
        row = cursor.fetchone()
    if row is None:
        raise UnknownPayout()
    reference, is_a_refund = row
    return commands.settle(key, Approved(reference)) if is_a_refund else None


def _payouts(where: str, values: Sequence[Any]) -> tuple[PayoutView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_OWED + where, values)
        return tuple(
            PayoutView(key, provider, intent_id, order_id, Money(amount, currency), *rest)
            for key, provider, intent_id, order_id, amount, currency, *rest in cursor.fetchall()
        )
