"""Somebody tells us how a payment went: a provider by itself, or a courier who has been paid at the door."""

from uuid import UUID

from samband.commerce.fulfillment import queries as fulfillments
from samband.commerce.payments import asking, commands, queries
from samband.commerce.payments.commands import PaymentEvent

AT_THE_DOOR = "on_delivery"
ARRIVED = frozenset({"delivered", "handed_over", "cancelled", "expired"})


def hear_payment(provider: str, body: bytes, signature: str) -> PaymentEvent | None:
    """Take a provider's notice in, once; what follows for the order follows from the event that is recorded.

    Returns where it leaves the payment; None for what is not ours or is not decided.
    Raises UnknownProvider, Forged.
    """
    notice = queries.read_notice(provider, body, signature)
    return commands.hear(provider, notice)


def collect_on_delivery(order_id: UUID) -> None:
    """Everything has arrived: what was to be paid at the door has been. Safe to repeat, and inside a transaction."""
    if any(view.state not in ARRIVED for view in fulfillments.of_order(order_id)):
        return
    for payment in queries.wanted(order_id):
        if payment.provider == AT_THE_DOOR and payment.open:
            asking.ask_to_capture(payment.id, payment.open, key="delivered")
