"""The words in which people are asked: those that come with the program, and the retailer's own in their place."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext, gettext_noop, override

from samband.kernel.languages import LANGUAGES

from .purposes import MARKETING, PREFERENCES, STATISTICS

CHOICES = "choices"
"""The question of the shop's dialogue as a whole."""

SHIPPED_VERSION = "samband 1"
"""Of the texts below. It is raised when one of them comes to mean something else."""

SHIPPED: dict[str, str] = {
    CHOICES: gettext_noop(
        "May we remember how you use the shop? What it needs to work is always on. Everything else is for you to"
        " decide, and you can change it at any time at the foot of every page."
    ),
    PREFERENCES: gettext_noop("Remember what I looked at and what I chose, and show me what fits."),
    STATISTICS: gettext_noop(
        "Keep together what I do in the shop, on the phone and in the stores, to see how it is used and make it better."
    ),
    MARKETING: gettext_noop(
        "Choose offers for me by what I do in the shop and in the stores, and use it for advertising, here and"
        " elsewhere."
    ),
    "newsletter_email": gettext_noop(
        "Send me news and offers by e-mail. I can stop it at any time with the link in every letter."
    ),
    "offers_sms": gettext_noop("Send me offers as text messages. I can stop it at any time."),
    "offers_push": gettext_noop("Show me offers as notifications on this device. I can stop it at any time."),
    "offers_post": gettext_noop("Send me catalogues and offers by post. I can stop it at any time."),
    "calls": gettext_noop("Call me about offers. I can stop it at any time."),
    "surveys": gettext_noop("Ask me now and then how satisfied I am. I can stop it at any time."),
}

NAMES: dict[str, str] = {
    CHOICES: gettext_noop("The question to visitors"),
    PREFERENCES: gettext_noop("Preferences"),
    STATISTICS: gettext_noop("Statistics"),
    MARKETING: gettext_noop("Marketing"),
    "necessary": gettext_noop("Necessary"),
    "newsletter_email": gettext_noop("Newsletter by e-mail"),
    "offers_sms": gettext_noop("Offers by text message"),
    "offers_push": gettext_noop("Offers as notifications"),
    "offers_post": gettext_noop("Catalogues and offers by post"),
    "calls": gettext_noop("Calls about offers"),
    "surveys": gettext_noop("Surveys"),
    "personalisation": gettext_noop("Showing what fits"),
    "analytics": gettext_noop("Seeing how the shop is used"),
    "profiling": gettext_noop("Choosing offers for you"),
    "advertising": gettext_noop("Advertising elsewhere"),
    "sharing": gettext_noop("Passing data on to advertisers"),
}
"""What purposes and categories are called, in English; `name` says it in the language being spoken."""

REMEMBERED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it is shown, with what tells it from others."""

    about: str
    text: str
    version: str
    language: str


class _Own:
    """The retailer's own texts, looked up every other second at most."""

    def __init__(self) -> None:
        self.until = 0.0
        self.texts: dict[tuple[str, str], tuple[str, str]] = {}

    def find(self, about: str, language: str) -> tuple[str, str] | None:
        if time.monotonic() >= self.until:
            self.texts = _latest()
            self.until = time.monotonic() + REMEMBERED_SECONDS
        return self.texts.get((about, language))

    def forget(self) -> None:
        self.until = 0.0


_own = _Own()


def shown(about: str, language: str) -> Shown:
    """The text that asks about a purpose, a category or all of them, in a language."""
    if own := _own.find(about, language):
        return Shown(about, own[1], own[0], language)
    with override(language):
        return Shown(about, gettext(SHIPPED[about]), SHIPPED_VERSION, language)


def version(about: str, language: str) -> str:
    """Which text `shown` would show: two pages that ask with the same version say the same."""
    own = _own.find(about, language)
    return own[0] if own else SHIPPED_VERSION


def as_shown(about: str, language: str, version: str) -> Shown:
    """The text in the version that somebody had before them; one nobody knows is the one shown now."""
    now_shown = shown(about, language)
    if version in ("", now_shown.version):
        return now_shown
    if version == SHIPPED_VERSION:
        with override(language):
            return Shown(about, gettext(SHIPPED[about]), SHIPPED_VERSION, language)
    with connection.cursor() as cursor:
        cursor.execute(_OWN, [about, language, version[:40]])
        found = cursor.fetchone()
    return Shown(about, found[0], version, language) if found else now_shown


_OWN = "select text from consent_wording where own and about = %s and language = %s and version = %s and text <> ''"


def in_every_language(about: str) -> dict[str, Shown]:
    """The text as it is shown now, by language."""
    return {language: shown(about, language) for language in LANGUAGES}


def name(about: str) -> str:
    """What a purpose or a category is called, in the language being spoken."""
    return gettext(NAMES[about]) if about in NAMES else about


def forget() -> None:
    """Look the retailer's texts up anew."""
    _own.forget()


_LATEST = """
select distinct on (about, language) about, language, version, text from consent_wording where own
order by about, language, id desc
"""


def _latest() -> dict[tuple[str, str], tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        return {(about, language): (version, text) for about, language, version, text in cursor if text}


def shipped(about: str) -> Mapping[str, str]:
    """The text that comes with the program, by language."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = gettext(SHIPPED[about])
    return said
