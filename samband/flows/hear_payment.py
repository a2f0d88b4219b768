"""A payment provider tells us something by itself: how an authorisation, a capture or a refund went."""

from samband.commerce.payments import commands, queries
from samband.commerce.payments.commands import PaymentEvent


def hear_payment(provider: str, body: bytes, signature: str) -> PaymentEvent | None:
    """Take a provider's notice in, once; what follows for the order follows from the event that is recorded.

    Returns where it leaves the payment; None for what is not ours or is not decided.
    Raises UnknownProvider, Forged.
    """
    notice = queries.read_notice(provider, body, signature)
    return commands.hear(provider, notice)
