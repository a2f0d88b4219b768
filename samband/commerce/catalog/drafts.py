"""A product as a merchant describes it, checked before anything is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from samband.kernel.goods import SKU

from .attributes import Definition, Texts, Value, check_texts, check_values
from .gtins import is_gtin
from .models import VAT_CLASSES
from .refusals import BadCode, BadGtin, BadProduct, WrongValue

SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LONGEST_SLUG = 120
LONGEST_NAME = 200
LONGEST_TEXT = 20_000
MOST_VARIANTS = 500
SHIPPING_CLASS = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """One stock-keeping unit. `attributes` holds what differs from its siblings."""

    sku: str
    attributes: Mapping[str, Value] = field(default_factory=dict)
    gtin: str | None = None
    weight_grams: int | None = None


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A whole product: what it does not mention is not there. It is known by `id` if given, else by its slug."""

    slug: str
    category: str
    names: Texts
    variants: tuple[VariantDraft, ...]
    texts: Texts = field(default_factory=dict)
    attributes: Mapping[str, Value] = field(default_factory=dict)
    vat_class: str = "standard"
    shipping_class: str = "parcel"
    return_days: int = 30
    id: UUID | None = None


def check_slug(slug: str) -> None:
    """Raises BadCode."""
    if not isinstance(slug, str) or len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
        raise BadCode("A slug has small letters, digits and single dashes.", slug=str(slug)[:LONGEST_SLUG])


def check_draft(draft: ProductDraft, definitions: Mapping[str, Definition]) -> None:
    """Raises BadCode, BadText, BadProduct, BadGtin or WrongValue, naming the product."""
    check_slug(draft.slug)
    check_texts(draft.names, LONGEST_NAME, needed=True)
    check_texts(draft.texts, LONGEST_TEXT)
    if draft.vat_class not in VAT_CLASSES:
        raise BadProduct("A VAT class is standard, food or zero.", slug=draft.slug)
    if not SHIPPING_CLASS.fullmatch(draft.shipping_class):
        raise BadProduct("A shipping class is a short word.", slug=draft.slug)
    if not 0 <= draft.return_days <= 3650:
        raise BadProduct("Goods can be returned for 0 to 3650 days.", slug=draft.slug)
    if not 1 <= len(draft.variants) <= MOST_VARIANTS:
        raise BadProduct(f"A product has 1 to {MOST_VARIANTS} variants.", slug=draft.slug)
    if len({variant.sku for variant in draft.variants}) != len(draft.variants):
        raise BadProduct("A SKU is there twice.", slug=draft.slug)
    try:
        check_values(draft.attributes, definitions)
        for variant in draft.variants:
            _check_variant(variant, definitions)
    except WrongValue as refusal:
        raise WrongValue(refusal.message, **refusal.details, slug=draft.slug) from refusal


def _check_variant(variant: VariantDraft, definitions: Mapping[str, Definition]) -> None:
    if not isinstance(variant.sku, str) or not SKU.fullmatch(variant.sku):
        raise BadCode("That is not a SKU.", sku=str(variant.sku)[:64])
    if variant.gtin is not None and not is_gtin(variant.gtin):
        raise BadGtin(sku=variant.sku, gtin=variant.gtin[:20])
    if variant.weight_grams is not None and not 0 <= variant.weight_grams <= 100_000_000:
        raise BadProduct("A weight is in grams, from 0.", sku=variant.sku)
    check_values(variant.attributes, definitions)
