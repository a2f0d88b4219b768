"""What search wants to know of prices. Only pricing knows; `conf` plugs the answer in."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class PriceTags(Protocol):
    """Prices as a shopper without a customer group sees them now."""

    def markets(self) -> Sequence[str]:
        """The codes of the markets that have prices."""
        ...

    def lowest(self, skus: Sequence[str], market: str, channel: str) -> Mapping[str, int]:
        """By SKU the price in minor units of the market's currency, VAT included; not those not for sale there."""
        ...

    def terms(self) -> str:
        """A short text that is another one once a price list or VAT rate has changed, started or ended.

        Amounts within a list need not show in it: of those `PricesChanged` tells, naming the SKUs.
        """
        ...


class NoPrices:
    """Before anything is plugged in nothing has a price, and nothing is hidden for want of one."""

    def markets(self) -> Sequence[str]:
        return ()

    def lowest(self, skus: Sequence[str], market: str, channel: str) -> Mapping[str, int]:
        return {}

    def terms(self) -> str:
        return ""


_plugged: PriceTags = NoPrices()


def plug(price_tags: PriceTags) -> None:
    """Let search ask these prices from now on."""
    global _plugged
    _plugged = price_tags


def price_tags() -> PriceTags:
    """Whoever was plugged in."""
    return _plugged
