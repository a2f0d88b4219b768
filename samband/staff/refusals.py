"""Why staff would not do as asked."""

from samband.kernel.refusal import Conflict, Forbidden, Invalid, TooMany


class WrongPassword(Forbidden):
    """That e-mail and password do not belong together."""

    code = "wrong_password"


class TooManyPasswords(TooMany):
    """Too many wrong passwords; `retry_after` says for how many seconds to wait."""

    code = "too_many_passwords"


class UnknownKey(Forbidden):
    """That API key is unknown or was revoked."""

    code = "unknown_api_key"
    status = 401


class WeakPassword(Invalid):
    """That password is too easy to guess."""

    code = "weak_password"


class UnknownRole(Invalid):
    """There is no such role."""

    code = "unknown_role"


class UnknownScope(Invalid):
    """There is no such scope."""

    code = "unknown_scope"


class AlreadyThere(Conflict):
    """Somebody of the staff has this e-mail already."""

    code = "member_exists"


class LastAdmin(Conflict):
    """Nobody could let you in again: you cannot shut out yourself or the last admin."""

    code = "last_admin"


class WrongPin(Forbidden):
    """That PIN is not right; `tries_left` says how often it may still be tried here."""

    code = "wrong_pin"


class PinLocked(TooMany):
    """Too many wrong PINs were tried here; `locked_until` says how long to wait."""

    code = "pin_locked"


class WeakPin(Invalid):
    """A PIN has 4 to 8 digits, and not all the same or in a row."""

    code = "weak_pin"


class WrongCode(Forbidden):
    """That code is not right, or was used before."""

    code = "wrong_second_factor"


class TooManyCodes(TooMany):
    """Too many wrong codes; `retry_after` says for how many seconds to wait."""

    code = "too_many_factor_tries"


class PasskeyRefused(Forbidden):
    """That passkey was not accepted."""

    code = "passkey_refused"


class PasskeyKnown(Conflict):
    """This passkey is there already."""

    code = "passkey_known"


class TooManyPasskeys(Conflict):
    """So many passkeys nobody needs; remove one first."""

    code = "too_many_passkeys"


class AuthenticatorThere(Conflict):
    """There is an authenticator app already; remove it first."""

    code = "authenticator_exists"


class FactorNeeded(Conflict):
    """Your role needs a second factor: add another before you remove this one."""

    code = "second_factor_needed"


class OwnRole(Conflict):
    """Nobody changes their own role."""

    code = "own_role"
