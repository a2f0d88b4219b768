"""What orders do when they hear of it."""

from samband.events.payments import PaymentRefunded
from samband.timeline import on

from . import commands

STRAY = "stray"
"""Why a payment refunds money that this order never counted on, such as a second card that answered too late."""


@on(PaymentRefunded)
def note_refund(event: PaymentRefunded) -> None:
    if event.reason != STRAY:
        commands.note_refund(event.order_id, event.amount)
