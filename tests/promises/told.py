"""What came of an attack on a promise."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Told:
    """So many attempts were made (races raced, or processes killed), so many of them got what they wanted.

    `violations` are sentences; there are none as long as the promise holds. `seen` counts the answers by kind.
    """

    attempts: int
    won: int
    violations: tuple[str, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)
