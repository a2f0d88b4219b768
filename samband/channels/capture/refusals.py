"""What capture says when it will not. Clients read `code` and `message`, and go by the status."""

from samband.kernel.refusal import Forbidden, Invalid, NotFound, TooMany, Unavailable


class UnknownKey(Forbidden):
    """There is no open source with this write key."""

    code = "unknown_write_key"
    status = 401


class NoSuchCall(NotFound):
    """There is no such call; docs/capture.md lists them."""

    code = "unknown_call"


class NotThatWay(Invalid):
    """Calls are posted; settings are fetched."""

    code = "method_not_allowed"
    status = 405


class BodyTooLarge(Invalid):
    """The body is larger than is taken; `most` says how many bytes are."""

    code = "body_too_large"
    status = 413


class UnknownEncoding(Invalid):
    """A body is sent as it is, or packed with gzip."""

    code = "unknown_encoding"
    status = 415


class BrokenGzip(Invalid):
    """What was packed cannot be unpacked: it ends too early, or is no gzip."""

    code = "broken_gzip"
    status = 400


class NothingTaken(Invalid):
    """None of the items can be taken; `rejected` says why."""

    code = "nothing_taken"
    status = 400


class Overloaded(TooMany):
    """Too much is waiting to be written down; nothing of this was taken. Send it again in a while."""

    code = "overloaded"


class NotNow(Unavailable):
    """The database does not answer; nothing of this was acknowledged. Send it again in a while."""

    code = "unavailable"


class CannotBeKept(Invalid):
    """Something in it cannot be written down."""

    code = "cannot_be_kept"
    status = 400
