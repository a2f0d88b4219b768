"""Why accounts would not do as asked."""

from samband.kernel.refusal import Conflict, Invalid, TooMany


class NotAnEmail(Invalid):
    """That is not an e-mail address."""

    code = "not_an_email"


class NotAPhone(Invalid):
    """That is not a telephone number."""

    code = "not_a_phone"


class AddressIncomplete(Invalid):
    """Something is missing or wrong in the address; `fields` says what, `unwritable` which of them hold too much."""

    code = "address_incomplete"


class TooManyCodes(TooMany):
    """Too many codes were asked for; wait an hour."""

    code = "too_many_codes"


class WrongCode(Invalid):
    """That code is wrong, used or too old."""

    code = "wrong_code"


class EmailTaken(Conflict):
    """Another customer has this e-mail address."""

    code = "email_taken"
