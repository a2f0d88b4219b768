"""What this door itself refuses, before or around what the rooms refuse."""

from samband.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, Refusal, Unavailable


class KeyMissing(Forbidden):
    """Send your API key as `Authorization: Bearer sb_…`."""

    code = "api_key_missing"
    status = 401


class ScopeMissing(Forbidden):
    """The API key does not open this; `scope` is what it lacks."""

    code = "scope_missing"


class NoSuchPath(NotFound):
    """There is nothing at this address."""

    code = "no_such_path"


class MethodNotAllowed(Refusal):
    """This cannot be done here; `allowed` says what can."""

    code = "method_not_allowed"
    status = 405


class CartMoved(Refusal):
    """The cart is no longer the one named in If-Match; `version` is what it is now."""

    code = "precondition_failed"
    status = 412


class BadPrecondition(Invalid):
    """If-Match holds no ETag of a cart."""

    code = "precondition_invalid"


class BodyTooLarge(Invalid):
    """The body is larger than is taken here; `most_bytes` is the limit."""

    code = "body_too_large"
    status = 413


class WrongContentType(Invalid):
    """The body is not of a type that is taken here; `accepted` names them."""

    code = "unsupported_media_type"
    status = 415


class MalformedJson(Invalid):
    """The body is not JSON."""

    code = "malformed_json"
    status = 400


class WrongBody(Invalid):
    """The body does not have the shape that is asked for; `errors` says where."""

    code = "invalid_body"


class WrongParameter(Invalid):
    """A part of the address or the query cannot be what it is; `errors` says which."""

    code = "invalid_parameter"


class BadCursor(Invalid):
    """That cursor was not given for this question; begin without one."""

    code = "bad_cursor"


class IdempotencyKeyMissing(Invalid):
    """What moves money or goods needs an `Idempotency-Key`: one of your own making for each thing you want done."""

    code = "idempotency_key_missing"
    status = 400


class IdempotencyKeyInvalid(Invalid):
    """An `Idempotency-Key` has 1 to 100 visible ASCII characters."""

    code = "idempotency_key_invalid"


class PaymentRefused(Conflict):
    """The payment was declined; `reason` is the bank's word. The cart is as it was: try another card and key."""

    code = "payment_declined"
    status = 402


class CheckoutCancelled(Conflict):
    """The order came to nothing and no money is kept: it was paid too late, or called off meanwhile."""

    code = "checkout_cancelled"


class DatabaseAway(Unavailable):
    """The database does not answer now; asking again with the same Idempotency-Key is safe."""

    code = "database_unavailable"


class Broken(Refusal):
    """Something is broken on our side. Tell us the `request` id; asking again with the same Idempotency-Key is safe."""

    code = "internal_error"
    status = 500
