"""A refusal is not a bug: it is the clear, typed answer to bad input or an impossible wish."""

from typing import Any, ClassVar


class Refusal(Exception):
    """What the house says when it will not do as asked. Nothing has changed when it is raised.

    `code` is stable and machine-readable; `details` holds plain values that JSON can carry and that
    never tell more about a person than the asker already knew.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message or self.code)
        self.message = message or (type(self).__doc__ or self.code).strip().splitlines()[0]
        self.details = details

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        KNOWN[cls.code] = cls


KNOWN: dict[str, type[Refusal]] = {}


class Invalid(Refusal):
    """The wish cannot be understood as it was sent."""

    code = "invalid"
    status = 422


class NotFound(Refusal):
    """There is no such thing, or it is not the asker's."""

    code = "not_found"
    status = 404


class Forbidden(Refusal):
    """The asker may not do this."""

    code = "forbidden"
    status = 403


class Conflict(Refusal):
    """The wish is understood, but the state of things does not allow it."""

    code = "conflict"
    status = 409


class KeyReused(Refusal):
    """This idempotency key was used before with other content."""

    code = "idempotency_key_reused"
    status = 422


class TooMany(Refusal):
    """Asked too often; wait a while."""

    code = "too_many_attempts"
    status = 429


class Unavailable(Refusal):
    """An outside service does not answer now; asking again later is safe."""

    code = "unavailable"
    status = 503
