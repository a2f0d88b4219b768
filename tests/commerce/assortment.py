"""A small assortment for the catalog's tests, and prices for search to ask."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from samband.commerce.catalog import commands
from samband.commerce.catalog.drafts import ProductDraft, VariantDraft
from samband.commerce.catalog.search import prices
from samband.kernel.refusal import Refusal

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800"><path d="M0 0h8v8z" fill="#8a8d91"/></svg>'


@contextmanager
def refused(*kinds: type[Refusal]) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """What happens inside is refused, and what it did is undone."""
    with pytest.raises(kinds) as refusal, transaction.atomic():
        yield refusal


def tree() -> None:
    """Furniture with sofas and tables below it, and a café."""
    commands.save_category("furniture", None, {"en": "Furniture", "is": "Húsgögn", "pl": "Meble", "el": "Έπιπλα"})
    commands.save_category("sofas", "furniture", {"en": "Sofas", "pl": "Sofy", "el": "Καναπέδες"}, position=1)
    commands.save_category("tables", "furniture", {"en": "Tables", "pl": "Stoły", "el": "Τραπέζια"}, position=2)
    commands.save_category("cafe", None, {"en": "Café", "el": "Καφέ"}, position=9)


def attributes() -> None:
    """Colour, size, width and whether it folds out."""
    colours = {
        "grey": {"en": "Grey", "is": "Grár", "pl": "Szary", "lv": "Pelēks", "el": "Γκρι", "hex": "#8a8d91"},
        "red": {"en": "Red", "is": "Rauður", "pl": "Czerwony", "lv": "Sarkans", "el": "Κόκκινο", "hex": "#c1272d"},
        "blue": {"en": "Blue", "is": "Blár", "pl": "Niebieski", "lv": "Zils", "el": "Μπλε", "hex": "#2f6db5"},
    }
    sizes = {size: {"en": size.upper()} for size in ("xs", "s", "m", "l", "xl")}
    commands.save_attribute("colour", "choice", {"en": "Colour", "el": "Χρώμα"}, choices=colours, facet=True)
    commands.save_attribute("size", "choice", {"en": "Size"}, choices=sizes, facet=True, position=1)
    commands.save_attribute("width", "number", {"en": "Width"}, unit="cm", facet=True, position=2)
    commands.save_attribute("fold-out", "flag", {"en": "Folds out"}, facet=True, position=3)
    commands.save_attribute("care", "text", {"en": "Care"}, position=4)


def draft(slug: str = "hraun", *skus: str, **fields: Any) -> ProductDraft:
    """A sofa, unless said otherwise."""
    described: dict[str, Any] = {
        "category": "sofas",
        "names": {"en": "Hraun 3-seat sofa", "pl": "Sofa trzyosobowa Hraun", "el": "Τριθέσιος καναπές Hraun"},
        "variants": tuple(VariantDraft(sku, {"colour": "grey"}) for sku in skus or (f"{slug.upper()}-1",)),
        **fields,
    }
    return ProductDraft(slug, **described)


def on_sale(slug: str = "hraun", *skus: str, channel: str = "shop", **fields: Any) -> UUID:
    """A product that shoppers see; its id."""
    product_id = commands.save_product(draft(slug, *skus, **fields)).product_id
    commands.publish(product_id, channel)
    return product_id


class Prices:
    """A price by SKU, the same in every market."""

    def __init__(self, **amounts: int) -> None:
        self.amounts = {sku.replace("_", "-"): amount for sku, amount in amounts.items()}
        self.said = "one"

    def markets(self) -> Sequence[str]:
        return ("GR", "IS")

    def lowest(self, skus: Sequence[str], market: str, channel: str) -> Mapping[str, int]:
        return {sku: self.amounts[sku] for sku in skus if sku in self.amounts}

    def terms(self) -> str:
        return self.said


@contextmanager
def priced(known: prices.PriceTags) -> Iterator[None]:
    """Inside the block search asks these prices."""
    before = prices.price_tags()
    prices.plug(known)
    try:
        yield
    finally:
        prices.plug(before)
