"""Cash and drawers agree: what an order was paid in cash lies in a drawer, what it gets back comes out of one.

Whoever sells counts the money at once; the reactions here count what was left when somebody died in between.
"""

from uuid import UUID

from django.db import transaction

from samband.commerce.payments import asking, payouts
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments import queries as payments
from samband.commerce.payments.payouts import PayoutView
from samband.commerce.payments.queries import IntentView
from samband.commerce.tills import drawers
from samband.commerce.tills import queries as tills
from samband.commerce.tills.refusals import DrawerNeeded, NoSuchDrawer
from samband.events.payments import PaymentCaptured
from samband.kernel.money import Money, total
from samband.timeline import on

CASH = "cash"


@on(PaymentCaptured, unless=lambda event, _: event.provider not in ("", CASH))
def put_cash_in_drawer(event: PaymentCaptured) -> None:
    """The coins of a tender are in the drawer that it names, whoever was there to count them."""
    _put_in(payments.intent(event.intent_id))


def count(order_id: UUID) -> None:
    """Count the cash of an order into the drawers it went into; what is in them already is not counted again."""
    for intent in payments.of_order(order_id):
        _put_in(intent)


def _put_in(intent: IntentView) -> None:
    drawer_id = drawer_of(intent)
    if drawer_id is None or not intent.captured:
        return
    try:
        drawers.put_in(drawer_id, intent.id, intent.order_id, intent.captured)
    except (NoSuchDrawer, DrawerNeeded):
        return  # cash of a place without drawers, such as a market stall's


def drawer_of(intent: IntentView) -> UUID | None:
    """The drawer into which a tender's coins went."""
    if intent.provider != CASH:
        return None
    try:
        return UUID(intent.provider_reference.removeprefix(f"{CASH} "))
    except ValueError:
        return None


def owed(order_id: UUID | None = None) -> tuple[PayoutView, ...]:
    """Cash that has to be handed out (for one order), the oldest first."""
    return tuple(one for one in payouts.owed(order_id) if one.provider in (CASH, "on_delivery"))


@transaction.atomic
def hand_out(payout: PayoutView, drawer_id: UUID, by: UUID) -> Money:
    """Give cash that is owed back to the customer, out of a drawer; how much. Saying so twice is saying it once.

    Raises UnknownPayout, DrawerNeeded, DrawerInOtherCurrency.
    """
    if any(one.key == payout.key for one in owed(payout.order_id)):
        payouts.pay_out(payout.key, by=by, place=str(drawer_id))
        drawers.pay_back(drawer_id, payout.key, payout.order_id, payout.amount)
    return payout.amount


def give_back(order_id: UUID, drawer_id: UUID | None, by: UUID) -> Money | None:
    """All that an order was paid goes back the way it came; the cash at once, out of this drawer. How much of it."""
    payment_commands.abandon_order(order_id)
    for intent in payments.of_order(order_id):
        asking.undo(intent.id)
    if drawer_id is None:
        return None
    currency = tills.drawer(drawer_id).float.currency
    cash = [hand_out(one, drawer_id, by) for one in owed(order_id) if one.amount.currency == currency]
    return total(cash, currency) if cash else None
