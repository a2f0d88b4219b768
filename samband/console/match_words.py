"""Why two customers may be one person, in words."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere
from django.utils.translation import pgettext

from samband.customers.identity.proposing import explaining
from samband.customers.identity.proposing.explaining import AGAINST, CLEARLY, FOR, NEITHER, STRONGLY, Reason
from samband.customers.identity.queries import ReviewView
from samband.flows.propose_matches import BY_RULE
from samband.flows.review_matches import CLOSE, DIFFERENT, OPEN, SAME
from samband.flows.what_people_told import Told
from samband.kernel import wording

from .words import Words

THINGS = {
    "name": N_("Name"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "born": N_("Date of birth"),
    "address": N_("Address"),
    "card": N_("Loyalty number"),
}
KINDS = {"proposal": N_("May be one person"), "conflict": N_("Held back")}
VERDICTS = {SAME: N_("Agrees"), CLOSE: N_("Nearly agrees"), DIFFERENT: N_("Differs"), OPEN: N_("Only one told it")}
VERDICT_TONES = {SAME: "good", CLOSE: "calm", DIFFERENT: "waits", OPEN: "off"}
AGREEING = {
    "email": N_("the e-mail"),
    "phone": N_("the telephone number"),
    "card": N_("the loyalty number"),
    "born": N_("the date of birth"),
    "address": N_("street and house number"),
}
LEAST = ("0.99", "0.999", "0.9999")

_SAID = {
    ("given", "same"): N_("The given name is the same."),
    ("given", "crossed"): N_("The given name of one is the surname of the other."),
    ("given", "short"): N_("One given name is a short form of the other."),
    ("given", "slip"): N_("The given names differ by a slip."),
    ("given", "similar"): N_("The given names are similar."),
    ("given", "other"): N_("The given names are different."),
    ("surname", "both"): N_("The whole name is the same."),
    ("surname", "same"): N_("The surname is the same."),
    ("surname", "crossed"): N_("The surname of one is the given name of the other."),
    ("surname", "slip"): N_("The surnames differ by a slip."),
    ("surname", "similar"): N_("The surnames are similar."),
    ("surname", "other"): N_("The surnames are different."),
    ("email", "same"): N_("The e-mail is the same."),
    ("email", "mailbox"): N_("The e-mail is the same but for the provider."),
    ("email", "slip"): N_("The e-mails differ by a slip."),
    ("email", "similar"): N_("The e-mails are similar."),
    ("email", "other"): N_("The e-mails are different."),
    ("phone", "same"): N_("The telephone number is the same."),
    ("phone", "slip"): N_("The telephone numbers differ by a slip or in the country’s code."),
    ("phone", "other"): N_("The telephone numbers are different."),
    ("born", "same"): N_("The date of birth is the same."),
    ("born", "slip"): N_("The dates of birth differ by one digit, or day and month changed places."),
    ("born", "parts"): N_("Of day, month and year of birth two are the same."),
    ("born", "year"): N_("The years of birth are at most one apart."),
    ("born", "other"): N_("The dates of birth are different."),
    ("address", "same"): N_("Street and house number are the same."),
    ("address", "slip"): N_("The house number is the same, the streets differ by a slip."),
    ("address", "street"): N_("The street is the same, the house number is not."),
    ("address", "crossed"): N_("The lines of the addresses changed places."),
    ("address", "similar"): N_("The streets are similar."),
    ("address", "postcode"): N_("The postcode is the same, the street is not."),
    ("address", "city"): N_("The town is the same, the street is not."),
    ("address", "city_similar"): N_("The towns are similar."),
    ("address", "postcode_slip"): N_("The postcodes differ by a slip."),
    ("address", "other"): N_("The addresses are different."),
    ("line2", "same"): N_("The second line of the address is the same."),
    ("line2", "slip"): N_("The second lines of the addresses differ by a slip."),
    ("line2", "other"): N_("The second lines of the addresses are different."),
    ("card", "same"): N_("The loyalty number is the same."),
    ("card", "slip"): N_("The loyalty numbers differ by a slip."),
    ("card", "other"): N_("The loyalty numbers are different."),
}
_BECAUSE = {
    "two_persons": N_("Something was said that would join two people who each have an account. It joins nobody."),
    "said_different": N_("Something was said that would join two of whom somebody said that they are different."),
}


def reasons(review: ReviewView) -> tuple[Reason, ...]:
    """The reasons of a proposal, what speaks most for it first."""
    return explaining.read(review.reasons)


def likely(weight: float) -> float:
    """How likely it is that they are one person."""
    return explaining.probability(weight)


def decider(review: ReviewView) -> str:
    """Who decided: a rule, by its name, or one of the staff."""
    if review.decided_by.startswith(BY_RULE):
        return _("by the rule “%(rule)s”") % {"rule": review.decided_by.removeprefix(BY_RULE)}
    return _("by staff")


def day(at: datetime, words: Words) -> str:
    """A day with its year."""
    return wording.day(at, words.language, words.zone, weekday=False)


def said(reason: Reason) -> str:
    """How they agree in one field."""
    text = _SAID.get((reason.field, reason.degree))
    return _(text) if text else f"{reason.field}: {reason.degree}"


def strength(reason: Reason) -> str:
    """How strongly that speaks for one person, or against it."""
    if reason.side == NEITHER:
        return pgettext("a reason", "Says little")
    if reason.side == FOR:
        if reason.strength == STRONGLY:
            return pgettext("a reason", "Speaks strongly for one person")
        if reason.strength == CLEARLY:
            return pgettext("a reason", "Speaks for one person")
        return pgettext("a reason", "Speaks a little for one person")
    if reason.strength == STRONGLY:
        return pgettext("a reason", "Speaks strongly against it")
    if reason.strength == CLEARLY:
        return pgettext("a reason", "Speaks against it")
    return pgettext("a reason", "Speaks a little against it")


def tone(reason: Reason) -> str:
    """The look of a reason."""
    return {FOR: "good", AGAINST: "waits"}.get(reason.side, "off")


def probability(likely: float, words: Words) -> str:
    """How likely it is that they are one person; nothing is ever quite certain."""
    return words.percent(min(int(likely * 10_000), 9_999))


def because(review: ReviewView) -> str:
    """Why something that was said joins nobody."""
    codes = [str(reason.get("because", "")) for reason in review.reasons]
    return " ".join(_(_BECAUSE[code]) for code in dict.fromkeys(codes) if code in _BECAUSE)


def called(told: Iterable[Told]) -> str:
    """What to call somebody by what they told."""
    told = tuple(told)
    names = [one.name or " ".join(part for part in (one.given, one.surname) if part) for one in told]
    ways = [way for one in told for way in (one.email, one.phone)]
    return next((text for text in (*names, *ways) if text), "") or _("Somebody without a name")


def shown(what: str, text: str, words: Words) -> str:
    """What somebody told, as people write it."""
    if what != "born":
        return text
    try:
        return wording.day(datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC), words.language, "UTC", weekday=False)
    except ValueError:
        return text


def rule(names: Iterable[str], likely: float, uncontradicted: bool, words: Words) -> str:
    """What a rule asks for."""
    both = pgettext("between two of which one must be so", " or ").join(_(AGREEING[name]) for name in names)
    text = _("at least %(probability)s likely, and %(fields)s exactly the same") % {
        "probability": probability(likely, words),
        "fields": both,
    }
    return _("%(rule)s, and nothing altogether different") % {"rule": text} if uncontradicted else text
