"""Adding up what rows are worth, to the last digit."""

import re
from decimal import Context, Decimal, Inexact, localcontext

NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
EXACT = Context(prec=80, traps=[Inexact])
"""Sums that would lose a digit fail instead; numbers are short enough (`NUMBER`) that none ever does."""


class Worth:
    """A sum of quantity × price, and how many rows had none that could be read."""

    def __init__(self) -> None:
        self.sum = Decimal(0)
        self.unreadable = 0

    def add(self, worth: Decimal | int | None) -> None:
        if worth is None:
            self.unreadable += 1
            return
        with localcontext(EXACT):
            self.sum += worth


def times(quantity: str, price: str) -> Decimal | None:
    """Quantity × price as written; None if either is no number or beyond belief."""
    if not NUMBER.fullmatch(quantity) or not NUMBER.fullmatch(price):
        return None
    with localcontext(EXACT):
        return Decimal(quantity) * Decimal(price)
