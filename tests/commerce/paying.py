"""Builders for payments, and a provider that dies when told to."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from samband.commerce.payments import asking, commands, providers, queries, reconciling
from samband.commerce.payments.providers.sandbox import CARDS, Sandbox, tokenise
from samband.kernel.clock import held_at, now
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Refusal
from samband.timeline import queries as timeline

CARD = {behaviour: number for number, behaviour in reversed(CARDS.items())}


class Killed(BaseException):
    """The process was killed: nothing of ours runs after it."""


class Faulty(Sandbox):
    """The sandbox bank over a bad line: it can be killed or fall silent, before or after it did what was asked."""

    name = "faulty"

    def __init__(self) -> None:
        self.fault: tuple[type[BaseException], str] | None = None
        self.asked: list[str] = []

    def authorise(self, ask: Any) -> Any:
        return self._over_the_line("authorise", lambda: super(Faulty, self).authorise(ask))

    def capture(self, *told: Any) -> Any:
        return self._over_the_line("capture", lambda: super(Faulty, self).capture(*told))

    def void(self, *told: Any) -> Any:
        return self._over_the_line("void", lambda: super(Faulty, self).void(*told))

    def refund(self, *told: Any) -> Any:
        return self._over_the_line("refund", lambda: super(Faulty, self).refund(*told))

    def _over_the_line(self, kind: str, deed: Callable[[], Any]) -> Any:
        self.asked.append(kind)
        fault, self.fault = self.fault, None
        if fault and fault[1] == "before":
            raise fault[0]()
        answer = deed()
        if fault and fault[1] == "after":
            raise fault[0]()
        return answer


@contextmanager
def standing_in(provider: Any):
    """For a while there is this provider too, or in the place of one of its name."""
    before = providers._providers.get(provider.name)
    providers.register(provider)
    try:
        yield provider
    finally:
        providers._providers.pop(provider.name)
        if before:
            providers.register(before)


def begun(amount: int = 1000, capture: str = "manual", provider: str = "sandbox", order: UUID | None = None) -> UUID:
    """A payment for an order that nobody was asked for yet."""
    intent_id = new_id()
    commands.start(intent_id, order or new_id(), amount, "EUR", "card", provider, capture)
    return intent_id


def asked(behaviour: str = "approve", **how: Any) -> UUID:
    """A payment that the bank was asked for with the card that behaves so."""
    intent_id = begun(**how)
    asking.ask_to_authorise(intent_id, a_token(behaviour), "/back")
    return intent_id


def a_token(behaviour: str = "approve") -> str:
    return tokenise(CARD[behaviour], "12/99", "123")


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def stands(intent_id: UUID) -> tuple[str, int, int, int, int]:
    """State, and what is authorised, captured, voided and refunded."""
    intent = queries.intent(intent_id)
    return (
        intent.state,
        intent.authorised.amount,
        intent.captured.amount,
        intent.voided.amount,
        intent.refunded.amount,
    )


def told(intent_id: UUID) -> list[str]:
    """The story of a payment, from its start."""
    names = [entry.name.removeprefix("payments.Payment") for entry in timeline.of_subject(f"intent:{intent_id}")]
    return names[::-1]


def days_go_by(days: float = 3, every_seconds: float = 31) -> None:
    """Time passes and the chores are done: half a minute at a time for the first three minutes, then by the hour."""
    start = now()
    moments = [timedelta(seconds=every_seconds * turn) for turn in range(1, 7)]
    moments += [timedelta(hours=turn) for turn in range(1, int(days * 24) + 1, 6)]
    for after in moments:
        with held_at(start + after):
            reconciling.reconcile()
            reconciling.undo_unwanted()


def at_once(many: int, deed: Callable[[int], Any]) -> list[Any]:
    """Do a deed in so many threads at the same moment; their answers or refusals."""
    together, answers = threading.Barrier(many), [None] * many

    def do(i: int) -> None:
        together.wait()
        try:
            answers[i] = deed(i)
        except Refusal as refusal:
            answers[i] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(i,)) for i in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
