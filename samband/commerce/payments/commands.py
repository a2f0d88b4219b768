"""What payments can be told to do. None of these asks a provider; `asking.py` does, between them.

Taking, letting go and giving back go in three steps: *reserve* in our books, ask the provider, *settle*. A kill in
between leaves an open operation that `reconciling.py` finds and finishes with the same key.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samband.events.payments import (
    PaymentAuthorised,
    PaymentCaptured,
    PaymentChallenged,
    PaymentDeclined,
    PaymentRefunded,
    PaymentStarted,
    PaymentVoided,
)
from samband.kernel.clock import now
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid, KeyReused
from samband.timeline import command, record

from . import providers
from .refusals import (
    MethodNotAvailable,
    MoreThanAuthorised,
    MoreThanCaptured,
    OtherCurrency,
    PaymentNotFound,
    PaymentNotOpen,
    PaymentUnderWay,
    UnknownMethod,
    UnknownPlan,
)
from .rules import (
    MOST_TENDERS,
    Answer,
    Approved,
    Declined,
    Standing,
    Step,
    after_authorising,
    after_operation,
    look_after,
    lost,
)

PaymentEvent = (
    PaymentAuthorised | PaymentCaptured | PaymentChallenged | PaymentDeclined | PaymentRefunded | PaymentVoided
)

LONGEST_KEY = 120

_START = """
with started as (
    insert into payments_intent (
        id, order_id, amount, currency, method, tender, plan, provider, capture, state, created_at, changed_at)
    values (%(id)s::uuid, %(order)s::uuid, %(amount)s::bigint, %(currency)s, %(method)s, %(tender)s::smallint, %(plan)s,
            %(provider)s, %(capture)s,
            case when %(asking)s::bool then 'processing' else 'created' end,
            %(now)s::timestamptz, %(now)s::timestamptz)
    on conflict do nothing returning id, amount
), asked as (
    insert into payments_operation (key, intent_id, kind, amount, look_at, asked_at)
    select %(key)s, id, 'authorise', amount, %(look_at)s::timestamptz, %(now)s::timestamptz from started
    where %(asking)s::bool
)
select id from started
"""

_BEGIN = """
with begun as (
    update payments_intent set state = 'processing', changed_at = %(now)s::timestamptz
    where id = %(id)s::uuid and state = 'created'
    returning id, amount, currency, capture, provider, method, plan
), asked as (
    insert into payments_operation (key, intent_id, kind, amount, look_at, asked_at)
    select %(key)s, id, 'authorise', amount, %(look_at)s::timestamptz, %(now)s::timestamptz from begun
)
select amount, currency, capture, provider, method, plan from begun
"""

_LOCK = """
select id, order_id, amount, currency, provider, state, authorised, captured, voided, refunded, provider_reference,
       paid_with, challenge_url, decline_reason, unwanted_at is not null, stray, capturing, refunding, voiding
from payments_intent where id = %s::uuid for update
"""

_KEEP = """
with kept as (
    update payments_intent set
        state = %(state)s, authorised = %(authorised)s::bigint, captured = %(captured)s::bigint,
        voided = %(voided)s::bigint, refunded = %(refunded)s::bigint, provider_reference = %(reference)s,
        paid_with = %(paid_with)s, challenge_url = %(challenge_url)s, decline_reason = %(decline_reason)s,
        unwanted_at = case when %(unwanted)s::bool then coalesce(unwanted_at, %(now)s::timestamptz) end,
        stray = %(stray)s::bool, capturing = %(capturing)s::bigint, refunding = %(refunding)s::bigint,
        voiding = %(voiding)s::bool, changed_at = %(now)s::timestamptz
    where id = %(id)s::uuid {and_still} returning id
), moved as (
    insert into payments_movement (key, intent_id, kind, amount, provider_reference, at)
    select move.key, kept.id, move.kind, move.amount, %(moved_reference)s, %(now)s::timestamptz
    from kept, unnest((select %(keys)s::text[]), (select %(kinds)s::text[]), (select %(amounts)s::bigint[]))
        as move (key, kind, amount)
), closed as (
    update payments_operation set state = %(operation_state)s, answer = %(operation_answer)s
    from kept where key = any((select %(operations)s::text[])::text[]) and payments_operation.state in ('open', 'lost')
)
select count(*) from kept
"""
_KEEP_LOCKED = _KEEP.format(and_still="")
_KEEP_AS_BEGUN = _KEEP.format(and_still="and state = 'processing' and unwanted_at is null")

_RESERVE = """
with kept as (
    update payments_intent set
        capturing = capturing + %(capturing)s::bigint, refunding = refunding + %(refunding)s::bigint,
        voiding = voiding or %(voiding)s::bool, changed_at = %(now)s::timestamptz
    where id = %(id)s::uuid returning id
)
insert into payments_operation (key, intent_id, kind, amount, reason, look_at, asked_at)
select %(key)s, id, %(kind)s, %(amount)s::bigint, %(reason)s, %(look_at)s::timestamptz, %(now)s::timestamptz from kept
"""

# They are locked in one order: two who let all payments of an order go at once wait, and never deadlock.
_ABANDON = """
with locked as materialized (
    select id from payments_intent
    where order_id = any(%(orders)s::uuid[]) or id = any(%(intents)s::uuid[])
    order by id for no key update
)
update payments_intent p set unwanted_at = %(now)s::timestamptz, changed_at = %(now)s::timestamptz,
    state = case when p.state = 'created' then 'voided' else p.state end,
    -- An order that is off gives back what was paid for it; a card that another one replaced never paid for it.
    stray = p.stray or (p.authorised > 0 and p.id = any(%(intents)s::uuid[]))
from locked where p.id = locked.id and p.unwanted_at is null
  and p.state not in ('voided', 'declined', 'refunded')
returning p.id, p.order_id, p.currency, p.state
"""

_POSTPONE = """
update payments_operation set looks = %s::int, look_at = %s::timestamptz,
    state = case when %s::bool and kind = 'authorise' then 'lost' else state end
where key = %s and state = 'open'
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """An authorisation that has been written down and is now to be asked for."""

    key: str
    amount: Money
    automatic: bool
    provider: str
    method: str = "card"
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Reserved:
    """A capture, void or refund that is written down. `state`: open (to be asked), done, or refused (see `answer`)."""

    key: str
    intent_id: UUID
    kind: str
    amount: Money
    reference: str
    provider: str
    state: str
    answer: str


@dataclass(frozen=True, slots=True)
class _Intent:
    id: UUID
    order_id: UUID
    provider: str
    standing: Standing
    capturing: int
    refunding: int
    voiding: bool


@command
def start(
    intent_id: UUID,
    order_id: UUID,
    amount: int,
    currency: str,
    method: str,
    provider: str,
    capture: str = "automatic",
    asking: bool = False,
    tender: int = 1,
    plan: str = "",
) -> PaymentStarted:
    """Intend to pay an order; nobody is asked yet. `amount` in minor units; `capture`: automatic or manual.

    `tender` is the part of the order that it pays, from 1 to `MOST_TENDERS`; `plan` the instalments that were chosen.

    With `asking` it is also written down that the provider is going to be asked as soon as this is committed
    (`asking.put`), for which `begin_authorising` would take a transaction of its own.
    Raises PaymentUnderWay while another payment of the same tender is live: nothing is paid twice. Give the other one
    up with `abandon` first. Raises UnknownProvider, UnknownMethod, MethodNotAvailable (with `reason`), UnknownPlan.
    """
    if Money(amount, currency).amount <= 0:
        raise Invalid("There is nothing to pay.")
    if capture not in ("automatic", "manual"):
        raise Invalid("Money is captured automatically or manually.")
    if not 1 <= tender <= MOST_TENDERS:
        raise Invalid("An order is paid in at most twenty parts.", most=MOST_TENDERS)
    _check_offer(Money(amount, currency), method, provider, plan)
    moment = now()
    values = {
        "id": intent_id,
        "order": order_id,
        "amount": amount,
        "currency": currency,
        "method": method,
        "tender": tender,
        "plan": plan,
        "provider": provider,
        "capture": capture,
        "asking": asking,
        "key": authorise_key(intent_id),
        "look_at": moment + look_after(0),
        "now": moment,
    }
    if _one(_START, values) is None:
        raise PaymentUnderWay(order=str(order_id))
    return PaymentStarted(
        intent_id=intent_id, order_id=order_id, amount=amount, currency=currency, method=method, tender=tender
    )


def _check_offer(amount: Money, method: str, provider: str, plan: str) -> None:
    """Raises UnknownProvider, UnknownMethod, MethodNotAvailable, UnknownPlan."""
    asked = providers.named(provider)
    if method not in asked.methods or not providers.is_offered(provider):
        raise UnknownMethod(method=str(method)[:40], provider=provider)
    offer = asked.offer(method, amount)
    if offer.reason:
        raise MethodNotAvailable(method=method, reason=offer.reason)
    if plan not in {one.id for one in offer.plans} and (plan or offer.plans):
        raise UnknownPlan(plan=str(plan)[:40], plans=[one.id for one in offer.plans])


def begin_authorising(intent_id: UUID) -> Begun | None:
    """Write down that the provider is going to be asked; None if that was done before."""
    key, moment = authorise_key(intent_id), now()
    row = _one(_BEGIN, {"id": intent_id, "key": key, "now": moment, "look_at": moment + look_after(0)})
    if row is None:
        return None
    amount, currency, capture, provider, method, plan = row
    return Begun(key, Money(amount, currency), capture == "automatic", provider, method, plan)


def authorise_key(intent_id: UUID) -> str:
    """The provider's key for the authorisation of an intent: it has only one."""
    return f"{intent_id}:authorise"


@transaction.atomic(savepoint=False)
def note_answer(intent_id: UUID, answer: Answer, presumed: bool = False) -> PaymentEvent | None:
    """Take in how the authorisation went, however late and however often it is told.

    Returns where that leaves the payer: PaymentAuthorised, PaymentCaptured, PaymentChallenged or PaymentDeclined;
    PaymentRefunded once all of it went back; None while nothing is known. It is recorded only if it is news. Money that
    comes after the payer was told no, or the order was called off, is kept as stray and let go again (`reconciling`);
    for the payer that is PaymentDeclined. `presumed`: nobody answered, we give up waiting but keep looking.

    Raises PaymentNotFound; OtherCurrency or OtherAmount if something else was approved than was asked.
    """
    intent = _locked(intent_id)
    step = after_authorising(intent.standing, answer)
    key = authorise_key(intent_id)
    if step is None:
        if isinstance(answer, Approved | Declined) and not presumed:
            _close(key, answer)
        return _stands(intent)
    after = replace(intent, standing=step.now)
    _keep(after, step, keys=[key, f"{key}:capture"], closes=[] if presumed else [key], answer=answer)
    return _tell(after, step)


@transaction.atomic(savepoint=False)
def note_first_answer(intent_id: UUID, order_id: UUID, begun: Begun, answer: Answer) -> PaymentEvent | None:
    """As `note_answer`, for whoever has just asked: one statement, if the payment stands as it did when they did."""
    was = Standing(begun.amount.amount, begun.amount.currency, "processing")
    if step := after_authorising(was, answer):
        after = _Intent(intent_id, order_id, begun.provider, step.now, capturing=0, refunding=0, voiding=False)
        keys = [begun.key, f"{begun.key}:capture"]
        if _keep(after, step, keys=keys, closes=[begun.key], answer=answer, still=_KEEP_AS_BEGUN):
            return _tell(after, step)
    return note_answer(intent_id, answer)


def _tell(after: _Intent, step: Step) -> PaymentEvent | None:
    for event in _news(after, step):
        record(event)
    return _stands(after)


def _news(after: _Intent, step: Step) -> list[PaymentEvent]:
    """What the house hears of an answer. Stray money is not news until it is let go again: nobody may count on it."""
    stands = after.standing
    ids: dict[str, Any] = {"intent_id": after.id, "order_id": after.order_id}
    if stands.unwanted:
        # Whoever hears PaymentDeclined may call off an order that by now is paid with another card.
        return [PaymentVoided(**ids, amount=0, currency=stands.currency)] if stands.state == "declined" else []
    told: list[PaymentEvent] = [
        PaymentAuthorised(**ids, amount=amount, currency=stands.currency)
        if kind == "authorise"
        else _captured(after, amount)
        for kind, amount in step.moved
    ]
    if not told and (stands_now := _stands(after)):
        told.append(stands_now)
    return told


def _stands(intent: _Intent) -> PaymentEvent | None:
    """Where the payment stands for the payer."""
    stands = intent.standing
    ids: dict[str, Any] = {"intent_id": intent.id, "order_id": intent.order_id}
    if stands.state in ("declined", "voided") or stands.unwanted:
        return PaymentDeclined(**ids, reason=stands.decline_reason or "abandoned")
    if stands.state == "requires_action":
        return PaymentChallenged(**ids)
    if stands.state == "refunded":
        return PaymentRefunded(**ids, amount=stands.refunded, currency=stands.currency, reason="")
    if stands.captured:
        return _captured(intent, stands.captured)
    if stands.authorised:
        return PaymentAuthorised(**ids, amount=stands.authorised, currency=stands.currency)
    return None


def _captured(intent: _Intent, amount: int) -> PaymentCaptured:
    return PaymentCaptured(
        intent_id=intent.id,
        order_id=intent.order_id,
        amount=amount,
        currency=intent.standing.currency,
        provider=intent.provider,
    )


@transaction.atomic(savepoint=False)
def reserve_capture(intent_id: UUID, amount: Money, key: str) -> Reserved:
    """Write down that money set aside is going to be taken. The same key again is the same capture.

    Raises MoreThanAuthorised, OtherCurrency, PaymentNotOpen, KeyReused.
    """
    intent = _locked(intent_id)
    if earlier := _reserved(intent, "capture", amount.amount, "", key):
        return earlier
    _check_amount(intent, amount)
    if intent.voiding or intent.standing.unwanted:
        raise PaymentNotOpen(state=intent.standing.state)
    if amount.amount > intent.standing.open - intent.capturing:
        raise MoreThanAuthorised(open=intent.standing.open - intent.capturing, currency=amount.currency)
    return _reserve(intent, "capture", amount.amount, "", key)


@transaction.atomic(savepoint=False)
def reserve_void(intent_id: UUID, reason: str, key: str) -> Reserved:
    """Write down that all that is set aside and not taken is going to be let go.

    Raises PaymentNotOpen if there is nothing to let go, or a capture or another void is still under way; KeyReused.
    """
    intent = _locked(intent_id)
    if earlier := _reserved(intent, "void", None, reason, key):
        return earlier
    stands = intent.standing
    if intent.voiding or intent.capturing or not (stands.open or stands.state == "requires_action"):
        raise PaymentNotOpen(state=stands.state)
    return _reserve(intent, "void", stands.open, reason, key)


@transaction.atomic(savepoint=False)
def reserve_refund(intent_id: UUID, amount: Money, reason: str, key: str) -> Reserved:
    """Write down that money is going to be given back.

    Raises MoreThanCaptured (what other refunds under way will give back is counted), OtherCurrency, KeyReused.
    """
    intent = _locked(intent_id)
    if earlier := _reserved(intent, "refund", amount.amount, reason, key):
        return earlier
    _check_amount(intent, amount)
    if amount.amount > intent.standing.kept - intent.refunding:
        raise MoreThanCaptured(left=intent.standing.kept - intent.refunding, currency=amount.currency)
    return _reserve(intent, "refund", amount.amount, reason, key)


def _check_amount(intent: _Intent, amount: Money) -> None:
    if amount.currency != intent.standing.currency:
        raise OtherCurrency(expected=intent.standing.currency, got=amount.currency)
    if amount.amount <= 0:
        raise Invalid("An amount to move is more than nothing.")


def _reserved(intent: _Intent, kind: str, amount: int | None, reason: str, key: str) -> Reserved | None:
    """The operation that this key stands for already. A void has whatever amount is left."""
    full_key = operation_key(intent.id, kind, key)
    row = _one("select amount, reason, state, answer from payments_operation where key = %s", [full_key])
    if row is None:
        return None
    amount_then, reason_then, state, answer = row
    if reason_then != reason or amount not in (None, amount_then):
        raise KeyReused()
    return _as_reserved(intent, full_key, kind, amount_then, state, answer)


def _reserve(intent: _Intent, kind: str, amount: int, reason: str, key: str) -> Reserved:
    full_key, moment = operation_key(intent.id, kind, key), now()
    values: dict[str, Any] = {
        "id": intent.id,
        "key": full_key,
        "kind": kind,
        "amount": amount,
        "reason": reason,
        "capturing": amount if kind == "capture" else 0,
        "refunding": amount if kind == "refund" else 0,
        "voiding": kind == "void",
        "now": moment,
        "look_at": moment + look_after(0),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, values)
    return _as_reserved(intent, full_key, kind, amount, "open", "")


def operation_key(intent_id: UUID, kind: str, key: str) -> str:
    """The provider's key for an operation on an intent that somebody asked for under theirs. Raises Invalid."""
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or "\x00" in key:
        raise Invalid("A key has 1 to 120 characters.")
    return f"{intent_id}:{kind}:{key}"


def _as_reserved(intent: _Intent, full_key: str, kind: str, amount: int, state: str, answer: str) -> Reserved:
    stands = intent.standing
    money = Money(amount, stands.currency)
    return Reserved(full_key, intent.id, kind, money, stands.reference, intent.provider, state, answer)


@transaction.atomic(savepoint=False)
def settle(key: str, answer: Answer) -> PaymentEvent | None:
    """Take in how a capture, void or refund went, by the provider's key, however late and however often it is told.

    Returns PaymentCaptured, PaymentVoided or PaymentRefunded (recorded the first time) once it is done, PaymentDeclined
    if a void ended a payment that had not been decided, else None. A refusal frees what was reserved.
    Raises PaymentNotFound for a key we never gave.
    """
    intent = _locked(_intent_of(key))
    kind, amount, reason, state = _one(
        "select kind, amount, reason, state from payments_operation where key = %s", [key]
    )
    if kind == "authorise":
        return note_answer(intent.id, answer)
    if state == "done":
        return _deed(intent, kind, amount, reason, key)
    if state != "open" or not isinstance(answer, Approved | Declined):
        return None
    freed = replace(
        intent,
        capturing=intent.capturing - (amount if kind == "capture" else 0),
        refunding=intent.refunding - (amount if kind == "refund" else 0),
        voiding=intent.voiding and kind != "void",
    )
    if isinstance(answer, Declined):
        _keep(freed, Step(freed.standing), keys=[], closes=[key], answer=answer)
        return None
    step = after_operation(freed.standing, kind, amount, reason)
    # A void before anything was authorised leaves the authorisation open: the payer may have been quicker at the bank,
    # and only looking it up once more tells.
    after = replace(freed, standing=step.now)
    _keep(after, step, keys=[key], closes=[key], answer=answer)
    event = _deed(after, kind, sum(moved for _, moved in step.moved), reason, key)
    record(event)
    return event


def _deed(intent: _Intent, kind: str, amount: int, reason: str, key: str) -> PaymentEvent:
    ids: dict[str, Any] = {"intent_id": intent.id, "order_id": intent.order_id}
    currency = intent.standing.currency
    if kind == "capture":
        return _captured(intent, amount)
    if kind == "refund":
        return PaymentRefunded(**ids, amount=amount, currency=currency, reason=reason, operation=_named(key))
    if intent.standing.state == "declined":
        return PaymentDeclined(**ids, reason=reason)
    return PaymentVoided(**ids, amount=amount, currency=currency)


def _named(key: str) -> str:
    """A name for the operation. Not its key: whoever asks chooses that, and what is told is kept for ever."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()


@transaction.atomic(savepoint=False)
def hear(provider: str, notice: providers.Notice) -> PaymentEvent | None:
    """Take in a provider's notice, once. Returns where that leaves things; None for what is not ours or not news."""
    fresh = _one(
        "insert into payments_notice (provider, notice_id, key, received_at) values (%s, %s, %s, %s::timestamptz)"
        " on conflict do nothing returning key",
        [provider, notice.id, notice.key, now()],
    )
    ours = _one(
        "select o.kind from payments_operation o join payments_intent i on i.id = o.intent_id"
        " where o.key = %s and i.provider = %s",
        [notice.key, provider],
    )
    if ours is None:
        return None
    if fresh is None:
        return _stands(_locked(_intent_of(notice.key)))
    return settle(notice.key, notice.answer)


@transaction.atomic(savepoint=False)
def abandon(intent_id: UUID) -> None:
    """Nobody counts on this payment any more: another card is taken. What it holds or comes to hold is let go again."""
    _abandon([], [intent_id])


@transaction.atomic(savepoint=False)
def abandon_order(order_id: UUID) -> None:
    """The order is off: whatever its payments hold or come to hold is let go again."""
    _abandon([order_id], [])


def _abandon(order_ids: Sequence[UUID], intent_ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ABANDON, {"orders": list(order_ids), "intents": list(intent_ids), "now": now()})
        rows = cursor.fetchall()
    for intent_id, order_id, currency, state in rows:
        if state == "voided":
            record(PaymentVoided(intent_id=intent_id, order_id=order_id, amount=0, currency=currency))


@transaction.atomic(savepoint=False)
def end_unasked(intent_id: UUID) -> PaymentEvent | None:
    """Nobody ever asked the provider for it, and nobody will: the payment is declined as abandoned."""
    intent = _locked(intent_id)
    if intent.standing.state != "created":
        return _stands(intent)
    return note_answer(intent_id, Declined("abandoned"))


def postpone(key: str, looks: int, no_later_than: datetime | None = None) -> None:
    """An open operation was looked after so many times and is still not answered: look again, later each time.

    It is not given up before `no_later_than`: so long somebody has time to do something for it.
    """
    look_at = now() + look_after(looks)
    waits = no_later_than is not None and no_later_than > now()
    if waits and no_later_than is not None:
        look_at = min(look_at, no_later_than)
    with connection.cursor() as cursor:
        cursor.execute(_POSTPONE, [looks, look_at, lost(looks) and not waits, key])


def _close(key: str, answer: Approved | Declined) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update payments_operation set state = %s, answer = %s where key = %s and state in ('open', 'lost')",
            [*_as_closed(answer), key],
        )


def _as_closed(answer: Answer) -> tuple[str, str]:
    """What is written beside an operation that is answered."""
    return ("refused", answer.reason) if isinstance(answer, Declined) else ("done", "")


def _keep(
    intent: _Intent,
    step: Step,
    *,
    keys: Sequence[str],
    closes: Sequence[str],
    answer: Answer,
    still: str = _KEEP_LOCKED,
) -> bool:
    """Write down how an intent stands after a step; False if it did not stand any more as it `still` should."""
    stands = intent.standing
    decided = isinstance(answer, Approved | Declined)
    operation_state, operation_answer = _as_closed(answer)
    values = {
        "id": intent.id,
        "state": stands.state,
        "authorised": stands.authorised,
        "captured": stands.captured,
        "voided": stands.voided,
        "refunded": stands.refunded,
        "reference": stands.reference,
        "paid_with": stands.paid_with,
        "challenge_url": stands.challenge_url,
        "decline_reason": stands.decline_reason,
        "unwanted": stands.unwanted,
        "stray": stands.stray,
        "capturing": intent.capturing,
        "refunding": intent.refunding,
        "voiding": intent.voiding,
        "now": now(),
        "keys": list(keys[: len(step.moved)]),
        "kinds": [kind for kind, _ in step.moved],
        "amounts": [amount for _, amount in step.moved],
        "moved_reference": answer.reference if isinstance(answer, Approved) else "",
        "operations": list(closes) if decided else [],
        "operation_state": operation_state,
        "operation_answer": operation_answer,
    }
    return bool(_one(still, values)[0])


def _locked(intent_id: UUID) -> _Intent:
    row = _one(_LOCK, [intent_id])
    if row is None:
        raise PaymentNotFound()
    key, order_id, amount, currency, provider, state, *rest = row
    *amounts_and_words, capturing, refunding, voiding = rest
    standing = Standing(amount, currency, state, *amounts_and_words)
    return _Intent(key, order_id, provider, standing, capturing, refunding, voiding)


def _intent_of(key: str) -> UUID:
    row = _one("select intent_id from payments_operation where key = %s", [key])
    if row is None:
        raise PaymentNotFound()
    intent_id: UUID = row[0]
    return intent_id


def _one(statement: str, values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
