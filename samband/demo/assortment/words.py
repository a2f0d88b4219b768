"""What an assortment is made of. Texts are kept in the five languages; prices in minor units, VAT included."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Texts = Mapping[str, str]
"""A text in every language, by language code."""

AttributeKind = Literal["number", "choice", "text", "flag"]
VatRate = Literal["standard", "food"]
Shipping = Literal["parcel", "bulky", "store_only"]

Value = int | float | bool | str | Texts
"""A number in its attribute's unit, a choice by its code, a flag, or a text in every language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers an attribute allows. Only colours have a hex value (`#rrggbb`)."""

    code: str
    name: Texts
    hex: str | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed property of goods. `unit` is the symbol a number is shown with; only a choice has `choices`."""

    code: str
    kind: AttributeKind
    name: Texts
    unit: str | None
    facet: bool
    choices: Mapping[str, Choice]


@dataclass(frozen=True, slots=True)
class Category:
    """A branch of the tree. The root of a department has no parent and carries the department's slug."""

    slug: str
    department: str
    parent: str | None
    name: Texts
    text: Texts


@dataclass(frozen=True, slots=True)
class Variant:
    """What is sold: a product in one colour, size or volume.

    `attributes` holds only what sets it apart from its siblings; `prices` is minor units by currency, VAT included.
    """

    sku: str
    gtin: str
    attributes: Mapping[str, Value]
    prices: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Product:
    """What is shown. `kind` and `look` (1 to 5) choose the picture; `return_days` 0 means it cannot be returned."""

    slug: str
    department: str
    category: str
    kind: str
    look: int
    model: str
    name: Texts
    text: Texts
    vat: VatRate
    shipping: Shipping
    return_days: int
    attributes: Mapping[str, Value]
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Assortment:
    """Everything the small retailer sells. In `categories` a parent comes before its children."""

    attributes: Mapping[str, Attribute]
    categories: tuple[Category, ...]
    products: tuple[Product, ...]

    @property
    def departments(self) -> tuple[str, ...]:
        """The slugs of the roots, in the order of the shop's menu."""
        return tuple(category.slug for category in self.categories if category.parent is None)
