"""Races about one cart: two tabs that pay while a third changes it, prices that change in between, carts that are
joined or taken to the till meanwhile. What is paid is what is ordered, and one cart becomes one order at most."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.promises.races_books import wrong
from tests.promises.races_world import PLENTY, PRICE_OF_PLENTY, RACED
from tests.promises.racing import Strike, every, raced
from tests.promises.told import Told

OTHER = RACED[-1]

LATER = 1.0
"""Seconds after the word at which those strike who would always be first, every other time: so each side wins."""


def fill(rounds: int, customers: bool = False) -> list[dict[str, str]]:
    """A guest's cart for each round with two pieces in it, and a coupon that would make it cheaper; `customers` have
    a cart of their own besides."""
    from samband.commerce.cart import commands
    from tests.promises.races_stock import shelve
    from tests.promises.races_vouchers import customer, issue

    shelve(len(RACED), units=40)
    staged = []
    for coupon in issue(rounds):
        cart = commands.open_cart("IS")
        commands.put(cart.id, PLENTY, 2)
        one = {"cart": str(cart.id), **coupon}
        if customers:
            one["customer"] = customer()
            commands.put(commands.open_cart("IS", UUID(one["customer"])).id, OTHER, 1)
        staged.append(one)
    return staged


def put(cart: str, sku: str, quantity: int) -> Callable[[], str]:
    """Another tab has so many of something in the cart."""
    from samband.commerce.cart import commands

    def deed() -> str:
        commands.put(UUID(cart), sku, quantity)
        return "done: put"

    return deed


def put_by_api(cart: str, sku: str, quantity: int) -> Callable[[], str]:
    """The same over HTTP."""
    from tests.promises.races_doors import ask, said

    path = f"/carts/{cart}/lines/{sku}"

    def deed() -> str:
        told = said(ask(path, {"quantity": quantity}, method="PUT"))
        return told.replace("won: done", "done: put").replace("won: open", "done: put")

    return deed


def enter(cart: str, coupon: str) -> Callable[[], str]:
    """Another tab enters a coupon, and takes it out again."""
    from samband.commerce.cart import commands

    def deed() -> str:
        commands.enter_coupon(UUID(cart), coupon)
        commands.drop_coupon(UUID(cart), coupon)
        return "done: entered"

    return deed


def reprice(sku: str, price: int) -> Callable[[], str]:
    """Prices go up, and down again."""
    from samband.commerce.pricing import commands

    def deed() -> str:
        commands.set_prices("isk-regular", {sku: price * 2})
        commands.set_prices("isk-regular", {sku: price})
        return "done: repriced"

    return deed


def move_market(cart: str) -> Callable[[], str]:
    """Another tab shops in another country, and comes back."""
    from samband.commerce.cart import commands

    def deed() -> str:
        commands.change_market(UUID(cart), "LV")
        commands.change_market(UUID(cart), "IS")
        return "done: moved"

    return deed


def join(cart: str, customer: str, later: float) -> Callable[[], str]:
    """Somebody signs in, and their guest's cart joins their own."""
    from samband.commerce.cart import commands

    def deed() -> str:
        time.sleep(later)
        commands.join(UUID(cart), UUID(customer))
        return "done: joined"

    return deed


def take_to_till(cart: str, later: float) -> Callable[[], str]:
    """The cart goes to the till by its code, and something is added there."""
    from samband.commerce.cart import commands
    from samband.flows import cart_handover

    code = cart_handover.hand_out(UUID(cart))[0]

    def deed() -> str:
        time.sleep(later)
        commands.add(cart_handover.take_over(code).id, OTHER, 1)
        return "done: taken over"

    return deed


def carts_in_tabs(attempts: int) -> Told:
    """One cart is paid in eight tabs at once, at three doors: one order comes of it."""
    return raced(attempts, "races_carts:fill", _payers, wrong())


def _payers(staged: dict[str, Any]) -> list[Strike]:
    pays = {"lines": {}, "cart": staged["cart"]}
    return [(f"races_doors:by_{door}", pays) for door in ("flow", "api", "flow", "till", "flow", "api", "flow", "flow")]


def carts(attempts: int) -> Told:
    """Two tabs and a program pay one cart, while others put in, take out, enter a coupon, and prices change.

    Every other time nobody changes it: whoever pays is told that it changed, if the others were all sooner.
    """
    return raced(attempts, "races_carts:fill", _tabs, wrong())


def _tabs(staged: dict[str, Any]) -> list[Strike]:
    cart = {"cart": staged["cart"]}
    pays = {"lines": {}, **cart}
    paying: list[Strike] = [
        ("races_doors:by_flow", pays), ("races_doors:by_api", pays), ("races_doors:by_flow", pays),
        *[("races_doors:by_flow", {**pays, "key": f"same-{staged['cart']}"})] * 2,
    ]  # fmt: skip
    if every(2):
        return paying
    return [
        *paying,
        ("races_carts:put", {**cart, "sku": PLENTY, "quantity": 5}),
        ("races_carts:put", {**cart, "sku": OTHER, "quantity": 1}),
        ("races_carts:put_by_api", {**cart, "sku": PLENTY, "quantity": 0}),
        ("races_carts:reprice", {"sku": PLENTY, "price": PRICE_OF_PLENTY}),
        ("races_carts:enter", {**cart, "coupon": staged["coupon"]}),
        ("races_carts:move_market", cart),
        ("races_carts:put", {**cart, "sku": PLENTY, "quantity": 1}),
    ]


def carts_joined(attempts: int) -> Told:
    """A guest pays their cart while they sign in elsewhere, and while somebody takes it to the till."""
    return raced(attempts, "races_carts:fill", _joined, wrong(), customers=True)


def _joined(staged: dict[str, Any]) -> list[Strike]:
    cart, customer = {"cart": staged["cart"]}, {"customer": staged["customer"]}
    pays, moves = {"lines": {}, **cart}, {**cart, "later": LATER if every(2) else 0.0}
    return [
        ("races_doors:by_flow", pays), ("races_carts:join", {**moves, **customer}),
        ("races_doors:by_flow", {**pays, **customer}), ("races_carts:join", {**moves, **customer}),
        ("races_doors:by_api", pays), ("races_carts:take_to_till", moves),
        ("races_doors:by_api", {**pays, **customer}), ("races_doors:by_till", pays),
    ]  # fmt: skip
