"""Which language a phone is spoken to in: the one that was chosen, else the first of its own that we know."""

from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from samband.kernel.languages import DEFAULT, LANGUAGES

COOKIE = "samband_language"
ASKED = "language"

FONTS = {
    "en": ("latin",),
    "is": ("latin",),
    "pl": ("latin", "latin-ext"),
    "lv": ("latin", "latin-ext"),
    "el": ("latin", "greek"),
}
"""Which parts of the typefaces a page in this language needs at once."""


def chosen(request: HttpRequest) -> str:
    """The language that was chosen with this very request, or nothing."""
    asked = request.GET.get(ASKED, "")
    return asked if asked in LANGUAGES else ""


def spoken(request: HttpRequest) -> str:
    """The language to answer in."""
    kept = request.COOKIES.get(COOKIE, "")
    for language in (chosen(request), kept, get_language_from_request(request)[:2]):
        if language in LANGUAGES:
            return language
    return DEFAULT
