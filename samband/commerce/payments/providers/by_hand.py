"""Ways to pay that only people carry out: coins in a drawer, and money that the courier collects.

Neither has books of its own: what is set aside or taken is so once we have written it down. What goes back, somebody
has to hand out (`payouts.py`).
"""

from typing import Any

from django.db import connection

from samband.kernel.clock import now
from samband.kernel.money import Money

from ..offering import Offer
from ..refusals import Forged
from . import Answer, Approved, Ask, Declined, Notice, Unclear

_OWE = """
insert into payments_payout (key, provider, intent_id, amount, currency, reference, owed_at)
select %(key)s, %(provider)s, intent_id, %(amount)s::bigint, %(currency)s, %(reference)s, %(now)s::timestamptz
from payments_operation where key = %(key)s
on conflict (key) do nothing
"""


class Cash:
    """Coins and notes; the token names the drawer session they go into."""

    name = "cash"
    methods: tuple[str, ...] = ("cash",)
    signature_header = ""
    at_once = True
    by_hand = True

    def offer(self, method: str, amount: Money) -> Offer:
        return Offer()

    def authorise(self, ask: Ask) -> Answer:
        """The money is in the drawer."""
        return Approved(f"cash {ask.token[:80]}".strip(), captured=True, amount=ask.amount)

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        return Declined("not_allowed")

    def void(self, reference: str, key: str) -> Answer:
        return Declined("not_allowed")

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        """It is owed until somebody has handed it out."""
        owe(self.name, reference, amount, key)
        return look_up(key) or Unclear()

    def look_up(self, key: str) -> Answer | None:
        return look_up(key)

    def read_notice(self, body: bytes, signature: str) -> Notice:
        raise Forged("Coins send no notices.")


class OnDelivery(Cash):
    """The courier collects at the door: promised when the order is placed, taken when the parcel is delivered."""

    name = "on_delivery"
    methods = ("on_delivery",)

    def authorise(self, ask: Ask) -> Answer:
        """Nothing has been taken yet, whatever was asked for."""
        return Approved("on_delivery", captured=False, amount=ask.amount)

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        """The courier has it."""
        return Approved(reference)

    def void(self, reference: str, key: str) -> Answer:
        """Nobody collects it any more."""
        return Approved(reference)


def owe(provider: str, reference: str, amount: Money, key: str) -> None:
    """Write down that somebody has to give this back; once, by its key."""
    _do(
        _OWE,
        {
            "key": key,
            "provider": provider,
            "amount": amount.amount,
            "currency": amount.currency,
            "reference": reference,
            "now": now(),
        },
    )


def look_up(key: str) -> Answer | None:
    """Whether what has to be given back was; None if nothing has to be."""
    with connection.cursor() as cursor:
        cursor.execute("select paid_at is not null, reference from payments_payout where key = %s", [key])
        row = cursor.fetchone()
    if row is None:
        return None
    return Approved(row[1]) if row[0] else Unclear()


def _do(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
