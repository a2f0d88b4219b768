"""Reading what other shops tell, leniently: whatever is missing or odd is left out, and the rest still counts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from samband.customers.touchpoints.vocabulary import minor
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier

LONGEST = 200
MOST_PRODUCTS = 500

METHODS = {
    "shopify_payments": "card", "stripe": "card", "woocommerce_payments": "card", "bogus": "card",
    "cod": "on_delivery", "cash on delivery (cod)": "on_delivery", "bacs": "transfer", "bank deposit": "transfer",
    "gift_card": "gift_card", "cash": "cash",
}  # fmt: skip
"""Ways to pay as we call them; any other keeps its name."""


def text(said: Mapping[str, Any], *path: str) -> str:
    """What stands there, if it is a text or a number."""
    found: Any = said
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    return found.strip()[:LONGEST].replace("\x00", "") if isinstance(found, str) else ""


def number(said: Mapping[str, Any], *path: str) -> float | None:
    """What stands there, if it is an amount; decimal texts are read as what they say."""
    found: Any = said
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float | str) or found == "":
        return None
    try:
        value = float(found)
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None  # also false for what is no number


def worth(said: Mapping[str, Any], currency: str, *path: str) -> int | None:
    """An amount of major units in minor ones."""
    found: Any = said
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float | str) or not found or len(currency) != 3:
        return None
    return minor(found, currency)


def moment(said: Mapping[str, Any], *names: str, at: datetime) -> datetime:
    """The first of these moments that is one, without a zone UTC; never after `at`, which is when it came."""
    for name in names:
        try:
            found = datetime.fromisoformat(text(said, name))
        except ValueError:
            continue
        return min(found if found.tzinfo else found.replace(tzinfo=UTC), at)
    return at


def things(said: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The objects in a list, if it is one."""
    found = said.get(name)
    if isinstance(found, list):
        yield from (one for one in found[:MOST_PRODUCTS] if isinstance(one, dict))


def known(*wanted: tuple[str, str, str] | None) -> tuple[Identifier, ...]:
    """Identifiers by kind, value and namespace; what is none is left out."""
    found: list[Identifier] = []
    for one in wanted:
        if one is not None and one[1] not in ("", "0"):
            try:
                found.append(identifier(*one))
            except NotAnIdentifier:
                continue
    return tuple(dict.fromkeys(found))


def rule(whose: Sequence[Identifier]) -> str:
    """What makes identifiers one person's: the other shop names its user, or somebody typed them into its form."""
    return "user" if any(one.kind == "user" for one in whose) else "stated"


def method(name: str) -> str:
    """A way to pay as we call it."""
    return METHODS.get(name.lower(), name.lower())


def without_nothing(said: Mapping[str, Any]) -> dict[str, Any]:
    """Properties without those that say nothing."""
    return {name: value for name, value in said.items() if value not in ("", None, [])}
