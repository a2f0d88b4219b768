"""The ledger of gift cards: what is on a card and what happened to it, each deed under a key and done once.

Whoever changes a card locks its row first and writes the entry and the card's new sums in one statement.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from samband.kernel.clock import now
from samband.kernel.ids import READABLE, readable_code
from samband.kernel.money import Money

from .refusals import GiftCardClosed, GiftCardShort, OtherCurrency, UnknownGiftCard

CODE_LENGTH = 16
"""Of 31 letters and digits: 79 bits."""

GRACE = timedelta(days=90)
"""So long money that goes back to an expired card can be spent."""

_CARD = "select id, last4, currency, balance, held, state, expires_at, order_id, created_at from payments_giftcard"

_WRITE = """
with written as (
    insert into payments_giftcardentry (key, card_id, kind, amount, held, charge, reason, by, at)
    values (%(key)s, %(card)s::uuid, %(kind)s, %(amount)s::bigint, %(held)s::bigint, %(charge)s, %(reason)s,
            %(by)s::uuid, %(now)s::timestamptz)
    returning card_id
)
update payments_giftcard set balance = balance + %(amount)s::bigint, held = held + %(held)s::bigint,
    state = %(state)s, expires_at = %(expires_at)s::timestamptz
where id = (select card_id from written)
"""


@dataclass(frozen=True, slots=True)
class GiftCardView:
    """A gift card: what can be spent of it now, and what is set aside. `state`: open, expired or cancelled."""

    id: UUID
    last4: str
    balance: Money
    held: Money
    state: str
    expires_at: datetime | None
    order_id: UUID | None
    created_at: datetime

    @property
    def currency(self) -> str:
        return self.balance.currency

    @property
    def open(self) -> bool:
        """Whether it can be spent now."""
        return self.state == "open" and (self.expires_at is None or self.expires_at > now())


@dataclass(frozen=True, slots=True)
class EntryView:
    """Something that happened on a card: what it changed in what can be spent, and in what is set aside.

    `order_id`: the order that it paid for, if it did; `by` whoever of the staff did it.
    """

    kind: str
    amount: Money
    held: Money
    reason: str
    order_id: UUID | None
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Charge:
    """What one authorisation holds of a card, and what it has spent of it and not given back (minor units)."""

    card_id: UUID
    held: int
    spent: int


def new_code() -> str:
    """A code that nobody guesses, easy to read aloud."""
    return readable_code(CODE_LENGTH)


def bare(code: str) -> str:
    """A code as it is hashed, however it was typed; empty for what cannot be one."""
    typed = re.sub(r"[\s.\-]", "", code[:80]).upper()
    return typed if len(typed) == CODE_LENGTH and set(typed) <= set(READABLE) else ""


def shown(code: str) -> str:
    """A code in groups of four, as it is printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def hashed(code: str) -> str:
    """The keyed hash under which a card is found by its code."""
    return hmac.new(settings.GIFT_CARD_SECRET.encode(), code.encode(errors="replace"), hashlib.sha256).hexdigest()


def by_code(code: str, *, lock: bool = False) -> GiftCardView:
    """The card with this code. Raises UnknownGiftCard."""
    typed = bare(code)
    found = typed and _one(f"{_CARD} where code_hash = %s{' for update' if lock else ''}", [hashed(typed)])
    if not found:
        raise UnknownGiftCard()
    return as_view(found)


def locked(card_id: UUID) -> GiftCardView:
    """The card, which nobody else changes until the transaction ends. Raises UnknownGiftCard."""
    found = _one(f"{_CARD} where id = %s::uuid for update", [card_id])
    if not found:
        raise UnknownGiftCard()
    return as_view(found)


def card(card_id: UUID) -> GiftCardView:
    """One card. Raises UnknownGiftCard."""
    one = cards("where id = %s::uuid", [card_id])
    if not one:
        raise UnknownGiftCard()
    return one[0]


def found(last4: str = "", most: int = 50) -> tuple[GiftCardView, ...]:
    """The latest cards, or those whose code ends so; the newest first."""
    return cards("where %s = '' or last4 = %s order by created_at desc, id desc limit %s", [last4, last4, most])


def entries(card_id: UUID) -> tuple[EntryView, ...]:
    """Everything that happened on a card, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select e.kind, c.currency, e.amount, e.held, e.reason, i.order_id, e.by, e.at"
            " from payments_giftcardentry e join payments_giftcard c on c.id = e.card_id"
            " left join payments_operation o on o.key = nullif(e.charge, '')"
            " left join payments_intent i on i.id = o.intent_id"
            " where e.card_id = %s::uuid order by e.at desc, e.key",
            [card_id],
        )
        return tuple(
            EntryView(kind, Money(amount, cur), Money(held, cur), *rest)
            for kind, cur, amount, held, *rest in cursor.fetchall()
        )


def cards(where: str, values: Sequence[Any]) -> tuple[GiftCardView, ...]:
    """The cards that a condition describes."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_CARD} {where}", values)
        return tuple(as_view(row) for row in cursor.fetchall())


def as_view(row: Any) -> GiftCardView:
    key, last4, currency, balance, held, *rest = row
    return GiftCardView(key, last4, Money(balance, currency), Money(held, currency), *rest)


def check(card: GiftCardView, amount: Money) -> None:
    """Raises OtherCurrency, GiftCardClosed or GiftCardShort if so much cannot be spent of it now."""
    if amount.currency != card.currency:
        raise OtherCurrency(expected=card.currency, got=amount.currency)
    if not card.open:
        raise GiftCardClosed(state=card.state if card.state != "open" else "expired")
    if amount.amount > card.balance.amount:
        raise GiftCardShort(left=card.balance.amount, currency=card.currency)


def charge_of(key: str) -> Charge | None:
    """What the authorisation with this key holds and has spent; None if there is none."""
    row = _one(
        "select card_id, sum(held)::bigint, (-sum(amount) - sum(held))::bigint from payments_giftcardentry"
        " where charge = %s group by card_id",
        [key],
    )
    return Charge(*row) if row else None


def entry(key: str) -> tuple[str, str, str] | None:
    """Kind, charge, and last four of the card, of the deed with this key; None if it was not done."""
    row = _one(
        "select e.kind, e.charge, c.last4 from payments_giftcardentry e"
        " join payments_giftcard c on c.id = e.card_id where e.key = %s",
        [key],
    )
    return tuple(row) if row else None


def changed_by(key: str) -> tuple[int, str] | None:
    """By how many minor units the deed with this key changed what can be spent, and why; None if it was not done."""
    row = _one("select amount, reason from payments_giftcardentry where key = %s", [key])
    return tuple(row) if row else None


def write(
    card: GiftCardView,
    key: str,
    kind: str,
    amount: int,
    held: int = 0,
    *,
    charge: str = "",
    reason: str = "",
    by: UUID | None = None,
) -> None:
    """Enter a deed and change the card's sums with it; the card is locked.

    A card that expired while it paid for something, and gets that back, can be spent again for a while.
    """
    if kind in ("refund", "release") and card.state != "cancelled" and not card.open:
        card = replace(card, state="open", expires_at=now() + GRACE)
    values: dict[str, Any] = {
        "key": key,
        "card": card.id,
        "kind": kind,
        "amount": amount,
        "held": held,
        "charge": charge,
        "reason": reason,
        "by": by,
        "now": now(),
        "state": {"expire": "expired", "cancel": "cancelled"}.get(kind, card.state),
        "expires_at": card.expires_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
