"""What segments can be told to do."""

from samband.events.segments import SegmentChanged, SegmentRemoved
from samband.timeline import command

from .definitions import Definition


@command
def save(definition: Definition, *, by: str = "", new: bool = False) -> SegmentChanged:
    """Begin a segment or change what it says; who is in it is reckoned soon after.

    Raises SegmentAbsurd, SegmentTaken.
    """
    raise NotImplementedError


@command
def remove(slug: str, *, by: str = "") -> SegmentRemoved:
    """Have a segment no longer. Raises UnknownSegment, SegmentInUse."""
    raise NotImplementedError
