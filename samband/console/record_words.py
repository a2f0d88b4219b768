"""The record in words: who, what came of it, and whom it was about."""

from collections.abc import Mapping

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from samband.staff.record import COMMAND_LINE, NOBODY

OUTCOMES = {
    "did": pgettext_lazy("record", "Did"),
    "saw": pgettext_lazy("record", "Saw"),
    "refused": pgettext_lazy("record", "Was refused"),
}
TONES = {"did": "good", "saw": "calm", "refused": "bad"}
SHORT = 8


def outcome(code: str) -> str:
    return str(OUTCOMES.get(code, code))


def tone(code: str) -> str:
    return TONES.get(code, "off")


def actor(said: str, names: Mapping[str, str]) -> str:
    """Who it was: a colleague by name, a program by its key."""
    if said in names:
        return names[said]
    if said == COMMAND_LINE:
        return _("Command line")
    if said == NOBODY:
        return _("Nobody signed in")
    kind, _colon, what = said.partition(":")
    return _("Program %(key)s") % {"key": what} if kind == "key" else said


def subject(said: str, names: Mapping[str, str]) -> str:
    """What it was about, short: a colleague by name, anything else by its kind and the end of its id."""
    if said in names:
        return names[said]
    kind, _colon, what = said.partition(":")
    return f"{kind} …{what[-SHORT:]}" if len(what) > 3 * SHORT else f"{kind} {what}"


def leads_to(said: str) -> str:
    """The page about it, if there is one."""
    kind, _colon, what = said.partition(":")
    try:
        return reverse(f"console:{_PAGES[kind]}", args=[what]) if kind in _PAGES else ""
    except NoReverseMatch:  # what was asked for was no id at all
        return ""


_PAGES = {"customer": "customer", "order": "order-by-id", "order-number": "order", "fulfillment": "fulfillment"}
