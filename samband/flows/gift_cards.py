"""Gift cards that are sold: once they are paid, they exist, and whoever bought them is mailed the codes."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction

from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderView
from samband.commerce.payments import gift_cards
from samband.commerce.payments import queries as payments
from samband.commerce.payments.gift_cards import GiftCardProduct, HandedOut
from samband.engagement.messaging import commands as messaging
from samband.engagement.messaging import facts
from samband.kernel import wording
from samband.kernel.clock import now
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict


class NotAllPaid(Conflict):
    """The gift cards exist once the order is paid."""

    code = "gift_cards_not_paid"


@dataclass(frozen=True)
class MailedCard:
    """A card as the mail tells of it; `until` is the last day it can be spent, in the reader's words."""

    code: str
    amount: Money
    until: str


@transaction.atomic
def issue_sold_gift_cards(order_id: UUID) -> tuple[HandedOut, ...]:
    """Issue the gift cards among an order's goods; nothing if there are none. Each is issued, and its code told, once.

    For a till, which prints the codes: whoever bought there may have left no address. Raises NotAllPaid while money is
    still to come, OrderNotFound.
    """
    order = orders.order(order_id)
    sold = _sold(order)
    if not sold:
        return ()
    if order.state not in ("placed", "completed") or not _is_paid(order):
        raise NotAllPaid(order=order.number)
    return tuple(
        gift_cards.issue_gift_card(
            _card_id(order_id, product.sku, nth),
            product.worth,
            reason="sold",
            order_id=order_id,
            expires_at=now() + timedelta(days=product.lasts_days) if product.lasts_days else None,
        )
        for product, quantity in sold
        for nth in range(quantity)
    )


@transaction.atomic
def mail_sold_gift_cards(order_id: UUID) -> None:
    """Issue them and mail the codes, if all is paid and there is an address; else leave them to be issued later.

    For a reaction to OrderPlaced and to PaymentCaptured: safe to repeat.
    """
    order = orders.order(order_id)
    if order.state not in ("placed", "completed") or not _sold(order) or not _is_paid(order):
        return
    about = facts.ask().of_order(order_id)
    if not about.recipient.email:
        return
    language = about.recipient.language
    told = [
        MailedCard(one.code, one.amount, wording.day(one.expires_at, language, weekday=False) if one.expires_at else "")
        for one in issue_sold_gift_cards(order_id)
        if one.code
    ]
    if not told:
        return
    messaging.queue(
        "gift_card",
        f"gift_card:order:{order_id}",
        email=about.recipient.email,
        language=language,
        about=f"order:{order_id}",
        facts={"about": about, "cards": told},
        customer_id=about.recipient.customer_id,
        contact_id=about.recipient.contact_id,
    )


def cancel_sold_gift_cards(order_id: UUID) -> int:
    """The order is off: its cards can no longer be spent; returns how many were. For a reaction to OrderCancelled."""
    return gift_cards.cancel_sold(order_id)


def _sold(order: OrderView) -> list[tuple[GiftCardProduct, int]]:
    """The gift cards among its goods, and how many of each."""
    known = {
        product.sku: product
        for product in gift_cards.gift_card_products([line.sku for line in order.lines])
        if product.worth.currency == order.total.currency
    }
    found = [(known[line.sku], line.quantity - line.cancelled_quantity) for line in order.lines if line.sku in known]
    return [(product, quantity) for product, quantity in found if quantity > 0]


def _is_paid(order: OrderView) -> bool:
    """Whether all of it was taken: what is only promised, such as at the door, may never come."""
    taken = sum(payment.captured.amount for payment in payments.wanted(order.id))
    return taken >= order.total.amount


def _card_id(order_id: UUID, sku: str, nth: int) -> UUID:
    """The same card whenever it is asked for."""
    return uuid5(order_id, f"gift-card/{sku}/{nth}")
