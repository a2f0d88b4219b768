"""What consents are called: where they came from, what they are about, and why something may be done or not."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

SOURCES = {
    "dialogue": N_("asked on a page of the shop"),
    "choices": N_("on the page of choices"),
    "gpc": N_("the browser refused it for its user"),
    "newsletter": N_("signed up, and confirmed by mail"),
    "checkout": N_("while ordering"),
    "account": N_("in their account"),
    "link": N_("by a link in a letter"),
    "one_click": N_("stopped in the mail program"),
    "staff": N_("told to our staff"),
    "import": N_("taken over from another system"),
}

KINDS = {
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "account": N_("Account"),
    "cookie": N_("A browser"),
    "device": N_("A device"),
}

BECAUSE = {
    "granted": N_("may be done"),
    "refused": N_("refused"),
    "refused_elsewhere": N_("It was refused at another address of theirs, so nothing comes to this one either."),
    "never_said": N_("never asked"),
}


def source(code: str) -> str:
    return _(SOURCES[code]) if code in SOURCES else code


def kind(code: str) -> str:
    return _(KINDS[code]) if code in KINDS else code


def because(code: str) -> str:
    return _(BECAUSE[code]) if code in BECAUSE else code
