"""Finding what was asked and never answered, and letting go of money that nobody counts on any more.

Whatever dies between asking and noting is found here: the provider is asked about, or asked again, with the same key.
"""

from contextlib import suppress
from datetime import timedelta

import structlog

from samband.kernel.clock import now
from samband.kernel.refusal import Refusal
from samband.timeline.chores import every

from . import asking, commands, providers, queries
from .commands import Reserved
from .providers import Challenge, Declined, Unclear
from .queries import OperationView
from .refusals import PaymentNotOpen, ProviderRefused
from .rules import CHALLENGE_LASTS, CREATED_LASTS, LOOKS_BEFORE_GIVING_UP

log = structlog.get_logger("samband.payments")


@every(10)
def reconcile() -> int:
    """Look after every operation that should have been answered by now; returns how many."""
    due = queries.due_operations(now())
    for operation in due:
        try:
            _look_after(operation)
        except Refusal as refusal:
            # Such as an approval of another amount: for a person; the others must not wait for it.
            log.error("reconciling_refused", operation=operation.key, code=refusal.code)
    for intent_id in queries.never_asked(now() - CREATED_LASTS):
        commands.end_unasked(intent_id)
    return len(due)


def _look_after(operation: OperationView) -> None:
    provider = providers.named(operation.provider)
    answer = asking.heard(operation.provider, lambda: provider.look_up(operation.key))
    # Put off first: if the next lines die every time, the others still get their turn.
    challenge_ends = operation.asked_at + _lasts(answer)
    commands.postpone(operation.key, operation.looks + 1, challenge_ends if isinstance(answer, Challenge) else None)
    if operation.kind != "authorise":
        _finish(operation, answer)
    elif answer is not None:
        commands.note_answer(operation.intent_id, answer)
        if isinstance(answer, Challenge) and now() >= challenge_ends:
            _end_challenge(operation)
    elif operation.looks + 1 >= LOOKS_BEFORE_GIVING_UP:
        commands.note_answer(operation.intent_id, Declined("no_answer"), presumed=True)


def _lasts(answer: object) -> timedelta:
    return (isinstance(answer, Challenge) and answer.lasts) or CHALLENGE_LASTS


def _finish(operation: OperationView, answer: providers.Answer | None) -> None:
    """Settle what was answered; what the provider never heard of is asked for again, with the same key."""
    if answer is not None and not isinstance(answer, Unclear):
        commands.settle(operation.key, answer)
        return
    intent = queries.intent(operation.intent_id)
    again = Reserved(
        key=operation.key,
        intent_id=operation.intent_id,
        kind=operation.kind,
        amount=operation.amount,
        reference=intent.provider_reference,
        provider=operation.provider,
        state="open",
        answer="",
    )
    with suppress(ProviderRefused):  # it is settled as refused, and whoever waits for it can see that
        asking.carry_out(again)


def _end_challenge(operation: OperationView) -> None:
    """The payer never met the second factor: it is taken back, so that it cannot be met any more."""
    with suppress(PaymentNotOpen, ProviderRefused):  # it was decided in the meantime
        asking.ask_to_void(operation.intent_id, key="challenge-expired", reason="challenge_expired")


@every(5)
def undo_unwanted() -> int:
    """Let go of money that nobody counts on any more; returns how many payments were looked at."""
    unwanted = queries.needs_undoing()
    for intent in unwanted:
        asking.undo(intent.id)
    return len(unwanted)
