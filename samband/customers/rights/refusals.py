"""Why rights would not do as asked."""

from samband.kernel.refusal import Conflict, Forbidden, Invalid, NotFound


class NoSuchRequest(NotFound):
    """There is no such request."""

    code = "no_such_request"


class NothingKept(NotFound):
    """Nothing is kept about such a person."""

    code = "nothing_kept"


class StillOpen(Conflict):
    """Something is not over yet: `orders` numbers the orders under way. It can be done as soon as they are."""

    code = "still_open"


class RequestEnded(Conflict):
    """That request has ended."""

    code = "request_ended"


class NotAgreed(Conflict):
    """Somebody who may must agree to it first."""

    code = "not_agreed"


class FileGone(NotFound):
    """The file is not there any more, or the link to it is too old: ask for it again."""

    code = "file_gone"


class NotYours(Forbidden):
    """Only whoever asked for it may have it."""

    code = "not_yours"


class NoSuchRule(Invalid):
    """There is no such rule of keeping, or it cannot be so few days; `least` says how many are needed."""

    code = "no_such_rule"
