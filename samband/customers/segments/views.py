"""What segments answers with."""

from dataclasses import dataclass
from datetime import date, datetime

from .definitions import Definition


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment. `live` once it was reckoned for what it says now; `used_by` are the segments that ask about it."""

    slug: str
    definition: Definition
    version: int
    live: bool
    size: int
    saved_at: datetime
    filled_at: datetime | None
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a segment said from a moment on; None from when it was removed."""

    version: int
    definition: Definition | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayView:
    """How many were in a segment at the end of a day (UTC)."""

    day: date
    size: int
