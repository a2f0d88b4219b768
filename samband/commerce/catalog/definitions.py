"""The attributes as they are defined now."""

from .attributes import Definition, Kind
from .models import Attribute


def definitions() -> dict[str, Definition]:
    """Every attribute by its code, as the merchant ordered them. One statement."""
    return {
        row.code: Definition(row.code, _kind(row.kind), row.names, row.unit, dict(row.choices), row.facet, row.position)
        for row in Attribute.objects.order_by("position", "code")
    }


def _kind(text: str) -> Kind:
    match text:
        case "number" | "choice" | "text" | "flag":
            return text
        case _:
            raise AssertionError(text)
