"""What the cart has to ask pricing: which currency a market trades in. Plugged in by conf."""

from typing import Protocol


class CurrencyOf(Protocol):
    """Tells a market's ISO 4217 currency, or None when we do not sell there."""

    def __call__(self, market: str) -> str | None: ...


def _nobody_knows(market: str) -> str | None:
    return None


currency_of: CurrencyOf = _nobody_knows


def plug(answer: CurrencyOf) -> None:
    """Have this answer for pricing from now on."""
    global currency_of
    currency_of = answer
