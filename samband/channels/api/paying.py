"""Paying an order that waits, over HTTP: with one thing after another, until all of it is there."""

from uuid import UUID

from django.http import HttpRequest

from samband.commerce.orders.refusals import NotADraft, OrderNotFound
from samband.commerce.payments import queries as payments
from samband.commerce.payments.refusals import PaymentNotFound
from samband.flows import check_out as flow
from samband.kernel.refusal import Invalid

from .answers import Answer
from .cart_answers import CHANNEL
from .checkout import TENDERS, answer, tenders_of
from .orders import Customer, OrderRef, find
from .payments import door
from .refusals import CheckoutCancelled, PaymentRefused
from .shapes import checkout as shapes


@door.post(
    "/orders/{order}/payments",
    scope="orders:write",
    once=True,
    asks=shapes.PayWish,
    answers=shapes.Outcome,
    status=201,
    others={202: shapes.Outcome},
    headers=("Location",),
    refuses=(OrderNotFound, NotADraft, *TENDERS, Invalid),
)
def pay_order(
    request: HttpRequest, order: OrderRef, ask: shapes.PayWish, key: str, customer_id: Customer = None
) -> Answer:
    """Pay what is left of an order that waits, or some of it.

    201: all of it is there and the order stands. 202: so much is still `left`, or a bank has not agreed yet. Of a
    payment that is declined the order goes on waiting for another; the `reason` says why.
    """
    found = find(order, customer_id)
    tenders = tenders_of(ask.tenders)
    return answer(
        flow.pay(found.id, tenders, key=key, return_url=ask.return_url, language=ask.language, channel=CHANNEL)
    )


@door.post(
    "/orders/{order}/payments/{uuid:payment}/drop",
    scope="orders:write",
    answers=shapes.Outcome,
    others={202: shapes.Outcome},
    headers=("Location",),
    refuses=(OrderNotFound, NotADraft, PaymentNotFound, PaymentRefused, CheckoutCancelled),
)
def drop_payment(request: HttpRequest, order: OrderRef, payment: UUID, customer_id: Customer = None) -> Answer:
    """Take a payment of an order that waits back: what it holds or took goes back the way it came.

    Dropping what is dropped does no more, so it needs no key.
    """
    found = find(order, customer_id)
    if payments.intent(payment).order_id != found.id:
        raise PaymentNotFound()
    return answer(flow.drop(found.id, payment), placed=200)
