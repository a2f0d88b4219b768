"""The narrow door to a payment provider. Each one is a file here; a sandbox bank is among them.

Every operation carries a key: the same key is the same operation, however often it is asked. A provider is never
asked while a transaction is open (`asking.py` sees to that). One that raises is taken to have answered Unclear.
"""

from dataclasses import dataclass
from typing import Protocol

from samband.kernel.money import Money

from ..refusals import UnknownProvider
from ..rules import Answer, Approved, Challenge, Declined, Unclear

__all__ = ["Answer", "Approved", "Ask", "Challenge", "Declined", "Notice", "Provider", "Unclear", "named", "register"]


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
    """What payments need of a provider."""

    name: str
    methods: tuple[str, ...]
    signature_header: str

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


def register(provider: Provider) -> None:
    """Let payments use this provider by its name."""
    _providers[provider.name] = provider


def named(name: str) -> Provider:
    """The provider of this name. Raises UnknownProvider."""
    try:
        return _providers[name]
    except KeyError:
        raise UnknownProvider(provider=name[:40]) from None


def offered() -> tuple[Provider, ...]:
    """Every provider, in the order in which they were registered."""
    return tuple(_providers.values())
