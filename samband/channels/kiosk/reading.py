"""What phones send, read with care: anything may come in."""

from collections.abc import Mapping
from math import isfinite
from uuid import UUID

from samband.kernel.geography import Place
from samband.kernel.goods import SKU
from samband.kernel.money import Money
from samband.kernel.refusal import Invalid

LONGEST = 400


def text(sent: Mapping[str, str], name: str, longest: int = LONGEST) -> str:
    """A line of text. Raises Invalid for control characters or more than anybody types."""
    value = str(sent.get(name, "")).strip()
    if len(value) > longest or any(letter < " " for letter in value):
        raise Invalid("That text cannot be read.", field=name[:40])
    return value


def sku(sent: Mapping[str, str], name: str = "sku") -> str:
    """Raises Invalid for what is no SKU."""
    value = str(sent.get(name, ""))
    if not SKU.fullmatch(value):
        raise Invalid("That is not a SKU.", field=name)
    return value


def whole(sent: Mapping[str, str], name: str, least: int, most: int) -> int:
    """A whole number within bounds. Raises Invalid."""
    value = str(sent.get(name, "")).strip()
    if not (value.isascii() and value.isdigit()) or len(value) > 15 or not least <= int(value) <= most:
        raise Invalid("That is not such a number.", field=name, least=least, most=most)
    return int(value)


def money(sent: Mapping[str, str], name: str, currency: str) -> Money:
    """An amount of minor units that a form of ours carried. Raises Invalid."""
    return Money(whole(sent, name, 0, 10**15), currency)


def place(sent: Mapping[str, str]) -> tuple[Place | None, float]:
    """Where a phone says it is, and how sure it is in metres; nothing if it does not say. Raises Invalid."""
    if not sent.get("latitude"):
        return None, 0.0
    latitude, longitude, accuracy = (_number(sent, name) for name in ("latitude", "longitude", "accuracy"))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Invalid("There is no such place.", field="latitude")
    return Place(latitude, longitude), accuracy


def _number(sent: Mapping[str, str], name: str) -> float:
    try:
        value = float(str(sent.get(name, ""))[:30])
    except ValueError as error:
        raise Invalid("That is not a number.", field=name) from error
    if not isfinite(value):
        raise Invalid("That is not a number.", field=name)
    return value


def uuid(sent: Mapping[str, str], name: str) -> UUID:
    """Raises Invalid for what is no id."""
    try:
        return UUID(str(sent.get(name, ""))[:40])
    except ValueError as error:
        raise Invalid("That is not an id.", field=name) from error


def key(sent: Mapping[str, str], shortest: int) -> str:
    """The key that a form of ours was made with. Raises Invalid for one that nobody here made."""
    value = text(sent, "key", 64)
    if len(value) < shortest:
        raise Invalid("This form is not one of ours.", field="key")
    return value
