"""What pricing tells."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class PricesChanged(Event, about="price_list"):
    """Prices in one list are new or different. Amounts are in minor units of the list's currency."""

    price_list: str
    skus: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PromotionChanged(Event, about="promotion"):
    """A promotion is new, different or over, or its window opened or closed."""

    promotion: str


@dataclass(frozen=True, kw_only=True)
class CouponsIssued(Event, about="promotion"):
    """So many codes were made that open a promotion. The batch names them; they themselves are not told."""

    promotion: str
    batch_id: UUID
    count: int


@dataclass(frozen=True, kw_only=True)
class CouponsEnded(Event, about="promotion"):
    """So many codes of a promotion hold no longer."""

    promotion: str
    count: int
