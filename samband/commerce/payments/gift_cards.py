"""What gift cards can be told: issued, put right, cancelled; and which SKUs are gift cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from samband.events.payments import GiftCardAdjusted, GiftCardCancelled, GiftCardExpired, GiftCardIssued
from samband.kernel.clock import now
from samband.kernel.goods import SKU
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline import record
from samband.timeline.chores import every

from . import gift_ledger
from .gift_ledger import GiftCardView
from .refusals import GiftCardClosed, GiftCardExists, GiftCardInUse, GiftCardShort, OtherCurrency
from .rules import GIFT_CARD_REASONS

log = structlog.get_logger("samband.payments")

LARGEST = 10**9
LONGEST_KEY = 120

_ISSUE = """
with issued as (
    insert into payments_giftcard (id, code_hash, last4, currency, balance, order_id, expires_at, created_at)
    values (%(id)s::uuid, %(hash)s, %(last4)s, %(currency)s, %(amount)s::bigint, %(order)s::uuid,
            %(expires_at)s::timestamptz, %(now)s::timestamptz)
    on conflict (id) do nothing
    returning id
)
insert into payments_giftcardentry (key, card_id, kind, amount, reason, by, at)
select %(key)s, id, 'issue', %(amount)s::bigint, %(reason)s, %(by)s::uuid, %(now)s::timestamptz from issued
"""


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A card and its code. The code is told this once: asked again with the same id, it is empty."""

    card_id: UUID
    code: str
    last4: str
    amount: Money
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class GiftCardProduct:
    """A SKU that is a gift card: what one sold in this currency is worth, and for how many days (None: for ever)."""

    sku: str
    worth: Money
    lasts_days: int | None


@transaction.atomic(savepoint=False)
def issue_gift_card(
    card_id: UUID,
    amount: Money,
    *,
    reason: str,
    expires_at: datetime | None = None,
    order_id: UUID | None = None,
    by: UUID | None = None,
) -> HandedOut:
    """Issue a gift card. Asking twice with one id is asking once, but only the first time is the code told.

    `reason`: one of `rules.GIFT_CARD_REASONS`. Raises GiftCardExists for an id with another amount, Invalid.
    """
    _check_reason(reason)
    if not 0 < amount.amount <= LARGEST:
        raise Invalid("A gift card has an amount.")
    if expires_at is not None and expires_at <= now():
        raise Invalid("A gift card expires later than now.")
    code = gift_ledger.new_code()
    values = {
        "id": card_id,
        "hash": gift_ledger.hashed(code),
        "last4": code[-4:],
        "currency": amount.currency,
        "amount": amount.amount,
        "order": order_id,
        "expires_at": expires_at,
        "key": f"{card_id}:issue",
        "reason": reason,
        "by": by,
        "now": now(),
    }
    if not _do(_ISSUE, values):
        return _issued_before(card_id, amount)
    record(GiftCardIssued(card_id=card_id, amount=amount.amount, currency=amount.currency, order_id=order_id))
    return HandedOut(card_id, gift_ledger.shown(code), code[-4:], amount, expires_at)


def _issued_before(card_id: UUID, amount: Money) -> HandedOut:
    card = gift_ledger.locked(card_id)
    with connection.cursor() as cursor:
        cursor.execute("select amount from payments_giftcardentry where key = %s", [f"{card_id}:issue"])
        row = cursor.fetchone()
    if row is None or Money(row[0], card.currency) != amount:
        raise GiftCardExists(card=str(card_id))
    return HandedOut(card_id, "", card.last4, amount, card.expires_at)


@transaction.atomic(savepoint=False)
def adjust_gift_card(
    card_id: UUID, amount: Money, reason: str, *, key: str, by: UUID | None = None
) -> GiftCardAdjusted:
    """Put money on a card, or take it off (an amount below nothing). The same key again changes nothing.

    Raises UnknownGiftCard, OtherCurrency, GiftCardShort, GiftCardClosed, Invalid, and KeyReused for a key that stands
    for another adjustment.
    """
    _check_reason(reason)
    card = gift_ledger.locked(card_id)
    event = GiftCardAdjusted(card_id=card_id, amount=amount.amount, currency=card.currency, reason=reason)
    if amount.currency != card.currency:
        raise OtherCurrency(expected=card.currency, got=amount.currency)
    if not amount or abs(amount.amount) > LARGEST:
        raise Invalid("An adjustment changes something.")
    entry_key = _key(card_id, "adjust", key)
    if earlier := gift_ledger.changed_by(entry_key):
        if earlier != (amount.amount, reason):
            raise KeyReused()
        return event
    if not card.open:
        raise GiftCardClosed(state=card.state if card.state != "open" else "expired")
    if card.balance.amount + amount.amount < 0:
        raise GiftCardShort(left=card.balance.amount, currency=card.currency)
    gift_ledger.write(card, entry_key, "adjust", amount.amount, reason=reason, by=by)
    record(event)
    return event


@transaction.atomic(savepoint=False)
def cancel_gift_card(card_id: UUID, reason: str, *, by: UUID | None = None) -> GiftCardCancelled:
    """A card can no longer be spent; what is left on it is gone with it. Cancelling twice is cancelling once.

    Raises UnknownGiftCard, GiftCardInUse while part of it is set aside, Invalid.
    """
    _check_reason(reason)
    card = gift_ledger.locked(card_id)
    event = GiftCardCancelled(card_id=card_id, amount=card.balance.amount, currency=card.currency, reason=reason)
    if card.state == "cancelled":
        return event
    if card.held:
        raise GiftCardInUse(held=card.held.amount, currency=card.currency)
    _close(card, "cancel", "cancelled", reason, by)
    record(event)
    return event


def _close(card: GiftCardView, kind: str, state: str, reason: str = "", by: UUID | None = None) -> None:
    if card.balance:
        gift_ledger.write(
            card, f"{card.id}:{kind}:{now().isoformat()}", kind, -card.balance.amount, reason=reason, by=by
        )
    else:
        _do("update payments_giftcard set state = %s where id = %s::uuid", [state, card.id])


@every(3600)
def expire_gift_cards(most: int = 500) -> int:
    """End the cards whose time is over; returns how many. What is set aside of one can still be spent or let go."""
    due = gift_ledger.cards(
        "where state = 'open' and expires_at <= %s::timestamptz order by expires_at limit %s", [now(), most]
    )
    return sum(_expire(card.id) for card in due)


@transaction.atomic(savepoint=False)
def _expire(card_id: UUID) -> bool:
    card = gift_ledger.locked(card_id)
    if card.state != "open" or card.open:
        return False
    _close(card, "expire", "expired")
    record(GiftCardExpired(card_id=card_id, amount=card.balance.amount, currency=card.currency))
    return True


def cancel_sold(order_id: UUID) -> int:
    """The order they were sold with is off: its cards can no longer be spent; returns how many were cancelled.

    One of which part is set aside at this moment is left, and told in the log: for a person.
    """
    sold = gift_ledger.cards("where order_id = %s::uuid and state <> 'cancelled' order by id", [order_id])
    for card in sold:
        if card.held:
            log.warning("gift_card_not_cancelled", card=str(card.id), code=GiftCardInUse.code)
        else:
            cancel_gift_card(card.id, "order_cancelled")
    return sum(not card.held for card in sold)


# --- gift cards as goods


def save_gift_card_product(sku: str, worth: Money, lasts_days: int | None = None) -> None:
    """From now on this SKU is a gift card, worth so much where it is sold in that currency. Raises Invalid."""
    if not SKU.fullmatch(sku) or not 0 < worth.amount <= LARGEST:
        raise Invalid("A gift card has a SKU and an amount.")
    if lasts_days is not None and not 0 < lasts_days <= 36_500:
        raise Invalid("A gift card lasts some days.")
    _do(
        "insert into payments_giftcardproduct (sku, currency, amount, lasts_days)"
        " values (%s, %s, %s::bigint, %s::int)"
        " on conflict (sku, currency) do update set amount = excluded.amount, lasts_days = excluded.lasts_days",
        [sku, worth.currency, worth.amount, lasts_days],
    )


def drop_gift_card_product(sku: str, currency: str) -> None:
    """This SKU is no gift card any more where it is sold in that currency; cards that were sold stay as they are."""
    _do("delete from payments_giftcardproduct where sku = %s and currency = %s", [sku, currency])


def gift_card_products(skus: Sequence[str] | None = None) -> tuple[GiftCardProduct, ...]:
    """The SKUs that are gift cards, of these or of all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sku, amount, currency, lasts_days from payments_giftcardproduct"
            " where %s::bool or sku = any(%s::text[]) order by sku, currency",
            [skus is None, list(skus or ())],
        )
        return tuple(GiftCardProduct(sku, Money(amount, cur), days) for sku, amount, cur, days in cursor.fetchall())


def _check_reason(reason: str) -> None:
    if reason not in GIFT_CARD_REASONS:
        raise Invalid("A gift card is changed for one of the listed reasons.", reasons=list(GIFT_CARD_REASONS))


def _key(card_id: UUID, kind: str, key: str) -> str:
    if not 1 <= len(key) <= LONGEST_KEY or "\x00" in key:
        raise Invalid("A key has 1 to 120 characters.")
    return f"{card_id}:{kind}:{key}"


def _do(statement: str, values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
