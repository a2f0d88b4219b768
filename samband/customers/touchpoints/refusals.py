"""What touchpoints say when they will not."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class NotASource(Invalid):
    """A source cannot be described like that; `field` says what is wrong."""

    code = "invalid_source"


class SourceTaken(Conflict):
    """There is a source of that name already."""

    code = "source_taken"


class UnknownSource(NotFound):
    """There is no such source, or it was closed."""

    code = "unknown_source"


class NotAnItem(Invalid):
    """That is no call of the tracking API."""

    code = "not_an_item"
    status = 400


class NoEvent(Invalid):
    """A track call says what happened: its `event` has a name of 1 to 200 characters."""

    code = "event_missing"
    status = 400


class UnknownCall(Invalid):
    """There is no call of this `type`."""

    code = "unknown_type"
    status = 400


class ItemTooLarge(Invalid):
    """One event is larger than is taken."""

    code = "event_too_large"
    status = 413


class NotReadable(Invalid):
    """That is not JSON of a form we know."""

    code = "malformed"
    status = 400


class TooDeep(Invalid):
    """That JSON has too many levels."""

    code = "too_deep"
    status = 400
