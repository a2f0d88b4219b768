"""What pricing has to ask the catalog: how goods are taxed, and where in its tree they hang. Plugged in by conf."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol


class VatClasses(Protocol):
    """Tells the VAT class of each of these SKUs that the catalog knows."""

    def __call__(self, skus: Sequence[str]) -> Mapping[str, str]: ...


class Categories(Protocol):
    """Tells the category of each of these SKUs that the catalog knows."""

    def __call__(self, skus: Sequence[str]) -> Mapping[str, str]: ...


class Branches(Protocol):
    """Tells of each of these categories itself and all that hang below it; nothing of one that there is not."""

    def __call__(self, categories: Iterable[str]) -> Mapping[str, Sequence[str]]: ...


def _nobody_knows(skus: Sequence[str]) -> Mapping[str, str]:
    return {}


def _no_tree(categories: Iterable[str]) -> Mapping[str, Sequence[str]]:
    return {category: (category,) for category in categories}


vat_classes: VatClasses = _nobody_knows
categories: Categories = _nobody_knows
branches: Branches = _no_tree


def plug(answer: VatClasses) -> None:
    """Have this answer for the catalog from now on."""
    global vat_classes
    vat_classes = answer


def plug_tree(where: Categories, below: Branches) -> None:
    """Have these answer for the catalog's tree from now on."""
    global categories, branches
    categories, branches = where, below
