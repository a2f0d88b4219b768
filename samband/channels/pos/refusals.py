"""What this door itself refuses, before or around what the rooms refuse."""

from samband.kernel.refusal import Forbidden, Invalid, Refusal, Unavailable


class TillHeaderMissing(Forbidden):
    """What changes anything carries `X-Samband-Till: 1`, which no other site can make a browser send."""

    code = "till_header_missing"


class CashierMissing(Forbidden):
    """Nobody has signed in at this till."""

    code = "cashier_missing"
    status = 401


class NotPermittedHere(Forbidden):
    """The role of whoever is signed in does not open this."""

    code = "not_permitted"


class WrongMethod(Refusal):
    """This cannot be done here; `allowed` says what can."""

    code = "method_not_allowed"
    status = 405


class BodyTooLarge(Invalid):
    """The body is larger than is taken here; `most_bytes` is the limit."""

    code = "body_too_large"
    status = 413


class NotJson(Invalid):
    """The body is not JSON, or is not said to be."""

    code = "malformed_json"
    status = 400


class WrongType(Invalid):
    """The body is said to be of another type than JSON."""

    code = "unsupported_media_type"
    status = 415


class WrongShape(Invalid):
    """The body does not have the shape that is asked for; `errors` says where."""

    code = "invalid_body"


class KeyMissing(Invalid):
    """What is to be done once needs an `Idempotency-Key` of 1 to 100 visible signs."""

    code = "idempotency_key_missing"
    status = 400


class DatabaseAway(Unavailable):
    """The database does not answer now; asking again with the same key is safe."""

    code = "database_unavailable"


class Broken(Refusal):
    """Something is broken on our side; asking again with the same key is safe."""

    code = "internal_error"
    status = 500
