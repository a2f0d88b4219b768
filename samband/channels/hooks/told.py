"""What a notice of another shop comes to: touchpoints, and what people said about being written to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samband.customers.touchpoints.shapes import Note
from samband.kernel.identifier import Identifier


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody agreed, or did not, to being written to at an address. `proof` says where that is on record."""

    address: Identifier
    purpose: str
    granted: bool
    at: datetime
    proof: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody asked that shop for what is kept about them (export), or to be forgotten (erasure)."""

    kind: str
    whose: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one notice tells. Its notes are named by what they tell of, so the same told again is the same."""

    notes: tuple[Note, ...] = ()
    answers: tuple[Answer, ...] = ()
    wishes: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a notice comes from: the source's namespace, when it came, and the categories of SKUs we know."""

    namespace: str
    at: datetime
    categories: Mapping[str, str] = field(default_factory=dict)
