"""Bank transfers: the payer is told an account and a reference, and is believed once the bank's statement names it."""

from typing import Any

from django.conf import settings
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.ids import new_id, readable_code
from samband.kernel.money import Money

from .. import references
from ..offering import Offer
from ..refusals import Forged
from ..rules import TRANSFER_LASTS
from . import Answer, Approved, Ask, Challenge, Declined, Notice, Unclear
from .by_hand import look_up as look_up_payout
from .by_hand import owe

REFERENCE_LENGTH = 12

_EXPECT = """
with expected as (
    insert into payments_transfer (reference, key, amount, currency, return_url, language, created_at)
    values (%(reference)s, %(key)s, %(amount)s::bigint, %(currency)s, %(return_url)s, %(language)s,
            %(now)s::timestamptz)
    on conflict (key) do nothing
    returning reference
)
select reference from expected union all select reference from payments_transfer where key = %(key)s limit 1
"""

# What came for it meanwhile is not enough to count, and is owed back.
_VOID = """
with voided as (
    update payments_transfer set state = 'voided' where reference = %(reference)s and state = 'waiting'
    returning key, received, currency, reference
), owed as (
    insert into payments_payout (key, provider, intent_id, amount, currency, reference, owed_at)
    select voided.key || ':partial:' || %(payout)s, 'transfer', operation.intent_id, received, currency, reference,
           %(now)s::timestamptz
    from voided join payments_operation operation on operation.key = voided.key where received > 0
)
select count(*) from voided
"""


class Transfer:
    """Money sent to our account. Nothing is set aside: it is there or it is not."""

    name = "transfer"
    methods: tuple[str, ...] = ("transfer",)
    signature_header = ""
    at_once = True
    by_hand = True

    def offer(self, method: str, amount: Money) -> Offer:
        """Only with an account to send it to, and in a currency that the account takes."""
        if not references.is_iban(settings.PAYEE_IBAN):
            return Offer(reason="not_set_up")
        if not references.takes(settings.PAYEE_IBAN, amount.currency):
            return Offer(reason="currency_not_taken")
        return Offer(lasts=TRANSFER_LASTS)

    def authorise(self, ask: Ask) -> Answer:
        """Expect the transfer; the payer finds at the address what to write on it."""
        row = _one(
            _EXPECT,
            {
                "reference": references.reference(readable_code(REFERENCE_LENGTH)),
                "key": ask.key,
                "amount": ask.amount.amount,
                "currency": ask.amount.currency,
                "return_url": ask.return_url,
                "language": ask.language,
                "now": now(),
            },
        )
        # No row: the same key was being written at this moment by somebody else. It will be there to look up.
        return _challenge(row[0]) if row else Unclear()

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        return Declined("not_allowed")

    def void(self, reference: str, key: str) -> Answer:
        """Wait for it no longer. What has come in full is taken already and cannot be let go."""
        voided = _one(_VOID, {"reference": reference, "payout": new_id().hex, "now": now()})[0]
        if voided:
            return Approved(reference)
        row = _one("select state from payments_transfer where reference = %s", [reference])
        return Approved(reference) if row and row[0] == "voided" else Declined("not_allowed")

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        """It is owed until somebody has had the bank send it."""
        owe(self.name, reference, amount, key)
        return look_up_payout(key) or Unclear()

    def look_up(self, key: str) -> Answer | None:
        row = _one("select reference, state, amount, currency from payments_transfer where key = %s", [key])
        if row is None:
            return look_up_payout(key)
        reference, state, amount, currency = row
        if state == "received":
            return Approved(reference, captured=True, amount=Money(amount, currency))
        return _challenge(reference) if state == "waiting" else Declined("transfer_not_received")

    def read_notice(self, body: bytes, signature: str) -> Notice:
        raise Forged("The bank's statement is read by us.")


def _challenge(reference: str) -> Challenge:
    return Challenge(reference, f"/hooks/transfer/{reference}", TRANSFER_LASTS)


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
