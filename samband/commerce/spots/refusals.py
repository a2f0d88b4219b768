"""What spots say when they will not."""

from samband.kernel.refusal import Conflict, Forbidden, Invalid, NotFound, TooMany


class CodeForged(NotFound):
    """This code is not one of ours, or something in it was altered."""

    code = "spot_code_forged"


class CodeOld(Conflict):
    """The code was replaced by a newer one, or taken away."""

    code = "spot_code_old"
    status = 410


class CodeStale(Conflict):
    """The code was on a screen some minutes ago; another one is there now."""

    code = "spot_code_stale"
    status = 410


class CodeAhead(Conflict):
    """The code is of a moment that is still to come: somebody's clock is wrong."""

    code = "spot_code_ahead"


class OnlyOnScreen(Conflict):
    """This spot shows its codes on a screen; one on paper is not taken."""

    code = "spot_only_on_screen"


class NotForThat(Conflict):
    """The code is for something else: a door does not serve, and a table is no shelf."""

    code = "spot_not_for_that"


class UnknownSpot(NotFound):
    """There is no such spot."""

    code = "unknown_spot"


class InvalidSpot(Invalid):
    """A spot cannot be described like that; `field` says what is wrong."""

    code = "invalid_spot"


class NotHere(Forbidden):
    """Whoever asks is not in the store, as far as we can tell."""

    code = "not_in_the_store"


class WrongWord(Forbidden):
    """That is not the store's word of today; `tries_left` says how often it may still be tried this hour."""

    code = "wrong_word"


class TooManyWords(TooMany):
    """Wrong words were given too often from there."""

    code = "too_many_words"


class StoreClosed(Conflict):
    """The store is not open now."""

    code = "store_closed"


class UnknownVisit(NotFound):
    """There is no such visit."""

    code = "unknown_visit"


class VisitOver(Conflict):
    """The visit is over: scan a code in the store to begin another."""

    code = "visit_over"


class OtherStore(Conflict):
    """The code is of another store; `location` says of which."""

    code = "spot_other_store"


class UnknownPass(NotFound):
    """There is no such exit pass."""

    code = "unknown_pass"


class PassUsed(Conflict):
    """A door has checked this pass already; `at` says when."""

    code = "pass_used"


class PassLapsed(Conflict):
    """The store closed before a door checked this pass; `at` says when. The goods count as handed over."""

    code = "pass_lapsed"


class NothingToLookAt(Conflict):
    """Only a pass that a door has checked is looked at, and only once."""

    code = "pass_not_to_look_at"
