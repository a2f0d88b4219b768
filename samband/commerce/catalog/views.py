"""What the catalog answers with: plain values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .attributes import Kind, Texts, Value


@dataclass(frozen=True, slots=True)
class CategoryNode:
    """A category with what lies below it, in the merchant's order."""

    slug: str
    parent: str | None
    names: Texts
    texts: Texts
    position: int
    children: tuple["CategoryNode", ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One category on the way from the root to a product."""

    slug: str
    names: Texts


@dataclass(frozen=True, slots=True)
class Spec:
    """What is said of a product. `labels` words a choice or text in each language; a number comes in `unit`."""

    code: str
    kind: Kind
    names: Texts
    unit: str
    value: Value
    labels: Texts
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MediaView:
    """A picture or 3D model; `path` is below the media address. Sizes in pixels where known."""

    id: UUID
    kind: str
    path: str
    alts: Texts
    sku: str | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class VariantView:
    """One SKU. `labels` tells it from its siblings in each language; `swatch` is #rrggbb or nothing."""

    sku: str
    gtin: str | None
    labels: Texts
    swatch: str
    specs: tuple[Spec, ...]
    weight_grams: int | None
    image: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """Where and when a product may be seen."""

    channel: str
    visible_from: datetime
    visible_until: datetime | None

    def open_at(self, at: datetime) -> bool:
        """Whether the product may be seen at this moment."""
        return self.visible_from <= at and (self.visible_until is None or at < self.visible_until)


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A whole product, in every language. `path` leads from the root category to the product's own."""

    product_id: UUID
    slug: str
    names: Texts
    texts: Texts
    category: str
    path: tuple[Step, ...]
    specs: tuple[Spec, ...]
    variants: tuple[VariantView, ...]
    media: tuple[MediaView, ...]
    windows: tuple[Window, ...]
    vat_class: str
    shipping_class: str
    return_days: int
    created_at: datetime
    changed_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Item:
    """What a cart needs to know of a SKU."""

    sku: str
    gtin: str | None
    product_id: UUID
    slug: str
    names: Texts
    variant_labels: Texts
    vat_class: str
    shipping_class: str
    return_days: int
    weight_grams: int | None
    image: str | None
    windows: tuple[Window, ...]
    category: str = ""

    def published(self, channel: str, at: datetime) -> bool:
        """Whether it may be bought on the channel at this moment."""
        return any(window.channel == channel and window.open_at(at) for window in self.windows)


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour that a product comes in."""

    sku: str
    colour: str
    labels: Texts


@dataclass(frozen=True, slots=True)
class Card:
    """A product as a list shows it. `image` is below the media address; `alts` describes it."""

    product_id: UUID
    slug: str
    names: Texts
    category: str
    image: str | None
    alts: Texts
    skus: tuple[str, ...]
    swatches: tuple[Swatch, ...]


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as the console lists it."""

    product_id: UUID
    slug: str
    names: Texts
    category: str
    skus: tuple[str, ...]
    image: str | None
    channels: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ProductRows:
    """A page of them, and how many there are in all."""

    rows: tuple[ProductRow, ...]
    total: int
