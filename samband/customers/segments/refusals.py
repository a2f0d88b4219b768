"""What segments says when it will not."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class UnknownSegment(NotFound):
    """There is no such segment."""

    code = "unknown_segment"


class SegmentTaken(Conflict):
    """Another segment has this name already."""

    code = "segment_taken"


class SegmentAbsurd(Invalid):
    """This segment cannot be understood or makes no sense; `place` says where, `must` what is wanted there.

    `why` is a code for that, see `defining.WANTED`; or shape.
    """

    code = "segment_absurd"


class SegmentInUse(Conflict):
    """Other segments ask about this one; `segments` names them."""

    code = "segment_in_use"


class NotYaml(Invalid):
    """That is no YAML; `line` says where it stops being so."""

    code = "not_yaml"
