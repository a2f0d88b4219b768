"""Goods of another system: described, priced, shown and on the shelf in one transaction, or not at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from samband.commerce.catalog import commands as catalog
from samband.commerce.catalog import queries as catalogs
from samband.commerce.catalog.drafts import ProductDraft
from samband.commerce.catalog.refusals import AttributeInUse
from samband.commerce.catalog.views import CategoryNode
from samband.commerce.inventory import commands as inventory
from samband.commerce.pricing import commands as pricing
from samband.kernel.goods import Line
from samband.timeline import claim

from .ground import Ground

CHANNELS = ("shop", "api", "pos", "kiosk")
AT_ONCE = 500
"""Products in one transaction: each takes a lock, and PostgreSQL has room for some thousand."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product with what its SKUs cost (minor units, VAT included) and how many of each are there now.

    What is not `shown` is known, but not for sale yet.
    """

    draft: ProductDraft
    prices: Mapping[str, int]
    stock: Mapping[str, int] = field(default_factory=dict)
    shown: bool = True


def bring_goods(ground: Ground, offers: Sequence[Offer], progress: Callable[[int], None] = lambda done: None) -> int:
    """Take over products that are not known yet; returns how many that were. `progress` hears how many are done.

    A product of which any SKU is known is left as it is, with its price and its stock: since it came, it is ours.
    Raises what `catalog.save_products` and `pricing.set_prices` raise, and then nothing of its batch is taken over.
    """
    brought = 0
    for first in range(0, len(offers), AT_ONCE):
        brought += _bring(ground, offers[first : first + AT_ONCE])
        progress(min(first + AT_ONCE, len(offers)))
    return brought


@transaction.atomic
def _bring(ground: Ground, offers: Sequence[Offer]) -> int:
    claim("take_over.goods", ground.source, None)  # importers of one source wait for each other
    known = catalogs.items([variant.sku for offer in offers for variant in offer.draft.variants])
    fresh = [offer for offer in offers if not any(variant.sku in known for variant in offer.draft.variants)]
    if not fresh:
        return 0
    made = catalog.save_products(offer.draft for offer in fresh)
    ids = catalogs.ids_of(offer.draft.slug for offer in fresh if offer.shown)
    catalog.publish_on(CHANNELS, list(ids.values()))
    if prices := _joined(offer.prices for offer in fresh):
        pricing.set_prices(ground.price_list, prices)
    stock = _joined(offer.stock for offer in fresh)
    if lines := tuple(Line(sku, quantity) for sku, quantity in stock.items() if quantity > 0):
        inventory.receive(ground.location, lines, f"{ground.source} stock", imported=True)
    return len(made)


def _joined(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    return {sku: number for part in parts for sku, number in part.items()}


@dataclass(frozen=True, slots=True)
class Choices:
    """An attribute that buyers choose by in another system: its code, its name, and the values' names by code."""

    code: str
    name: str
    values: Mapping[str, str]


@transaction.atomic
def open_choices(wanted: Iterable[Choices], language: str) -> None:
    """Make sure that there are attributes with these choices; what they have already is left as it is.

    Raises AttributeInUse for a code that is an attribute of another kind.
    """
    values: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}
    for one in wanted:
        names.setdefault(one.code, one.name)
        values.setdefault(one.code, {}).update(one.values)
    claim("take_over.choices", "attributes", None)
    known = catalogs.attributes()
    for code, chosen in values.items():
        there = known.get(code)
        if there and there.kind != "choice":
            raise AttributeInUse("It is no choice in this shop.", attribute=code)
        before = {value: dict(labels) for value, labels in there.choices.items()} if there else {}
        fresh = {value: {language: name} for value, name in chosen.items() if value not in before}
        if fresh:
            catalog.save_attribute(
                code,
                "choice",
                there.names if there else {language: names[code]},
                choices={**before, **fresh},
                facet=there.facet if there else True,
                position=there.position if there else len(known),
            )


@transaction.atomic
def open_categories(names: Mapping[str, str], language: str) -> None:
    """Make sure that there are these categories, by slug; those that are there are left as they are."""
    known = {node.slug for node in _nodes(catalogs.tree())}
    for slug, name in names.items():
        if slug not in known:
            catalog.save_category(slug, None, {language: name})


def _nodes(tree: Iterable[CategoryNode]) -> Iterator[CategoryNode]:
    for node in tree:
        yield node
        yield from _nodes(node.children)
