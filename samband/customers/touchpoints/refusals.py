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
    """That is nothing that happened; `code` of the details says why."""

    code = "not_an_item"
