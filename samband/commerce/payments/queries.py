"""What payments can be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from samband.kernel.money import Money

from . import providers
from .offering import Offer, hindrance
from .plans import Plan
from .refusals import PaymentNotFound, UnknownMethod
from .words import METHOD_NAMES

MOST_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class IntentView:
    """A payment. `open` is set aside and neither taken nor let go; `kept` is taken and not given back.

    `wanted` is false once nobody counts on it any more; `stray` if its money came only then.
    """

    id: UUID
    order_id: UUID
    amount: Money
    method: str
    provider: str
    provider_reference: str
    capture: str
    state: str
    authorised: Money
    captured: Money
    voided: Money
    refunded: Money
    paid_with: str
    challenge_url: str
    decline_reason: str
    wanted: bool
    stray: bool
    tender: int
    plan: str
    created_at: datetime
    changed_at: datetime

    @property
    def open(self) -> Money:
        return self.authorised - self.captured - self.voided

    @property
    def kept(self) -> Money:
        return self.captured - self.refunded


@dataclass(frozen=True, slots=True)
class MovementView:
    """Money that moved: authorise, capture, void or refund."""

    key: str
    kind: str
    amount: Money
    provider_reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OperationView:
    """Something asked of a provider. `state`: open, done, refused or lost; `looks` how often it was looked after."""

    key: str
    intent_id: UUID
    order_id: UUID
    provider: str
    kind: str
    amount: Money
    reason: str
    state: str
    answer: str
    looks: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class MethodView:
    """A way to pay an amount: who carries it out, its name in every language, and whether it can be had.

    `reason`, one of `offering.REASONS`, says why not. `plans` are the instalments to choose from; `smallest` and
    `largest` bound the amount; `lasts` is how long the money may take, where goods have to be held for longer.
    """

    method: str
    provider: str
    names: Mapping[str, str]
    available: bool
    reason: str
    plans: tuple[Plan, ...]
    smallest: Money | None
    largest: Money | None
    lasts: timedelta | None


_INTENT = """
select id, order_id, currency, amount, authorised, captured, voided, refunded, method, provider, provider_reference,
       capture, state, paid_with, challenge_url, decline_reason, unwanted_at is null, stray, tender, plan,
       created_at, changed_at
from payments_intent
"""

_OPERATION = """
select o.key, o.intent_id, i.order_id, i.provider, o.kind, i.currency, o.amount, o.reason, o.state, o.answer, o.looks,
       o.asked_at
from payments_operation o join payments_intent i on i.id = o.intent_id
"""

_HOLDS_MONEY = "(authorised > captured + voided or captured > refunded or state = 'requires_action')"


def intent(intent_id: UUID) -> IntentView:
    """One payment. Raises PaymentNotFound."""
    found = _intents("where id = %s::uuid", [intent_id])
    if not found:
        raise PaymentNotFound()
    return found[0]


def of_order(order_id: UUID) -> tuple[IntentView, ...]:
    """Every payment of an order, the oldest first."""
    return _intents("where order_id = %s::uuid order by created_at, id", [order_id])


def of_orders(order_ids: Sequence[UUID]) -> tuple[IntentView, ...]:
    """Every payment of these orders, order by order, the oldest first."""
    return _intents("where order_id = any(%s::uuid[]) order by order_id, created_at, id", [list(order_ids)])


def wanted(order_id: UUID) -> tuple[IntentView, ...]:
    """The live payments that the order counts on, tender by tender: never more than one for each."""
    live = "('created', 'processing', 'requires_action', 'authorised', 'captured', 'partly_refunded')"
    return _intents(
        f"where order_id = %s::uuid and unwanted_at is null and state in {live} order by tender", [order_id]
    )


def secured(order_id: UUID) -> int:
    """What the order can count on, in minor units: set aside or taken, and neither let go nor given back."""
    ((amount,),) = _all(
        "select coalesce(sum(authorised - voided - refunded), 0)::bigint from payments_intent"
        " where order_id = %s::uuid and unwanted_at is null and not stray and not payout",
        [order_id],
    )
    return int(amount)


def movements(intent_id: UUID) -> tuple[MovementView, ...]:
    """The ledger of one payment, the oldest first."""
    rows = _all(
        "select m.key, m.kind, m.amount, i.currency, m.provider_reference, m.at from payments_movement m"
        " join payments_intent i on i.id = m.intent_id where m.intent_id = %s::uuid"
        " order by m.at, array_position(array['authorise', 'capture', 'void', 'refund'], m.kind), m.key",
        [intent_id],
    )
    return tuple(MovementView(key, kind, Money(amount, cur), ref, at) for key, kind, amount, cur, ref, at in rows)


def needs_undoing(order_ids: Sequence[UUID] | None = None, most: int = 100) -> tuple[IntentView, ...]:
    """Payments of these orders that hold money, or could still come to hold it by a second factor.

    Without orders: those that nobody counts on any more and that are free to be undone now.
    """
    if order_ids is not None:
        return _intents(f"where order_id = any(%s::uuid[]) and {_HOLDS_MONEY} limit %s", [list(order_ids), most])
    return _intents(
        f"where unwanted_at is not null and {_HOLDS_MONEY} and not exists ("
        " select from payments_operation o where o.intent_id = payments_intent.id and o.kind <> 'authorise'"
        " and (o.state = 'open' or (o.state = 'refused' and o.key like '%%:undo-%%')))"
        " order by unwanted_at limit %s",
        [most],
    )


def unsettled(most: int = 100) -> tuple[OperationView, ...]:
    """What a provider has not answered, or refused to undo: for a person to look at. The oldest first.

    Transfers that are waited for and money to hand out are no such thing: see `transfers.waiting`, `payouts.owed`.
    """
    return _operations(
        # each in the words of an index that holds only such as these
        "where (o.state = 'open' or o.state = 'lost' or (o.state = 'refused' and o.key like '%%:undo-%%'))"
        " and (o.state = 'refused' or i.provider <> all(%s::text[])) order by o.asked_at limit %s",
        [providers.giving_by_hand(), most],
    )


def due_operations(moment: datetime, most: int = 200) -> tuple[OperationView, ...]:
    """Operations that should have been answered by now."""
    return _operations(
        "where o.state = 'open' and o.look_at <= %s::timestamptz order by o.look_at limit %s", [moment, most]
    )


def never_asked(before: datetime, most: int = 200) -> tuple[UUID, ...]:
    """Payments begun before a moment for which no provider was ever asked."""
    rows = _all(
        "select id from payments_intent where state = 'created' and created_at < %s::timestamptz"
        " order by created_at limit %s",
        [before, most],
    )
    return tuple(row[0] for row in rows)


def recent(state: str | None = None, before: UUID | None = None, most: int = 50) -> tuple[IntentView, ...]:
    """The latest payments, newest first, of one state or all; `before` is the last one of the page before."""
    conditions, values = ["true"], list[Any]()
    if state:
        conditions.append("state = %s")
        values.append(state)
    if before:
        conditions.append("id < %s::uuid")
        values.append(before)
    return _intents(
        f"where {' and '.join(conditions)} order by id desc limit %s", [*values, max(1, min(most, MOST_A_PAGE))]
    )


def methods(market: str, channel: str, total: Money, ways: Sequence[str]) -> tuple[MethodView, ...]:
    """Every way to pay this total for goods that go these ways (ship, pickup, carry, serve).

    The same in every market and on every channel; where one cannot be had, the reason is stated.
    """
    return tuple(
        _offered(method, provider, channel, total, ways)
        for provider in providers.offered()
        for method in provider.methods
    )


def provider_of(method: str) -> str:
    """Who carries a method out. Raises UnknownMethod."""
    for provider in providers.offered():
        if method in provider.methods:
            return provider.name
    raise UnknownMethod(method=method[:40])


def _offered(method: str, provider: providers.Provider, channel: str, total: Money, ways: Sequence[str]) -> MethodView:
    reason = hindrance(method, channel, total, ways)
    offer = Offer() if total.amount <= 0 else provider.offer(method, total)
    reason = reason or offer.reason
    return MethodView(
        method=method,
        provider=provider.name,
        names=METHOD_NAMES.get(method, {"en": method}),
        available=not reason,
        reason=reason,
        plans=offer.plans,
        smallest=offer.smallest,
        largest=offer.largest,
        lasts=offer.lasts,
    )


def signature_header(provider: str) -> str:
    """The header that carries the signature of this provider's notices. Raises UnknownProvider."""
    return providers.named(provider).signature_header


def read_notice(provider: str, body: bytes, signature: str) -> providers.Notice:
    """The notice in a provider's request. Raises UnknownProvider, Forged."""
    return providers.named(provider).read_notice(body, signature)


def _intents(where: str, values: Sequence[Any]) -> tuple[IntentView, ...]:
    return tuple(_as_view(row) for row in _all(_INTENT + where, values))


def _as_view(row: Any) -> IntentView:
    key, order_id, currency, amount, authorised, captured, voided, refunded, method, provider, reference, *rest = row
    capture, state, *words_and_times = rest
    return IntentView(
        key,
        order_id,
        Money(amount, currency),
        method,
        provider,
        reference,
        capture,
        state,
        Money(authorised, currency),
        Money(captured, currency),
        Money(voided, currency),
        Money(refunded, currency),
        *words_and_times,
    )


def _operations(where: str, values: Sequence[Any]) -> tuple[OperationView, ...]:
    return tuple(
        OperationView(key, intent_id, order_id, provider, kind, Money(amount, currency), *rest)
        for key, intent_id, order_id, provider, kind, currency, amount, *rest in _all(_OPERATION + where, values)
    )


def _all(statement: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Balance:
    """What all payments of an order come to, in minor units; stray money apart, for nobody counts on it.

    `paid_out` was given back without ever having been taken here: history only.
    """

    secured: int
    refunded: int
    paid_out: int


def balances(order_ids: Sequence[UUID]) -> dict[UUID, Balance]:
    """What was secured (set aside or taken, and not let go) and given back for each of these orders."""
    rows = _all(
        "select order_id, sum(authorised - voided)::bigint,"
        " coalesce(sum(refunded) filter (where not payout), 0)::bigint,"
        " coalesce(sum(refunded) filter (where payout), 0)::bigint from payments_intent"
        " where order_id = any(%s::uuid[]) and not stray group by order_id",
        [list(order_ids)],
    )
    return {order_id: Balance(*amounts) for order_id, *amounts in rows}
