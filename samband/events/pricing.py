"""What pricing tells."""

from dataclasses import dataclass

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class PricesChanged(Event, about="price_list"):
    """Prices in one list are new or different. Amounts are in minor units of the list's currency."""

    price_list: str
    skus: tuple[str, ...]
