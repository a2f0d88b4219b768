"""What consent refuses."""

from samband.kernel.refusal import Invalid, NotFound


class NoSuchPurpose(Invalid):
    """There is no such purpose."""

    code = "no_such_purpose"


class NotForThatAddress(Invalid):
    """Nobody can be reached for that purpose under such an address."""

    code = "not_for_that_address"


class NotAnAsking(NotFound):
    """That link is not one of ours, or what it asked for was not confirmed in time."""

    code = "not_an_asking"


class NotALink(NotFound):
    """That link is not one of ours."""

    code = "not_a_consent_link"
