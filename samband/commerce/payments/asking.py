"""Asking a provider, between transactions: what is asked is on disk before, what was answered is taken in after.

None of these runs inside a transaction (RuntimeError): no lock of ours waits for somebody else's network. Only what is
asked of our own books (`Provider.at_once`, such as cash) may be.
A provider that raises has not answered; `reconciling.py` asks again with the same key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection
from django.utils.http import url_has_allowed_host_and_scheme

from samband.events.payments import PaymentCaptured, PaymentDeclined, PaymentRefunded, PaymentVoided
from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal

from . import commands, providers, queries, refunds
from .commands import Begun, PaymentEvent, Reserved
from .providers import Answer, Ask, Declined, Unclear
from .refusals import ProviderRefused, ReturnAddressRefused, UnknownRefundReason
from .rules import ORDER_CANCELLED, REFUND_REASONS, STRAY

A = TypeVar("A")

log = structlog.get_logger("samband.payments")


def ask_to_authorise(
    intent_id: UUID, token: str, return_url: str = "/", language: str = DEFAULT
) -> PaymentEvent | None:
    """Ask the provider to set the intent's amount aside on the card that `token` stands for.

    Returns PaymentAuthorised, PaymentCaptured, PaymentChallenged (send the payer to the intent's challenge_url),
    PaymentDeclined, or None while the provider has not answered: a notice or `reconcile` will tell. Asked again, it
    only tells how it stands. `return_url` is a path or an address of this site; others raise ReturnAddressRefused.
    """
    _refuse_inside_a_transaction(intent_id)
    if not is_ours(return_url):
        raise ReturnAddressRefused()
    begun = commands.begin_authorising(intent_id)
    if begun is None:
        return ask_how_it_stands(intent_id)
    return commands.note_answer(intent_id, put(begun, token, return_url, language))


def put(begun: Begun, token: str, return_url: str = "/", language: str = DEFAULT) -> Answer:
    """Put what is written down to the provider and give back its answer, for `commands.note_answer` to take in.

    Put twice, it is done once: the provider knows it by its key. Raises ReturnAddressRefused before anybody is asked.
    """
    _refuse_inside_a_transaction(begun.provider)
    if not is_ours(return_url):
        raise ReturnAddressRefused()
    ask = Ask(
        key=begun.key,
        amount=begun.amount,
        token=token,
        automatic=begun.automatic,
        return_url=return_url,
        language=language if language in LANGUAGES else DEFAULT,
        method=begun.method,
        plan=begun.plan,
    )
    provider = providers.named(begun.provider)
    return heard(begun.provider, lambda: provider.authorise(ask))


def put_again(intent_id: UUID, token: str, return_url: str = "/", language: str = DEFAULT) -> PaymentEvent | None:
    """Whoever wrote down that they ask may have died before they did: unless the provider has heard of it, ask now.

    Returns as `ask_to_authorise` does. Raises PaymentNotFound, ReturnAddressRefused.
    """
    _refuse_inside_a_transaction(intent_id)
    intent = queries.intent(intent_id)
    key = commands.authorise_key(intent_id)
    provider = providers.named(intent.provider)
    answer = heard(intent.provider, lambda: provider.look_up(key))
    if answer is None:
        begun = Begun(key, intent.amount, intent.capture == "automatic", intent.provider, intent.method, intent.plan)
        answer = put(begun, token, return_url, language)
    return commands.note_answer(intent_id, answer)


def ask_how_it_stands(intent_id: UUID) -> PaymentEvent | None:
    """How the authorisation went: asks the provider if we do not know yet, such as when the payer comes back to us.

    Returns as `ask_to_authorise` does. Raises PaymentNotFound.
    """
    _refuse_inside_a_transaction(intent_id)
    intent = queries.intent(intent_id)
    if intent.state in ("processing", "requires_action"):
        provider = providers.named(intent.provider)
        if answer := heard(intent.provider, lambda: provider.look_up(commands.authorise_key(intent_id))):
            return commands.note_answer(intent_id, answer)
    return commands.note_answer(intent_id, Unclear()) if intent.state != "created" else None


def ask_to_capture(intent_id: UUID, amount: Money, key: str) -> PaymentCaptured | None:
    """Take so much of what was set aside. Returns None if the provider did not answer yet.

    Raises MoreThanAuthorised, OtherCurrency, PaymentNotOpen, ProviderRefused, KeyReused.
    """
    _refuse_inside_a_transaction(intent_id)
    event = carry_out(commands.reserve_capture(intent_id, amount, key))
    return event if isinstance(event, PaymentCaptured) else None


def ask_to_void(intent_id: UUID, key: str, reason: str = "voided") -> PaymentVoided | PaymentDeclined | None:
    """Let go of all that is set aside and not taken. Returns None if the provider did not answer yet.

    A payment that still waits for its second factor is PaymentDeclined, for this reason.
    Raises PaymentNotOpen, ProviderRefused, KeyReused.
    """
    _refuse_inside_a_transaction(intent_id)
    event = carry_out(commands.reserve_void(intent_id, reason, key))
    return event if isinstance(event, PaymentVoided | PaymentDeclined) else None


def ask_to_refund(intent_id: UUID, amount: Money, reason: str, key: str) -> PaymentRefunded | None:
    """Give so much of what was taken back. Returns None if the provider did not answer yet; it will not be lost.

    `reason`: one of `rules.REFUND_REASONS`. Raises UnknownRefundReason for any other (the house's own too, which others
    go by), MoreThanCaptured, OtherCurrency, ProviderRefused, KeyReused.
    """
    if reason not in REFUND_REASONS:
        raise UnknownRefundReason(reasons=list(REFUND_REASONS))
    return _refund(intent_id, amount, reason, key)


def _refund(intent_id: UUID, amount: Money, reason: str, key: str) -> PaymentRefunded | None:
    _refuse_inside_a_transaction(intent_id)
    event = carry_out(commands.reserve_refund(intent_id, amount, reason, key))
    return event if isinstance(event, PaymentRefunded) else None


@dataclass(frozen=True, slots=True)
class PartRefund:
    """What one payment gives back of a refund. `state`: done, open (not answered, or a person has to hand it out) or
    refused, for `reason`.
    """

    intent_id: UUID
    amount: Money
    state: str
    reason: str = ""


def ask_to_refund_order(order_id: UUID, amount: Money, reason: str, key: str) -> tuple[PartRefund, ...]:
    """Give so much of what was taken for an order back, over all its payments in proportion to what each still has.

    The same key again goes on where it was left. One that its provider refuses keeps no other waiting. Raises
    UnknownRefundReason, MoreThanCaptured, OtherCurrency, KeyReused, Invalid; then nothing has changed.
    """
    if reason not in REFUND_REASONS:
        raise UnknownRefundReason(reasons=list(REFUND_REASONS))
    return tuple(_part(reserved) for reserved in refunds.reserve_order_refund(order_id, amount, reason, key))


def _part(reserved: Reserved) -> PartRefund:
    try:
        event = carry_out(reserved)
    except ProviderRefused as refusal:
        return PartRefund(reserved.intent_id, reserved.amount, "refused", str(refusal.details["reason"]))
    return PartRefund(reserved.intent_id, reserved.amount, "done" if event else "open")


def undo(intent_id: UUID) -> None:
    """Let go of what an intent holds and give back what it took, as far as the provider answers; safe to repeat."""
    _refuse_inside_a_transaction(intent_id)
    intent = queries.intent(intent_id)
    reason = STRAY if intent.stray else ORDER_CANCELLED
    try:
        if intent.open or intent.state == "requires_action":
            ask_to_void(intent_id, key=f"undo-{intent.authorised.amount}", reason=reason)
        if intent.kept:
            _refund(intent_id, intent.kept, reason, key=f"undo-{intent.captured.amount}-{intent.refunded.amount}")
    except Refusal as refusal:
        # Something else is under way on it, to be undone at the next turn; or the provider will not, which
        # `queries.unsettled` keeps showing.
        log.warning("undoing_refused", intent=str(intent_id), code=refusal.code)


def carry_out(reserved: Reserved) -> PaymentEvent | None:
    """Ask for an operation that is written down, and settle it. Raises ProviderRefused if it was or is refused."""
    _refuse_inside_a_transaction(reserved.provider)
    if reserved.state == "refused":
        raise ProviderRefused(operation=reserved.kind, reason=reserved.answer)
    if reserved.state == "open":
        answer = heard(reserved.provider, lambda: _ask(reserved))
        event = commands.settle(reserved.key, answer)
        if isinstance(answer, Declined) and event is None:
            raise ProviderRefused(operation=reserved.kind, reason=answer.reason)
        return event
    return commands.settle(reserved.key, Unclear())


def _ask(reserved: Reserved) -> Answer:
    provider = providers.named(reserved.provider)
    match reserved.kind:
        case "capture":
            return provider.capture(reserved.reference, reserved.amount, reserved.key)
        case "refund":
            return provider.refund(reserved.reference, reserved.amount, reserved.key)
        case _:
            return provider.void(reserved.reference, reserved.key)


def heard(provider: str, question: Callable[[], A]) -> A | Answer:
    """The provider's answer. A refusal is its no; anything else it raises is no answer."""
    try:
        return question()
    except Refusal as refusal:
        return Declined(refusal.code)
    except Exception as error:
        log.warning("provider_did_not_answer", provider=provider, error=type(error).__name__)
        return Unclear()


def is_ours(address: str) -> bool:
    """Is it a path or an address of this site? Nobody is sent anywhere else."""
    host = settings.SITE_URL.split("//", 1)[-1].split("/", 1)[0]
    return url_has_allowed_host_and_scheme(address, allowed_hosts={host}, require_https=settings.SECURE)


def _refuse_inside_a_transaction(asked: UUID | str) -> None:
    """`asked`: a provider, or the payment that it carries out."""
    # A test case's own wrapping transaction holds no lock that anybody waits for.
    if not any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        return
    if not providers.answers_at_once(asked if isinstance(asked, str) else queries.intent(asked).provider):
        raise RuntimeError("A provider is asked between transactions, never inside one.")
