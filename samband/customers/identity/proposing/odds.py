"""What is believed of some records: how often one person's agree in a field, and how often strangers' do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Odds:
    """How often one person's two records agree to a degree (`m`), and how often two strangers' do (`u`)."""

    m: float
    u: float


Believed = Mapping[str, Mapping[str, Odds]]
"""Odds by field and degree, the best degree first and `other` last."""


@dataclass(frozen=True, slots=True)
class Model:
    """Plain figures, and nobody's data: `probability` is that of two records of different customers at random being one
    person's, `people` how many customers there are.
    """

    probability: float
    people: int
    odds: Believed
