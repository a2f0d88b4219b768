"""The narrow door to a payment provider. Each one is a file here; a sandbox bank is among them.

Every operation carries a key: the same key is the same operation, however often it is asked. A provider is never
asked while a transaction is open (`asking.py` sees to that), unless it answers out of our own books. One that raises
is taken to have answered Unclear.
"""

from dataclasses import dataclass
from typing import Protocol

from samband.kernel.money import Money

from ..offering import Offer
from ..refusals import UnknownProvider
from ..rules import Answer, Approved, Challenge, Declined, Unclear

__all__ = [
    "Answer", "Approved", "Ask", "Challenge", "Declined", "Notice", "Offer", "Provider", "Unclear", "named", "register",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ask:
    """Please set this amount aside (and take it at once if `automatic`). `token` stands for the payer's card.

    `return_url` is where the payer comes back to after a second factor, in this `language`. `plan`: the instalments
    they chose, by the provider's own name.
    """

    key: str
    amount: Money
    token: str
    automatic: bool
    return_url: str
    language: str
    method: str = "card"
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider tells by itself: how the operation with this key went. `id` is the same when it is told again."""

    id: str
    key: str
    answer: Answer


class Provider(Protocol):
    """What payments need of a provider.

    `at_once`: it answers out of our own books and without waiting, so it may be asked inside a transaction.
    `by_hand`: what it gives back a person has to give back, so that may take days.
    """

    name: str
    methods: tuple[str, ...]
    signature_header: str
    at_once: bool
    by_hand: bool

    def offer(self, method: str, amount: Money) -> Offer:
        """Whether this much may be paid by a method of theirs, and on what terms."""

    def authorise(self, ask: Ask) -> Answer:
        """Set money aside."""

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        """Take money that was set aside, or part of it."""

    def void(self, reference: str, key: str) -> Answer:
        """Let go of all that is set aside and not taken; a challenge still open can no longer be met."""

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        """Give back money that was taken, or part of it."""

    def look_up(self, key: str) -> Answer | None:
        """How the operation with this key went; None if it was never heard of."""

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """The notice in a request of theirs. Raises Forged."""


_providers: dict[str, Provider] = {}
_retired: set[str] = set()


def register(provider: Provider, *, retired: bool = False) -> None:
    """Let payments use this provider by its name. One that is retired ends what it began and begins nothing new."""
    _providers[provider.name] = provider
    (_retired.add if retired else _retired.discard)(provider.name)


def named(name: str) -> Provider:
    """The provider of this name. Raises UnknownProvider."""
    try:
        return _providers[name]
    except KeyError:
        raise UnknownProvider(provider=name[:40]) from None


def offered() -> tuple[Provider, ...]:
    """Every provider that takes new payments, in the order in which they were registered."""
    return tuple(provider for provider in _providers.values() if is_offered(provider.name))


def is_offered(name: str) -> bool:
    """Whether a provider takes new payments."""
    return name not in _retired


def answers_at_once(name: str) -> bool:
    """Whether this one answers out of our own books, without waiting for anybody."""
    return name in _providers and _providers[name].at_once


def giving_by_hand() -> list[str]:
    """The names of those who give nothing back by themselves."""
    return [provider.name for provider in _providers.values() if provider.by_hand]
