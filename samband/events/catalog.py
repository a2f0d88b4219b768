"""What the catalog tells: products came, changed and went."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Event, about="product_id"):
    """A product, its variants, texts, media or place in the tree are new or different."""

    product_id: UUID
    skus: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProductPublished(Event, about="product_id"):
    """A product may be seen on a channel (from a moment, until a moment)."""

    product_id: UUID
    channel: str


@dataclass(frozen=True, kw_only=True)
class ProductWithdrawn(Event, about="product_id"):
    """A product is no longer shown on a channel."""

    product_id: UUID
    channel: str
