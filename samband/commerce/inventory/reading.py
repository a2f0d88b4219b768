"""Reading positions that were asked for: each is checked, the same goods are one position, and they stand in order."""

import re
from collections.abc import Iterable, Sequence

from samband.kernel.goods import MOST_OF_ONE, SKU, Line, Position
from samband.kernel.refusal import Invalid

from .claims import Part

LOCATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,31}")
MOST_POSITIONS = 100_000
LONGEST_NOTE = 200

Spot = tuple[str, str]
"""A location's code and a SKU: what a level is the level of."""


def wanted(positions: Iterable[Position]) -> tuple[Position, ...]:
    """Positions of at least one unit each; the same goods named twice are wanted twice. Raises Invalid."""
    return _gathered(positions, least=1)


def differences(location: str, positions: Iterable[Position]) -> tuple[Position, ...]:
    """Signed differences at one location; those that cancel out are left out. Raises Invalid."""
    gathered = _gathered(_only_at(location, positions), least=-MOST_OF_ONE)
    return tuple(position for position in gathered if position.quantity)


def counted(location: str, positions: Iterable[Position]) -> tuple[Position, ...]:
    """What was counted at one location: none or more, and each SKU once. Raises Invalid."""
    positions = _only_at(location, positions)
    if len({position.sku for position in positions}) < len(positions):
        raise Invalid("A count names each SKU once.")
    return _gathered(positions, least=0)


def at(location: str, lines: Iterable[Line]) -> tuple[Position, ...]:
    """These goods at this location. Raises Invalid."""
    return wanted(Position(location, line.sku, line.quantity) for line in lines)


def note(text: str) -> str:
    """A reason or reference as a person or a program wrote it: up to 200 characters. Raises Invalid."""
    if not isinstance(text, str) or len(text) > LONGEST_NOTE or "\x00" in text:
        raise Invalid("A reference has up to 200 characters.")
    return text


def _only_at(location: str, positions: Iterable[Position]) -> list[Position]:
    positions = list(positions)
    if any(position.location != location for position in positions):
        raise Invalid("All positions must be at the location.", location=str(location)[:40])
    return positions


def _gathered(positions: Iterable[Position], least: int) -> tuple[Position, ...]:
    sums: dict[Spot, int] = {}
    for position in positions:
        _check(position, least)
        spot = (position.location, position.sku)
        sums[spot] = sums.get(spot, 0) + position.quantity
    if not 1 <= len(sums) <= MOST_POSITIONS:
        raise Invalid("Name between one and 100,000 positions.")
    ordered = sorted(sums.items(), key=lambda item: (item[0][1], item[0][0]))
    return tuple(Position(location, sku, quantity) for (location, sku), quantity in ordered)


def _check(position: Position, least: int) -> None:
    if not isinstance(position.location, str) or not LOCATION.fullmatch(position.location):
        raise Invalid("That is not a location.")
    if not isinstance(position.sku, str) or not SKU.fullmatch(position.sku):
        raise Invalid("That is not a SKU.")
    whole = isinstance(position.quantity, int) and not isinstance(position.quantity, bool)
    if not whole or not least <= position.quantity <= MOST_OF_ONE:
        raise Invalid(f"A quantity is a whole number from {least}.", sku=position.sku)


def channel(code: str) -> str:
    """The code of a channel, such as "pos". Raises Invalid."""
    if not isinstance(code, str) or not CHANNEL.fullmatch(code):
        raise Invalid("That is not a channel.", fields=["channel"])
    return code


def columns(positions: Sequence[Position | Part]) -> dict[str, list[str] | list[int]]:
    """The positions as three arrays for a statement."""
    return {
        "locations": [position.location for position in positions],
        "skus": [position.sku for position in positions],
        "quantities": [position.quantity for position in positions],
    }
