"""The narrow door to a carrier. Each one is a file here; a sandbox carrier is among them.

A carrier is never asked while a transaction is open (`asked` sees to that). One that raises has not answered.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

import structlog
from django.db import connection

from samband.kernel.refusal import Refusal

from ..carriage import Answer, Notice, Rate, Refused, Unclear, Wish
from ..refusals import UnknownCarrier

A = TypeVar("A")

log = structlog.get_logger("samband.fulfillment")


class Carrier(Protocol):
    """What fulfillment needs of a carrier."""

    name: str
    signature_header: str

    def rates(self, wish: Wish) -> tuple[Rate, ...]:
        """What its services cost for this parcel, the cheapest first."""

    def buy(self, wish: Wish) -> Answer:
        """Buy a label. Asked twice with one key, it is bought once."""

    def look_up(self, key: str) -> Answer | None:
        """How buying with this key went; None if it was never heard of."""

    def cancel(self, reference: str) -> bool:
        """Give a label back that was not used; whether it is taken back."""

    def track(self, reference: str) -> tuple[Notice, ...]:
        """All that it knows of a parcel, the earliest first."""

    def read_notice(self, body: bytes, signature: str) -> Notice:
        """The notice in a request of its own. Raises Forged."""


_carriers: dict[str, Carrier] = {}


def register(carrier: Carrier) -> None:
    """Let fulfillment use this carrier by its name."""
    _carriers[carrier.name] = carrier


def named(name: str) -> Carrier:
    """The carrier of this name. Raises UnknownCarrier."""
    try:
        return _carriers[name]
    except KeyError:
        raise UnknownCarrier(carrier=str(name)[:40]) from None


def offered() -> tuple[Carrier, ...]:
    """Every carrier, in the order in which they were registered."""
    return tuple(_carriers.values())


def asked(carrier: str, question: Callable[[], A]) -> A | Refused | Unclear:
    """The carrier's answer. A refusal is its no; anything else it raises is no answer.

    Raises RuntimeError inside a transaction: no lock of ours waits for somebody else's network.
    """
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("A carrier is asked between transactions, never inside one.")
    try:
        return question()
    except Refusal as refusal:
        return Refused(refusal.code)
    except Exception as error:
        log.warning("carrier_did_not_answer", carrier=carrier, error=type(error).__name__)
        return Unclear()
