"""Why two records are proposed: the reasons as codes, the strongest first. The console finds the words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STRONGLY, CLEARLY, SLIGHTLY = "strongly", "clearly", "slightly"
_STRONG_BITS, _CLEAR_BITS = 10.0, 4.0
"""A thousand to one, and sixteen to one."""

FOR, AGAINST, NEITHER = "for", "against", "neither"
_NEITHER_BITS = 0.5


@dataclass(frozen=True, slots=True)
class Reason:
    """How two agree in one field, and the bits that speak for one person (or against it, if negative)."""

    field: str
    degree: str
    bits: float

    @property
    def side(self) -> str:
        """Whether it speaks for one person, against it, or hardly at all."""
        return NEITHER if abs(self.bits) < _NEITHER_BITS else FOR if self.bits > 0 else AGAINST

    @property
    def strength(self) -> str:
        """How strongly it speaks."""
        bits = abs(self.bits)
        return STRONGLY if bits >= _STRONG_BITS else CLEARLY if bits >= _CLEAR_BITS else SLIGHTLY


def told(reasons: Iterable[Reason]) -> list[Mapping[str, Any]]:
    """As they are kept with a proposal: codes and figures, nobody's particulars."""
    ordered = sorted(reasons, key=lambda reason: (-reason.bits, reason.field))
    return [{"field": one.field, "degree": one.degree, "bits": round(one.bits, 1)} for one in ordered]


def read(kept: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """The reasons of a proposal."""
    return tuple(Reason(str(one["field"]), str(one["degree"]), float(one["bits"])) for one in kept if "field" in one)


def degrees(reasons: Iterable[Reason]) -> dict[str, str]:
    """How each field agrees."""
    return {one.field: one.degree for one in reasons}


def probability(weight: float) -> float:
    """What a weight in bits (log2 of the odds) amounts to."""
    odds: float = 2.0 ** max(-60.0, min(60.0, weight))
    return odds / (1.0 + odds)
