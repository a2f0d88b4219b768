"""What the doctor says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """A point that was looked at. `advice` says what to do, where something is to be done."""

    level: Level
    point: str
    told: str
    advice: str = ""

    def __str__(self) -> str:
        mark = {Level.WELL: "ok   ", Level.LOOK: "look ", Level.WRONG: "WRONG"}[self.level]
        return f"{mark}  {self.point}: {self.told}" + (f"\n       → {self.advice}" if self.advice else "")


def well(point: str, told: str) -> Finding:
    return Finding(Level.WELL, point, told)


def look(point: str, told: str, advice: str) -> Finding:
    return Finding(Level.LOOK, point, told, advice)


def wrong(point: str, told: str, advice: str) -> Finding:
    return Finding(Level.WRONG, point, told, advice)
