"""Giving part of an order's money back over all that it was paid with: reserved in one transaction, or not at all."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused

from . import commands
from .commands import Reserved
from .refusals import OtherCurrency
from .spreading import Kept, spread

# In the order of their ids: whoever locks several payments of an order comes to them in the same sequence.
_PAYMENTS = """
select id, currency, captured - refunded - refunding, tender, unwanted_at is null and not payout
from payments_intent where order_id = %s::uuid order by id for update
"""


@transaction.atomic(savepoint=False)
def reserve_order_refund(order_id: UUID, amount: Money, reason: str, key: str) -> tuple[Reserved, ...]:
    """Write down which payment is going to give back how much. The same key again is the same refund.

    Raises MoreThanCaptured, OtherCurrency, KeyReused, Invalid.
    """
    if amount.amount <= 0:
        raise Invalid("An amount to move is more than nothing.")
    found = _all(_PAYMENTS, [order_id])
    parts = _earlier(found, amount, key) or _spread(found, amount)
    return tuple(commands.reserve_refund(intent_id, part, reason, key) for intent_id, part in parts)


def _earlier(found: Sequence[Any], amount: Money, key: str) -> tuple[tuple[UUID, Money], ...]:
    """What was reserved under this key before. Raises KeyReused if it was another amount."""
    rows = _all(
        "select intent_id, amount from payments_operation where key = any(%s::text[]) order by asked_at, key",
        [[commands.operation_key(row[0], "refund", key) for row in found]],
    )
    if rows and sum(part for _, part in rows) != amount.amount:
        raise KeyReused()
    return tuple((intent_id, Money(part, amount.currency)) for intent_id, part in rows)


def _spread(found: Sequence[Any], amount: Money) -> tuple[tuple[UUID, Money], ...]:
    counted = sorted((row for row in found if row[4]), key=lambda row: (row[3], row[0]))
    for row in counted:
        if row[1] != amount.currency:
            raise OtherCurrency(expected=row[1], got=amount.currency)
    return spread(amount, [Kept(row[0], row[2]) for row in counted])


def _all(statement: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
