"""Checking out: from a cart to an order that is paid and on somebody's pick list.

Three steps, each whole by itself. *Agree*: one transaction holds the goods, writes the order down as a draft and
starts its payments. *Pay*: the providers are asked, tender by tender, with no transaction open. *Settle*: one
transaction turns hold into allocation and draft into order, or calls both off. Whatever dies in between is finished by
the reactions in this folder's neighbour: a draft whose money is all there is placed, one whose hold lapsed is called
off, and money nobody counts on goes back.
"""

from django.db import DatabaseError, transaction

from samband.commerce.cart import commands as cart_commands
from samband.commerce.inventory import commands as inventory
from samband.commerce.inventory.queries import locations
from samband.commerce.orders import commands as order_commands
from samband.commerce.orders import queries as orders
from samband.commerce.payments import asking
from samband.commerce.payments import commands as payment_commands
from samband.commerce.payments.refusals import ReturnAddressRefused
from samband.commerce.payments.rules import Answer, Approved
from samband.events.orders import OrderDrafted
from samband.events.payments import PaymentAuthorised, PaymentCaptured
from samband.kernel.refusal import Refusal
from samband.timeline import told_at_once

from .agreeing import Agreed, agree
from .paying import Started, ask_each, come_back, drop, go_on, pay
from .settling import call_off, close_cart, get_ready, how_it_stands, keep_promises, settle
from .wishes import (
    HOLD_LASTS,
    LONGEST_HOLD,
    BasketChanged,
    BasketEmpty,
    Checkout,
    MethodNotOffered,
    NoSuchWay,
    NotYourCart,
    Outcome,
    Part,
    Tender,
    TendersDiffer,
)

__all__ = [
    "HOLD_LASTS",
    "LONGEST_HOLD",
    "BasketChanged",
    "BasketEmpty",
    "Checkout",
    "MethodNotOffered",
    "NoSuchWay",
    "NotYourCart",
    "Outcome",
    "Part",
    "Tender",
    "TendersDiffer",
    "call_off",
    "check_out",
    "come_back",
    "drop",
    "how_it_stands",
    "pay",
    "settle",
]


def check_out(wish: Checkout, *, key: str, return_url: str = "/") -> Outcome:
    """Order and pay. Asking twice with one key is asking once.

    Raises BasketEmpty, BasketChanged (with `changes` and `total`), NoSuchWay, SoldOut, SlotFull, CouponUsedUp,
    TendersDiffer, CurrencyMismatch, MethodNotOffered, CartEdited, CartClosed, NotYourCart, NotForSale, NotAnEmail,
    NotAPhone, AddressIncomplete, UnknownMethod, UnknownProvider, ReturnAddressRefused, Invalid, KeyReused; then
    nothing has changed.
    """
    if not asking.is_ours(return_url):
        raise ReturnAddressRefused()
    locations()  # which are not remembered if they are first asked for inside a transaction
    agreed = agree(wish, key)
    if isinstance(agreed, OrderDrafted):
        return go_on(agreed.order_id, wish.tenders, return_url, wish.language)
    match agreed.started:
        case ():
            return settle(agreed.draft.order_id, None)
        case (one,) if one.payment.amount.amount == agreed.draft.total:
            answer = asking.put(one.payment, one.tender.token, return_url, wish.language)
            return _take_in(agreed, one, answer)
        case several:
            return ask_each(agreed.draft.order_id, several, return_url, wish.language)


def _take_in(agreed: Agreed, started: Started, answer: Answer) -> Outcome:
    """Take the bank's answer in and, if it is yes to all of it, place the order in the same transaction."""
    if isinstance(answer, Approved):
        try:
            if placed := _place_paid(agreed, started, answer):
                return placed
        except (Refusal, DatabaseError):
            pass  # whatever hinders the order, the answer is taken in
    return settle(agreed.draft.order_id, payment_commands.note_answer(started.intent_id, answer))


@transaction.atomic
def _place_paid(agreed: Agreed, started: Started, answer: Approved) -> Outcome | None:
    draft = agreed.draft
    with told_at_once():
        event = payment_commands.note_first_answer(started.intent_id, draft.order_id, started.payment, answer)
        if not isinstance(event, PaymentAuthorised | PaymentCaptured):
            return None
        order_commands.place(draft.order_id)
        inventory.keep(draft.order_id)
        keep_promises(draft.order_id, draft.quote)
        get_ready(draft.order_id, draft.customer_id, agreed.number, draft.channel, draft.groups)
        cart, customer_id = agreed.cart, draft.customer_id or agreed.cart.customer_id
        if not cart_commands.order_as_seen(cart.id, cart.version, draft.order_id, customer_id):
            close_cart(orders.order(draft.order_id))
    return Outcome(draft.order_id, agreed.number, "placed")
