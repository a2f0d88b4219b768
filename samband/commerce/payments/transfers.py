"""Bank transfers as they come in: noted by hand or from the bank's statement, each transaction of the bank once."""

import base64
import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno.helpers
from django.conf import settings
from django.db import connection, transaction

from samband.events.payments import TransferNoted
from samband.kernel.clock import now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, Refusal
from samband.timeline import record

from . import commands, references, statements
from .providers import Approved
from .refusals import OtherCurrency, TransferNotedOtherwise, UnknownTransfer

_TRANSFER = """
select t.reference, t.key, o.intent_id, i.order_id, t.amount, t.received, t.currency, t.state, t.return_url, t.language
from payments_transfer t join payments_operation o on o.key = t.key join payments_intent i on i.id = o.intent_id
"""

_NOTE = """
with noted as (
    insert into payments_transferentry (entry_id, transfer_id, amount, by, at)
    values (%(entry)s, %(reference)s, %(amount)s::bigint, %(by)s::uuid, %(now)s::timestamptz)
    on conflict (entry_id) do nothing
    returning amount
), summed as (
    update payments_transfer set received = received + (select amount from noted), state = %(state)s
    where reference = %(reference)s and exists (select from noted)
), owed as (
    insert into payments_payout (key, provider, intent_id, amount, currency, reference, owed_at)
    select %(payout)s, 'transfer', %(intent)s::uuid, %(excess)s::bigint, %(currency)s, %(reference)s,
           %(now)s::timestamptz
    from noted where %(excess)s::bigint > 0
)
select count(*) from noted
"""


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer that we expect, and what the payer needs to make it. `state`: waiting, received or voided.

    `account` is an IBAN and `bic` its bank's; `payee` whose it is. `qr`: an EPC069-12 code as an SVG image in a data
    address, empty for a currency that has none.
    """

    reference: str
    key: str
    intent_id: UUID
    order_id: UUID
    amount: Money
    received: Money
    state: str
    return_url: str
    language: str

    @property
    def missing(self) -> Money:
        return Money(max(self.amount.amount - self.received.amount, 0), self.amount.currency)

    @property
    def payee(self) -> str:
        return str(settings.PAYEE_NAME)

    @property
    def account(self) -> str:
        return str(settings.PAYEE_IBAN)

    @property
    def bic(self) -> str:
        return str(settings.PAYEE_BIC)

    @property
    def qr(self) -> str:
        return epc_code(self.payee, self.account, self.bic, self.missing, self.reference)


@dataclass(frozen=True, slots=True)
class Noted:
    """What noting came to. `again`: it was noted before. `missing` is still to come, `excess` is owed back."""

    transfer: TransferView
    again: bool
    missing: Money
    excess: Money


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line of a statement: settled, partial, again, or the code of the refusal (`refused`)."""

    id: str
    amount: Money
    reference: str
    outcome: str


def expected(reference: str) -> TransferView:
    """The transfer with this reference, however it was typed. Raises UnknownTransfer."""
    found = _transfers("where t.reference = any(%s::text[])", [_typed(reference)])
    if not found:
        raise UnknownTransfer()
    return found[0]


def waiting(most: int = 200) -> tuple[TransferView, ...]:
    """The transfers that have not come in full, the oldest first."""
    return _transfers("where t.state = 'waiting' order by t.created_at limit %s", [most])


def epc_code(payee: str, account: str, bic: str, amount: Money, reference: str) -> str:
    """The QR code that a banking app reads a SEPA transfer from (EPC069-12, version 002), as an SVG data address.

    Empty where there is none: for another currency than euro, or nothing to pay.
    """
    if amount.currency != "EUR" or amount.amount <= 0 or not references.is_iban(account):
        return ""
    code = segno.helpers.make_epc_qr(payee, account, amount.decimal, reference=reference, bic=bic or None)
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=4, scale=4)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"


@transaction.atomic(savepoint=False)
def note_transfer(reference: str, amount: Money, *, entry_id: str, by: UUID | None = None) -> Noted:
    """Money came in with this reference. `entry_id` is the bank's name for it: noting it twice is noting it once.

    Once all of it is there, the payment is captured. What comes beyond that, or when nobody waits for it any more, is
    owed back (`payouts`). Raises UnknownTransfer, OtherCurrency, TransferNotedOtherwise, Invalid.
    """
    if not 1 <= len(entry_id) <= 100 or "\x00" in entry_id or amount.amount <= 0:
        raise Invalid("A transfer has an id and brings money.")
    found = _transfers("where t.reference = any(%s::text[]) for update of t", [_typed(reference)])
    if not found:
        raise UnknownTransfer()
    transfer = found[0]
    if amount.currency != transfer.amount.currency:
        raise OtherCurrency(expected=transfer.amount.currency, got=amount.currency)
    return _note(transfer, amount, entry_id, by)


def _note(transfer: TransferView, amount: Money, entry_id: str, by: UUID | None) -> Noted:
    received = transfer.received + amount
    settled = transfer.state == "waiting" and transfer.amount <= received
    beyond = received - transfer.amount if transfer.state == "waiting" else amount
    nothing = Money(0, amount.currency)
    excess = beyond if nothing <= beyond else nothing
    missing = transfer.amount - received if received <= transfer.amount else nothing
    fresh = _one(
        _NOTE,
        {
            "entry": entry_id,
            "reference": transfer.reference,
            "amount": amount.amount,
            "by": by,
            "now": now(),
            "state": "received" if settled else transfer.state,
            "payout": f"{transfer.key}:excess:{new_id().hex}",
            "intent": transfer.intent_id,
            "excess": excess.amount,
            "currency": amount.currency,
        },
    )[0]
    if not fresh:
        _check_same(transfer, amount, entry_id)
        return Noted(transfer, True, transfer.missing, nothing)
    record(
        TransferNoted(
            intent_id=transfer.intent_id,
            order_id=transfer.order_id,
            amount=amount.amount,
            currency=amount.currency,
            missing=missing.amount,
        )
    )
    if settled:
        commands.note_answer(transfer.intent_id, Approved(transfer.reference, captured=True, amount=transfer.amount))
    return Noted(transfer, False, missing, excess)


def _check_same(transfer: TransferView, amount: Money, entry_id: str) -> None:
    row = _one("select transfer_id, amount from payments_transferentry where entry_id = %s", [entry_id])
    if row != (transfer.reference, amount.amount):
        raise TransferNotedOtherwise(entry=entry_id)


def take_in_statement(text: str, *, by: UUID | None = None) -> tuple[Line, ...]:
    """Note every payment that a bank statement names and that we know. Each is noted by itself: one that is refused
    keeps no other waiting, and the same statement read again notes nothing twice. Raises StatementUnreadable.
    """
    return tuple(_take_in(entry, by) for entry in statements.read(text))


def _take_in(entry: statements.Entry, by: UUID | None) -> Line:
    for reference in entry.references:
        try:
            noted = note_transfer(reference, entry.amount, entry_id=entry.id, by=by)
        except UnknownTransfer:
            continue
        except Refusal as refusal:
            return Line(entry.id, entry.amount, reference, refusal.code)
        if noted.again:
            return Line(entry.id, entry.amount, reference, "again")
        return Line(entry.id, entry.amount, reference, "partial" if noted.missing else "settled")
    return Line(entry.id, entry.amount, "".join(entry.references[:1]), UnknownTransfer.code)


def _typed(reference: str) -> list[str]:
    return list(references.found_in(reference[:100]))


def _transfers(where: str, values: list[Any]) -> tuple[TransferView, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_TRANSFER} {where}", values)
        return tuple(
            TransferView(reference, key, intent_id, order_id, Money(amount, cur), Money(received, cur), *rest)
            for reference, key, intent_id, order_id, amount, received, cur, *rest in cursor.fetchall()
        )


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
