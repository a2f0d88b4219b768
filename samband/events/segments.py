"""What segments tells. Who enters and who leaves is told one by one; whom a new definition concerns, as a number."""

from dataclasses import dataclass
from uuid import UUID

from samband.kernel.event import Event


@dataclass(frozen=True, kw_only=True)
class SegmentEntered(Event, about="customer_id"):
    """A customer meets the conditions of a segment from now on."""

    customer_id: UUID
    segment: str


@dataclass(frozen=True, kw_only=True)
class SegmentLeft(Event, about="customer_id"):
    """A customer meets the conditions of a segment no longer."""

    customer_id: UUID
    segment: str


@dataclass(frozen=True, kw_only=True)
class SegmentFilled(Event, about="segment"):
    """A segment that is new, or says something new, was reckoned for everybody.

    `count` are in it now; `entered` and `left` say how many of them it brought in and sent away, none of whom is told
    of one by one.
    """

    segment: str
    version: int
    count: int
    entered: int
    left: int


@dataclass(frozen=True, kw_only=True)
class SegmentChanged(Event, about="segment"):
    """A segment is new or says something new."""

    segment: str
    version: int


@dataclass(frozen=True, kw_only=True)
class SegmentRemoved(Event, about="segment"):
    """There is no such segment any more; nobody is in it."""

    segment: str
