"""What a file or another shop tells of somebody who asked to be forgotten is not taken in: they are not there again."""

from collections.abc import Sequence

from samband.customers.rights import queries as rights
from samband.customers.touchpoints.shapes import Happening, Origin

HELD_BACK = ("import", "webhook")
"""Sources that tell of the past or of another shop's customers. What somebody does themselves says they came back."""

ERASED = "erased"
"""The code under which such items are counted."""


def of_others(origin: Origin, items: Sequence[Happening]) -> list[Happening]:
    """The items without those that name somebody who was forgotten."""
    if origin.kind not in HELD_BACK or not items:
        return list(items)
    away = rights.suppressed({one.key for item in items for one in item.identifiers})
    return [item for item in items if not away or not any(one.key in away for one in item.identifiers)]
