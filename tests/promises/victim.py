"""Shoppers who die: each checks out in a process of its own that kills itself at a chosen statement.

Reads a line for each from standard input: how many statements to live for, `before` or `after` the last of them, the
card, a seed for the cart. Writes a line for each: how it ended, and how many statements it took if it lived.
"""

import os
import random
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from samband.commerce.cart import commands as carts  # noqa: E402
from samband.commerce.payments.providers.sandbox import tokenise  # noqa: E402
from samband.customers.accounts.rules import Particulars  # noqa: E402
from samband.flows.basket import basket  # noqa: E402
from samband.flows.check_out import Checkout, Part, Tender, check_out  # noqa: E402
from tests.worlds import CUP, LAMP  # noqa: E402

HOME = Particulars(name="Anna", line1="Laugavegur 1", city="Reykjavík", country="IS", postcode="101")


def shop(lives: int, when: str, card: str, seed: str) -> str:
    dice = random.Random(seed)
    cart = carts.open_cart("IS")
    for sku in dice.sample((CUP, LAMP), dice.choice((1, 2))):
        carts.put(cart.id, sku, 1)
    seen = basket(cart.id, "shop", None, "ship")
    wish = Checkout(
        cart_id=cart.id, version=seen.cart.version, customer_id=None, channel="shop", language="is",
        email="anna@example.is", name="Anna", parts=(Part(kind="ship", address=HOME),),
        tenders=(Tender(method="card", token=tokenise(card, "12/40", "123")),), seen_total=seen.quote.total,
    )  # fmt: skip
    statements = 0

    def count(execute, sql, params, many, context):
        nonlocal statements
        statements += 1
        if statements == lives and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if statements == lives:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(count):
        outcome = check_out(wish, key=f"victim-{seed}")
    return f"{outcome.state} {statements}"


def main() -> None:
    for line in sys.stdin:
        lives, when, card, seed = line.split()
        ours, theirs = os.pipe()
        child = os.fork()  # nobody has opened a connection yet that a child could inherit
        if child == 0:
            os.write(theirs, shop(int(lives), when, card, seed).encode())
            os._exit(0)
        os.close(theirs)
        _, status = os.waitpid(child, 0)
        said = os.read(ours, 1000).decode()
        os.close(ours)
        print("killed" if os.WIFSIGNALED(status) else said or "failed", flush=True)


main()
