"""Payments over HTTP: how they stand, and taking, letting go and giving back."""

from uuid import UUID

from django.http import HttpRequest

from samband.commerce.orders.refusals import OrderNotFound
from samband.commerce.payments import asking, queries
from samband.commerce.payments.refusals import (
    MoreThanAuthorised,
    MoreThanCaptured,
    OtherCurrency,
    PaymentNotFound,
    PaymentNotOpen,
    ProviderRefused,
)
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

from .answers import Answer
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
