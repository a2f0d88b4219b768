"""The last step of a checkout: one transaction turns hold into allocation and draft into order, or calls both off."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.fulfillment import commands as fulfillment
from samband.commerce.fulfillment import slotting
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory import queries as holds
from samband.commerce.inventory.refusals import HoldClosed, HoldLapsed, UnknownHold
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import GroupView, OrderView
from samband.commerce.orders.refusals import CartAlreadySold, NotADraft, OrderOver
from samband.commerce.orders.rules import DraftGroup
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments import queries as payments
from samband.commerce.pricing import commands as pricing
from samband.events.payments import PaymentAuthorised, PaymentCaptured, PaymentDeclined
from samband.kernel.clock import now
from samband.kernel.goods import Position
from samband.kernel.ids import new_id
from samband.kernel.money import Money
from samband.kernel.refusal import Conflict
from samband.timeline import told_at_once

from .wishes import CARRY, Outcome

TILL = "pos"
"""The channel where goods that are carried away are in the customer's hands as soon as they are paid."""


class NotSecured(Conflict):
    """Not all of the order's money is there yet."""

    code = "not_secured"


def settle(order_id: UUID, event: object) -> Outcome:
    """Go on from where the payments stand. Safe to repeat, and to be asked by two at once."""
    match event:
        case PaymentDeclined():
            _hear_no(order_id)
        case PaymentAuthorised() | PaymentCaptured() | None:
            if placed := _place_if_secured(order_id):
                return placed
        case _:
            pass
    return how_it_stands(order_id)


def _hear_no(order_id: UUID) -> None:
    """A patient draft waits for another try; any other is off, and what its other tenders hold goes back."""
    if orders.due(order_id).patient:
        return
    call_off(order_id, "declined")
    for intent in payments.needs_undoing([order_id]):
        asking.undo(intent.id)


def _place_if_secured(order_id: UUID) -> Outcome | None:
    due = orders.due(order_id)
    if due.state != "draft" or payments.secured(order_id) != due.total.amount:
        return None
    try:
        return _place(order_id, due.total)
    except (NotADraft, NotSecured):
        return None  # somebody else was faster, or took a tender back
    except (HoldLapsed, HoldClosed, UnknownHold, CartAlreadySold):
        # Paid too late: the goods are somebody else's by now, or another attempt came first.
        call_off(order_id, "abandoned")
        return None


@transaction.atomic
def _place(order_id: UUID, total: Money) -> Outcome:
    with told_at_once():
        order_commands.place(order_id)
        # Looked at once the order's row is ours: whoever takes a tender back locks it first.
        if payments.secured(order_id) != total.amount:
            raise NotSecured(order=str(order_id))
        inventory.keep(order_id)
        order = orders.order(order_id)
        keep_promises(order_id, order.quote)
        get_ready(order_id, order.customer_id, order.number, order.channel, order.groups)
        close_cart(order)
    return Outcome(order_id, order.number, "placed")


def keep_promises(order_id: UUID, quote: dict[str, object]) -> None:
    """What was only reserved with the draft is spent with the order: coupons."""
    if quote.get("uses"):
        pricing.keep_uses(order_id)


def get_ready(
    order_id: UUID,
    customer_id: UUID | None,
    number: str,
    channel: str,
    groups: Sequence[DraftGroup] | Sequence[GroupView],
) -> None:
    """Every location is told what to get ready; what is in the customer's hands already has left."""
    if any(group.slot_id for group in groups):
        slotting.keep_slot(order_id)
    for group in groups:
        fulfillment_id = new_id()
        fulfillment.request(
            fulfillment_id,
            order_id,
            customer_id,
            group.kind,
            group.location,
            group.goods,
            group.promised_from or now(),
            group.promised_until or now(),
            group.address_id,
            number,
            slot_id=group.slot_id,
            place=group.place,
        )
        if group.kind == CARRY and channel == TILL:
            fulfillment.hand_over(fulfillment_id)
            leaving = tuple(Position(group.location, line.sku, line.quantity) for line in group.goods)
            inventory.issue(order_id, leaving, key=f"hand-over-{fulfillment_id}")


def close_cart(order: OrderView) -> None:
    """What was ordered leaves the cart; what was put in while the bank was asked stays, to be ordered another time.

    A cart that became part of another meanwhile (its guest signed in) is closed there.
    """
    if order.cart_id is None:
        return
    cart = carts.cart(order.cart_id)
    if cart.state == "ordered":
        return
    # The quote knows what came of the cart; an order's lines may hold gifts besides.
    ordered = {line["sku"]: line["quantity"] for line in order.quote["lines"]}
    same = {line.sku: line.quantity for line in cart.lines} == ordered
    customer_id = order.customer_id or cart.customer_id
    if same and cart_commands.order_as_seen(cart.id, cart.version, order.id, customer_id):
        return
    order_commands.leave_cart(order.id)  # one order comes of a cart: of this one, what it holds from now on
    cart = carts.followed(carts.cart(cart.id))
    if cart.state != "open":
        return
    for line in cart.lines:
        if line.sku in ordered:
            cart_commands.put(cart.id, line.sku, max(line.quantity - ordered[line.sku], 0))


def call_off(order_id: UUID, reason: str) -> None:
    """A draft comes to nothing: its goods go back, its money is let go. An order that stands is left alone."""
    order = orders.order(order_id)
    if order.state != "draft":
        return
    try:
        _call_off(order, reason)
    except (OrderOver, HoldClosed):
        return  # somebody else was faster, or will be: a lapsed hold calls its draft off by itself


@transaction.atomic
def _call_off(order: OrderView, reason: str) -> None:
    with told_at_once():
        # Payment, order, goods: whoever places an order locks them in the same sequence.
        payment_commands.abandon_order(order.id)
        if order_commands.cancel(order.id, reason).was_placed:
            # It was paid since we looked, and its shopper was told so: what is done here is undone.
            raise OrderOver(order=str(order.id), state="placed")
        if order.quote.get("uses"):
            pricing.free_uses(order.id)
        if any(group.slot_id for group in order.groups):
            slotting.free_slot(order.id)
        if holds.hold(order.id).state != "closed":
            inventory.release(order.id, "cancelled")


def how_it_stands(order_id: UUID) -> Outcome:
    """Where an order and its payments are now. Raises OrderNotFound."""
    order = orders.order(order_id)
    if order.state in ("placed", "completed"):
        return Outcome(order_id, order.number, "placed")
    if order.state == "cancelled":
        declined = [intent.decline_reason for intent in payments.of_order(order_id) if intent.decline_reason]
        return Outcome(order_id, order.number, "declined" if declined else "cancelled", reason="".join(declined[:1]))
    live = payments.wanted(order_id)
    left = Money(order.total.amount - sum(one.amount.amount for one in live), order.total.currency)
    for intent in live:
        if intent.state == "requires_action":
            return Outcome(order_id, order.number, "action_required", url=intent.challenge_url, left=left)
    if not order.patient or any(intent.state in ("created", "processing") for intent in live):
        return Outcome(order_id, order.number, "processing", left=left)
    last = payments.of_order(order_id)[-1:]
    reason = "".join(one.decline_reason for one in last if one.state == "declined")
    return Outcome(order_id, order.number, "awaiting", reason=reason, left=left)
