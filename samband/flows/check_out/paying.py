"""The second step of a checkout: the providers are asked, tender by tender, with no transaction open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking, providers
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments import queries as payments
from samband.commerce.payments.commands import Begun
from samband.commerce.payments.offering import hindrance
from samband.commerce.payments.refusals import PaymentNotFound, ReturnAddressRefused
from samband.events.payments import PaymentDeclined, PaymentStarted
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.timeline import Claim, claim, told_at_once

from .settling import how_it_stands, settle
from .wishes import MethodNotOffered, Outcome, Tender, amounts

OPEN = ("processing", "requires_action")
LATER = frozenset({"on_delivery"})
"""Ways to pay whose money is only taken later, when the goods arrive."""


@dataclass(frozen=True)
class Started:
    """A tender that is written down and is now to be asked for."""

    intent_id: UUID
    payment: Begun
    tender: Tender


def without_tokens(tenders: Sequence[Tender]) -> tuple[Tender, ...]:
    """The tenders as an idempotency key knows them."""
    return tuple(replace(tender, token="") for tender in tenders)


def start(
    order_id: UUID,
    tenders: Sequence[Tender],
    due: Money,
    *,
    whole: bool,
    after: int = 0,
    claimed: Claim | None = None,
) -> tuple[Started, ...]:
    """Write down that the providers are going to be asked. Nothing is due: nobody is asked.

    The first of them is the receipt of what was `claimed`. Tenders are numbered `after` those there were.
    Raises TendersDiffer, CurrencyMismatch, UnknownMethod, UnknownProvider, PaymentUnderWay.
    """
    if not due or not tenders:
        return ()
    started = []
    for position, (tender, amount) in enumerate(zip(tenders, amounts(tenders, due, whole=whole), strict=True), 1):
        intent_id = new_id()
        provider = tender.provider or payments.provider_of(tender.method)
        automatic = tender.method not in LATER
        payment_commands.start(
            intent_id,
            order_id,
            amount.amount,
            amount.currency,
            tender.method,
            provider,
            "automatic" if automatic else "manual",
            asking=True,
            tender=after + position,
            plan=tender.plan,
            key=claimed if position == 1 else None,
        )
        begun = Begun(
            payment_commands.authorise_key(intent_id), amount, automatic=automatic, provider=provider,
            method=tender.method, plan=tender.plan,
        )  # fmt: skip
        started.append(Started(intent_id, begun, tender))
    return tuple(started)


def check_methods(tenders: Sequence[Tender], channel: str, due: Money, ways: Sequence[str]) -> None:
    """Raises MethodNotOffered for a way to pay that this channel cannot offer for goods that go these ways."""
    for tender in tenders:
        if due and (reason := hindrance(tender.method, channel, due, ways)):
            raise MethodNotOffered(method=tender.method, reason=reason)


def takes_up_to(tenders: Sequence[Tender], due: Money) -> timedelta:
    """How long it may take until the money of all these is there, such as a transfer's. Raises UnknownMethod."""
    longest = timedelta()
    for tender in tenders:
        provider = providers.named(tender.provider or payments.provider_of(tender.method))
        longest = max(longest, provider.offer(tender.method, due).lasts or longest)
    return longest


def ask_each(order_id: UUID, started: Sequence[Started], return_url: str, language: str) -> Outcome:
    """Ask for one after the other; where one is declined, nobody is asked for the rest."""
    for one in started:
        answer = asking.put(one.payment, one.tender.token, return_url, language)
        event = payment_commands.note_answer(one.intent_id, answer)
        outcome = settle(order_id, event)
        if isinstance(event, PaymentDeclined) or outcome.state in ("placed", "cancelled"):
            return outcome
    return how_it_stands(order_id)


def pay(
    order_id: UUID,
    tenders: Sequence[Tender],
    *,
    key: str,
    return_url: str = "/",
    language: str = "en",
    channel: str = "",
) -> Outcome:
    """Pay what is left of a draft that waits, or some of it. Asking twice with one key is asking once.

    `channel` is where it is being paid, if not where it was agreed: at the till begun, on a phone paid.
    Raises NotADraft, OrderNotFound, TendersDiffer, CurrencyMismatch, MethodNotOffered, UnknownMethod,
    ReturnAddressRefused, KeyReused.
    """
    if not asking.is_ours(return_url):
        raise ReturnAddressRefused()
    order = orders.order(order_id)
    check_methods(tenders, channel or order.channel, order.total, [group.kind for group in order.groups])
    begun = _start_more(order_id, tenders, key)
    if isinstance(begun, PaymentStarted):
        return go_on(order_id, tenders, return_url, language, first=begun.tender)
    return ask_each(order_id, begun, return_url, language)


@transaction.atomic
def _start_more(order_id: UUID, tenders: Sequence[Tender], key: str) -> tuple[Started, ...] | PaymentStarted:
    """What is now to be asked for; or, if the key was used before for the same, the first that was started then."""
    with told_at_once():
        claimed = claim("pay", key, [order_id, without_tokens(tenders)], alone=str(order_id))
        if isinstance(claimed.earlier, PaymentStarted):
            return claimed.earlier
        total, currency = order_commands.lock_draft(order_id)
        earlier = payments.of_order(order_id)
        pledged = sum(one.amount.amount for one in payments.wanted(order_id))
        left = Money(total - pledged, currency)
        amounts(tenders, left, whole=False)  # which also refuses what is paid when nothing is left
        after = max((one.tender for one in earlier), default=0)
        return start(order_id, tenders, left, whole=False, after=after, claimed=claimed)


def drop(order_id: UUID, intent_id: UUID) -> Outcome:
    """Take a tender of a waiting draft back: what it holds or took goes back. Raises NotADraft, PaymentNotFound."""
    _let_go(order_id, intent_id)
    asking.undo(intent_id)
    return how_it_stands(order_id)


@transaction.atomic
def _let_go(order_id: UUID, intent_id: UUID) -> None:
    if payments.intent(intent_id).order_id != order_id:
        raise PaymentNotFound()
    # Payment before order, as everybody locks them; on an order that is no draft any more it is undone with it.
    payment_commands.abandon(intent_id)
    order_commands.lock_draft(order_id)


def go_on(order_id: UUID, tenders: Sequence[Tender], return_url: str, language: str, first: int = 1) -> Outcome:
    """The same was asked before: it is being paid, or whoever did so died before the bank was asked, or it is over."""
    for intent in payments.wanted(order_id):
        at = intent.tender - first
        if intent.state == "processing" and 0 <= at < len(tenders):
            outcome = settle(order_id, asking.put_again(intent.id, tenders[at].token, return_url, language))
            if outcome.state in ("declined", "cancelled"):
                return outcome
    if orders.due(order_id).state == "draft":
        return settle(order_id, None)
    return how_it_stands(order_id)


def come_back(order_id: UUID) -> Outcome:
    """The payer is back from their bank, or looks again: ask how the payments stand, and go on from there."""
    for intent in payments.wanted(order_id):
        if intent.state in OPEN and (event := asking.ask_how_it_stands(intent.id)):
            settle(order_id, event)
    return settle(order_id, None)  # which places it if all its money is there, whoever noted it
