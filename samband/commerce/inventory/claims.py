"""What lies at a level and who has a claim on it: what may be taken from it, and which units go when a claim shrinks.

A claim that grew took its channel's fenced units first and free ones after them. Shrinking, it lets go in the opposite
order, so that what remains is what would have been taken at once: units given back are the free ones first, and units
that leave the house are the fenced ones first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import msgspec


class Kept(msgspec.Struct, frozen=True):
    """What is left in a channel's open fence."""

    id: UUID
    left: int


_read = msgspec.json.Decoder(dict[str, Kept]).decode


@dataclass(frozen=True, slots=True)
class Stock:
    """Units at a level, as the database keeps them; `fences` by channel."""

    on_hand: int = 0
    held: int = 0
    safety: int = 0
    fenced: int = 0
    fences: Mapping[str, Kept] = field(default_factory=dict)

    @property
    def unclaimed(self) -> int:
        """Units that nobody has a claim on, safety stock among them."""
        return self.on_hand - self.held - self.fenced

    def own(self, channel: str) -> int:
        """Units fenced for the channel."""
        kept = self.fences.get(channel)
        return kept.left if kept else 0

    def available(self, channel: str) -> int:
        """What may be promised to the channel; below zero where less lies there than safety asks for."""
        return self.unclaimed - self.safety + self.own(channel)


def read_fences(told: str | None) -> Mapping[str, Kept]:
    """The fences of a level from the JSON in which the database keeps them."""
    return _read(told) if told else {}


@dataclass(frozen=True, slots=True)
class Claim:
    """Units of a level that are still in a hold, `drawn` of them out of a fence."""

    location: str
    sku: str
    left: int
    drawn: int = 0
    fence: UUID | None = None

    def going_back(self, quantity: int) -> "Part":
        """So many of its units, given back."""
        return self._part(quantity, max(quantity - (self.left - self.drawn), 0))

    def going_out(self, quantity: int) -> "Part":
        """So many of its units, leaving the house or handed on."""
        return self._part(quantity, min(quantity, self.drawn))

    def _part(self, quantity: int, drawn: int) -> "Part":
        return Part(self.location, self.sku, quantity, drawn, self.fence if drawn else None)


@dataclass(frozen=True, slots=True)
class Part:
    """Some units of a claim, `drawn` of them out of a fence."""

    location: str
    sku: str
    quantity: int
    drawn: int = 0
    fence: UUID | None = None
