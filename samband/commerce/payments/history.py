"""Payments of another system, over and done with, written down as they were. No provider is ever asked about them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.events.payments import PaymentHistoryImported
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid
from samband.timeline import record

METHOD = "history"

_INTENT_COLUMNS = """id, order_id, amount, currency, method, provider, capture, state, authorised, captured, refunded,
source, payout, created_at, changed_at"""
_MOVEMENT_COLUMNS = "key, intent_id, kind, amount, at"


@dataclass(frozen=True, slots=True)
class Settled:
    """What was taken for an order and what was given back, in minor units, at least one of them more than nothing.

    If more was given back than taken, nothing was taken: that is a payout, such as for a credit.
    """

    order_id: UUID
    source: str
    taken: int
    given_back: int
    currency: str
    at: datetime


@transaction.atomic(savepoint=False)
def write_history(batch: Sequence[Settled]) -> int:
    """Write down how orders of another system were paid; returns how many were new.

    An order that has a payment already is passed over, so a repeat changes nothing. Raises Invalid.
    """
    for one in batch:
        _check(one)
    if len({one.order_id for one in batch}) != len(batch):
        raise Invalid("A batch names an order twice.")
    fresh = [(new_id(), one) for one in _unpaid(batch)]
    with connection.wrap_database_errors, connection.cursor() as cursor:
        with cursor.copy(f"copy payments_intent ({_INTENT_COLUMNS}) from stdin") as copy:
            for intent_id, one in fresh:
                copy.write_row(_intent(intent_id, one))
        with cursor.copy(f"copy payments_movement ({_MOVEMENT_COLUMNS}) from stdin") as copy:
            copy.write("".join([_movement_rows(str(intent_id), one) for intent_id, one in fresh]))
    for source, payments in Counter(one.source for _, one in fresh).items():
        record(PaymentHistoryImported(import_id=new_id(), source=source, payments=payments))
    return len(fresh)


def _check(one: Settled) -> None:
    if not one.source:
        raise Invalid("History names where it comes from.")
    Money(one.taken, one.currency)
    Money(one.given_back, one.currency)
    if one.taken < 0 or one.given_back < 0 or not one.taken + one.given_back:
        raise Invalid("A payment takes money or gives it back.")
    if one.taken and one.given_back > one.taken:
        raise Invalid("More was given back than taken.")


def _unpaid(batch: Sequence[Settled]) -> list[Settled]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select order_id from payments_intent where order_id = any(%s::uuid[])", [[one.order_id for one in batch]]
        )
        paid = {row[0] for row in cursor.fetchall()}
    return [one for one in batch if one.order_id not in paid]


def _intent(intent_id: UUID, one: Settled) -> tuple[Any, ...]:
    return (
        intent_id, one.order_id, one.taken or one.given_back, one.currency, METHOD, METHOD, "automatic", _state(one),
        one.taken, one.taken, one.given_back, one.source, not one.taken, one.at, one.at,
    )  # fmt: skip


def _state(one: Settled) -> str:
    if not one.given_back:
        return "captured"
    return "partly_refunded" if one.given_back < one.taken else "refunded"


def _movement_rows(intent_id: str, one: Settled) -> str:
    """The movements as COPY reads them; nothing in them needs escaping."""
    moved = [("authorise", one.taken), ("capture", one.taken), ("refund", one.given_back)]
    return "".join(
        [
            f"{intent_id}:history-{kind}\t{intent_id}\t{kind}\t{amount}\t{one.at.isoformat()}\n"
            for kind, amount in moved
            if amount
        ]
    )
