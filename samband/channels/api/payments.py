"""Payments over HTTP: how they stand, and taking, letting go and giving back."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments import asking, queries
from samband.commerce.payments.queries import MethodView
from samband.commerce.payments.refusals import (
    MoreThanAuthorised,
    MoreThanCaptured,
    OtherCurrency,
    PaymentNotFound,
    PaymentNotOpen,
    ProviderRefused,
)
from samband.commerce.pricing import queries as pricing
from samband.commerce.pricing.refusals import UnknownMarket
from samband.flows import refund_order as refund
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .answers import Answer
from .cart_answers import CHANNEL
from .operations import Door
from .orders import OrderRef, find
from .shapes import orders as shapes
from .shapes.words import MoneyGiven, shown

_MOVES = (PaymentNotFound, PaymentNotOpen, OtherCurrency, ProviderRefused, Invalid)

door = Door("Payments", "The money of orders. 202 means that the bank has not answered yet: it is asked until it has.")


@door.get("/orders/{order}/payments", scope="orders:read", answers=shapes.PaymentList, refuses=(OrderNotFound,))
def list_payments(request: HttpRequest, order: OrderRef) -> shapes.PaymentList:
    """Read every payment of an order, the oldest first."""
    return shapes.PaymentList(items=tuple(shown(one, shapes.Payment) for one in queries.of_order(find(order).id)))


@door.get("/payment-methods", scope="carts:write", answers=shapes.MethodList, refuses=(UnknownMarket,))
def list_payment_methods(
    request: HttpRequest,
    market: Annotated[str, Query(min_length=1, max_length=64, description="A market's code, such as IS.")],
    amount: Annotated[int, Query(ge=0, le=10**12, description="What is to be paid: minor units of its currency.")],
    way: Annotated[
        list[Literal["ship", "pickup", "carry", "serve"]], Query(max_length=4, description="How goods go. Repeatable.")
    ] = [],  # noqa: B006 - Ninja's way to say that none is fine
    channel: Annotated[str, Query(min_length=1, max_length=63, description="Where it is paid.")] = CHANNEL,
) -> shapes.MethodList:
    """Read every way to pay an amount, with the plans of paying later.

    The same on every channel; where one cannot be had, the reason is stated.
    """
    known = pricing.markets().get(market)
    if known is None:
        raise UnknownMarket(market=market[:8])
    found = queries.methods(market, channel, Money(amount, known.currency), tuple(way))
    return shapes.MethodList(items=tuple(_method(one) for one in found))


def _method(view: MethodView) -> shapes.MethodOffered:
    told = {name: getattr(view, name) for name in view.__slots__ if name != "lasts"}
    seconds = int(view.lasts.total_seconds()) if view.lasts else None
    return shown({**told, "seconds": seconds}, shapes.MethodOffered)


@door.post(
    "/orders/{order}/refunds",
    scope="payments:write",
    once=True,
    asks=shapes.RefundWish,
    answers=shapes.OrderRefund,
    status=201,
    others={202: shapes.OrderRefund},
    refuses=(OrderNotFound, MoreThanCaptured, OtherCurrency, Invalid),
)
def refund_order(request: HttpRequest, order: OrderRef, ask: shapes.RefundWish, key: str) -> Answer:
    """Give part of an order's money back, or all of it, over everything that it was paid with.

    Each payment gives back in proportion to what it still has. 202: some of it is still `open`: a provider has not
    answered yet, or somebody has to hand it out (`listPayouts`). What a provider refuses is told, and stays ours.
    """
    found = find(order)
    replayed = any(_was_done(one.id, "refund", key) for one in queries.of_order(found.id))
    made = refund.refund_order(found.id, _money(ask.amount), ask.reason, key=key)
    parts = [{"payment_id": one.intent_id, **{name: getattr(one, name) for name in _PART}} for one in made.parts]
    told = {"parts": parts, **{name: getattr(made, name) for name in _REFUND}}
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Answer(shown(told, shapes.OrderRefund), status=202 if made.open else 201, headers=headers)


_PART = ("amount", "state", "reason")
_REFUND = ("order_id", "amount", "back", "open", "refused")


@door.get("/payments/{uuid:payment}", scope="orders:read", answers=shapes.PaymentBooks, refuses=(PaymentNotFound,))
def get_payment(request: HttpRequest, payment: UUID) -> shapes.PaymentBooks:
    """Read a payment and every movement of its money."""
    return _books(payment)


@door.post(
    "/payments/{uuid:payment}/captures",
    scope="payments:write",
    once=True,
    asks=shapes.CaptureWish,
    answers=shapes.PaymentBooks,
    status=201,
    others={202: shapes.PaymentBooks},
    refuses=(*_MOVES, MoreThanAuthorised),
)
def capture_payment(request: HttpRequest, payment: UUID, ask: shapes.CaptureWish, key: str) -> Answer:
    """Take what was set aside, or part of it."""
    replayed = _was_done(payment, "capture", key)
    return _answer(payment, asking.ask_to_capture(payment, _money(ask.amount), key), replayed)


@door.post(
    "/payments/{uuid:payment}/refunds",
    scope="payments:write",
    once=True,
    asks=shapes.RefundWish,
    answers=shapes.PaymentBooks,
    status=201,
    others={202: shapes.PaymentBooks},
    refuses=(*_MOVES, MoreThanCaptured),
)
def refund_payment(request: HttpRequest, payment: UUID, ask: shapes.RefundWish, key: str) -> Answer:
    """Give back what was taken, or part of it, the way it came."""
    replayed = _was_done(payment, "refund", key)
    return _answer(payment, asking.ask_to_refund(payment, _money(ask.amount), ask.reason, key), replayed)


@door.post(
    "/payments/{uuid:payment}/voids",
    scope="payments:write",
    once=True,
    asks=shapes.VoidWish,
    answers=shapes.PaymentBooks,
    status=201,
    others={202: shapes.PaymentBooks},
    refuses=_MOVES,
)
def void_payment(request: HttpRequest, payment: UUID, ask: shapes.VoidWish, key: str) -> Answer:
    """Let go of all that is set aside and was not taken."""
    replayed = _was_done(payment, "void", key)
    return _answer(payment, asking.ask_to_void(payment, key, ask.reason), replayed)


def _was_done(payment: UUID, kind: str, key: str) -> bool:
    """Whether the money moved under this key before."""
    return any(move.kind == kind and move.key.endswith(f":{kind}:{key}") for move in queries.movements(payment))


def _answer(payment: UUID, event: object, replayed: bool) -> Answer:
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Answer(_books(payment), status=201 if event else 202, headers=headers)


def _books(payment: UUID) -> shapes.PaymentBooks:
    return shapes.PaymentBooks(
        payment=shown(queries.intent(payment), shapes.Payment),
        movements=tuple(shown(move, shapes.Movement) for move in queries.movements(payment)),
    )


def _money(given: MoneyGiven) -> Money:
    return Money(given.amount, given.currency)
