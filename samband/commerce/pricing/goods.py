"""What pricing has to ask the catalog: how goods are taxed. Plugged in by conf."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class VatClasses(Protocol):
    """Tells the VAT class of each of these SKUs that the catalog knows."""

    def __call__(self, skus: Sequence[str]) -> Mapping[str, str]: ...


def _nobody_knows(skus: Sequence[str]) -> Mapping[str, str]:
    return {}


vat_classes: VatClasses = _nobody_knows


def plug(answer: VatClasses) -> None:
    """Have this answer for the catalog from now on."""
    global vat_classes
    vat_classes = answer
