"""Races for money: one order paid in several tabs, captured and refunded twice while it is called off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.promises.races_books import wrong
from tests.promises.races_world import PLENTY, PRICE_OF_PLENTY
from tests.promises.racing import Strike, every, raced
from tests.promises.told import Told
from tests.worlds import REYKJAVIK

PIECES = 4
TOTAL = PIECES * PRICE_OF_PLENTY


def order(rounds: int, paid: bool = True, how: str = "card") -> list[str]:
    """An order for each round; if not `paid`, a draft that waits to be paid by whoever has its link."""
    return [ordered(paid, how) for _ in range(rounds)]


def ordered(paid: bool, how: str = "card") -> str:
    """An order of four pieces, to be picked up."""
    from samband.commerce.cart import commands as carts
    from samband.customers.accounts.rules import Particulars
    from samband.flows.check_out import Checkout, Part, Tender, check_out
    from samband.kernel.money import Money
    from tests.promises.races_doors import token

    cart = carts.open_cart("IS")
    carts.put(cart.id, PLENTY, PIECES)
    home = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")
    part, total = Part(kind="pickup", location=REYKJAVIK), Money(TOTAL, "ISK")
    if how == "on_delivery":
        part, total = Part(kind="ship", address=home), Money(TOTAL + 1_490, "ISK")
    outcome = check_out(
        Checkout(
            cart_id=cart.id, version=None, customer_id=None, channel="shop", language="is",
            email="anna@example.com", name="Anna", parts=(part,),
            tenders=(Tender(method=how, token=token()),) if paid else (), seen_total=total, patient=not paid,
        ),
        key=str(uuid4()),
    )  # fmt: skip
    assert outcome.state == ("placed" if paid else "awaiting"), outcome
    return str(outcome.order_id)


def pay(order: str, amount: int = 0) -> Callable[[], str]:
    """Pay what is left of a draft, or some of it."""
    from samband.flows import check_out
    from samband.kernel.money import Money
    from tests.promises.races_doors import token

    tender = check_out.Tender(method="card", token=token(), amount=Money(amount, "ISK") if amount else None)

    def deed() -> str:
        state = check_out.pay(UUID(order), (tender,), key=str(uuid4())).state
        return f"won: {state}" if state in ("placed", "awaiting") else f"refused: {state}"

    return deed


def pay_by_api(order: str) -> Callable[[], str]:
    """The same over HTTP."""
    from tests.promises.races_doors import ask, said, token

    wish = {"tenders": [{"method": "card", "token": token()}]}
    return lambda: said(ask(f"/orders/{order}/payments", wish, str(uuid4())))


def call_off(order: str) -> Callable[[], str]:
    """Whoever waits for the money has waited long enough."""
    from samband.flows import check_out

    def deed() -> str:
        check_out.call_off(UUID(order), "abandoned")
        return "done: called off"

    return deed


def drop(order: str) -> Callable[[], str]:
    """The payer takes back whatever they have paid so far."""
    from samband.commerce.payments import queries
    from samband.flows import check_out

    def deed() -> str:
        for intent in queries.wanted(UUID(order)):
            check_out.drop(UUID(order), intent.id)
        return "done: dropped"

    return deed


def cancel(order: str) -> Callable[[], str]:
    """The customer calls the order off, and has all their money back."""
    from samband.flows import finish_order

    def deed() -> str:
        finish_order.cancel_order(UUID(order), "customer", key=str(uuid4()))
        return "done: cancelled"

    return deed


def refund(order: str, amount: int) -> Callable[[], str]:
    """Somebody at the desk gives some of it back."""
    from samband.flows.refund_order import refund_order
    from samband.kernel.money import Money

    def deed() -> str:
        given = refund_order(UUID(order), Money(amount, "ISK"), "goodwill", key=str(uuid4()))
        return f"won: {given.back.amount} back" if given.back.amount else "refused: by the bank"

    return deed


def refund_by_api(order: str, amount: int) -> Callable[[], str]:
    """A program gives some of it back."""
    from tests.promises.races_doors import ask, said

    wish = {"amount": {"amount": amount, "currency": "ISK"}, "reason": "goodwill"}
    return lambda: said(ask(f"/orders/{order}/refunds", wish, str(uuid4())))


def refund_payment(order: str, amount: int) -> Callable[[], str]:
    """A program gives some of one payment back."""
    from samband.commerce.payments import queries
    from tests.promises.races_doors import ask, said

    (payment,) = queries.of_order(UUID(order))
    wish = {"amount": {"amount": amount, "currency": "ISK"}, "reason": "goodwill"}
    return lambda: said(ask(f"/payments/{payment.id}/refunds", wish, str(uuid4())))


def take_off(order: str) -> Callable[[], str]:
    """The customer takes a piece off the order, and has its price back."""
    from samband.commerce.fulfillment import queries
    from samband.flows import change_order

    (view,) = queries.of_order(UUID(order))

    def deed() -> str:
        change_order.fewer(view.id, PLENTY, PIECES - 1, key=str(uuid4()))
        return "done: taken off"

    return deed


def capture(order: str, amount: int) -> Callable[[], str]:
    """The courier was paid at the door: said by a program."""
    from samband.commerce.payments import queries
    from tests.promises.races_doors import ask, said

    (payment,) = queries.of_order(UUID(order))
    wish = {"amount": {"amount": amount, "currency": "ISK"}}
    return lambda: said(ask(f"/payments/{payment.id}/captures", wish, str(uuid4())))


def capture_by_flow(order: str) -> Callable[[], str]:
    """The courier was paid at the door: said by whoever delivers."""
    from samband.commerce.payments import asking, queries

    (payment,) = queries.of_order(UUID(order))

    def deed() -> str:
        event = asking.ask_to_capture(payment.id, payment.amount, key="delivered")
        return "won: captured" if event else "refused: open"

    return deed


def void(order: str) -> Callable[[], str]:
    """A program lets the payment go."""
    from samband.commerce.payments import queries
    from tests.promises.races_doors import ask, said

    (payment,) = queries.of_order(UUID(order))
    return lambda: said(ask(f"/payments/{payment.id}/voids", None, str(uuid4()))).replace("won", "done")


def payments(attempts: int) -> Told:
    """A draft is paid in four tabs, in whole and in part, while it is called off and while a tender is dropped."""
    return raced(attempts, "races_payments:order", _payers, wrong(), paid=False)


def _payers(order: str) -> list[Strike]:
    about = {"order": order}
    return [
        ("races_payments:pay", about), ("races_payments:pay", {**about, "amount": TOTAL // 2}),
        ("races_payments:pay_by_api", about), ("races_payments:pay", {**about, "amount": TOTAL - 1}),
        ("races_payments:pay", about), ("races_payments:drop", about), ("races_payments:pay_by_api", about),
        *((("races_payments:call_off", about),) if every(3) else ()),
    ]  # fmt: skip


def refunds(attempts: int) -> Told:
    """One order is refunded by five at once, over its total, while it is called off and a piece is taken off it."""
    return raced(attempts, "races_payments:order", _refunders, wrong())


def _refunders(order: str) -> list[Strike]:
    about: dict[str, Any] = {"order": order}
    return [
        ("races_payments:refund", {**about, "amount": 1_500}),
        ("races_payments:refund_by_api", {**about, "amount": TOTAL}),
        ("races_payments:refund_payment", {**about, "amount": 1_200}),
        ("races_payments:refund", {**about, "amount": 700}),
        ("races_payments:refund_by_api", {**about, "amount": 600}), ("races_payments:cancel", about),
        ("races_payments:take_off", about), ("races_payments:cancel", about), ("races_stock:deliver", {}),
    ]  # fmt: skip


def captures(attempts: int) -> Told:
    """A payment at the door is captured by five at once, in whole and in part, while it is let go."""
    return raced(attempts, "races_payments:order", _capturers, wrong(), how="on_delivery")


def _capturers(order: str) -> list[Strike]:
    about: dict[str, Any] = {"order": order}
    whole = TOTAL + 1_490
    return [
        ("races_payments:capture", {**about, "amount": whole}), ("races_payments:capture", {**about, "amount": whole}),
        ("races_payments:capture_by_flow", about), ("races_payments:capture", {**about, "amount": 1_000}),
        ("races_payments:capture_by_flow", about), ("races_payments:refund_by_api", {**about, "amount": whole}),
        *((("races_payments:cancel", about),) if every(2) else ()),
    ]  # fmt: skip
