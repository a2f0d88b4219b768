"""Why identity would not do as asked."""

from samband.kernel.refusal import Conflict, Invalid, NotFound


class NoSuchIdentifier(NotFound):
    """Nobody is known by this."""

    code = "no_such_identifier"


class NoSuchAssertion(NotFound):
    """There is no such assertion."""

    code = "no_such_assertion"


class NoSuchReview(NotFound):
    """There is no such pair to decide."""

    code = "no_such_review"


class NoSuchRule(Invalid):
    """Nothing may be asserted by this rule here."""

    code = "no_such_rule"


class OneAndTheSame(Invalid):
    """These are one identifier, not two."""

    code = "one_and_the_same"


class AlreadyTakenBack(Conflict):
    """This assertion is taken back already."""

    code = "already_taken_back"


class NotTakenBack(Conflict):
    """This assertion is not taken back."""

    code = "not_taken_back"


class AlreadyDecided(Conflict):
    """Somebody has decided this already."""

    code = "already_decided"


class NeverShared(Invalid):
    """An account is one person's and is never shared."""

    code = "never_shared"


class AnotherSecret(Conflict):
    """Everybody here was made unrecognisable with another secret: with this one nobody would be found again."""

    code = "another_identity_secret"
