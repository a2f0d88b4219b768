"""What is shown when no page of ours was reached, or one broke."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _

from samband.kernel.languages import DEFAULT, LANGUAGES
from samband.kernel.refusal import Refusal

from .pages import NoSuchPage, bare, lost, refused
from .storefronts import named
from .visits import Visit


class BadRequest(Refusal):
    """What was sent cannot be understood."""

    code = "bad_request"
    status = 400


class FormNotOurs(Refusal):
    """The form is too old, or did not come from us."""

    code = "form_not_ours"
    status = 403


class NotAllowed(Refusal):
    """This is not to be seen."""

    code = "not_allowed"
    status = 403


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, NoSuchPage())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, BadRequest())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _told(request, NotAllowed())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _told(request, FormNotOurs())


def broken(request: HttpRequest) -> HttpResponse:
    """A page that needs nothing of what may be broken."""
    with translation.override(_language(request)):
        return bare(
            _language(request),
            500,
            _("Something went wrong"),
            _("That is our fault, not yours. Nothing was paid twice, and nothing is half done. Please try again."),
        )


def away(request: HttpRequest) -> HttpResponse:
    """The same while the database does not answer."""
    with translation.override(_language(request)):
        return bare(
            _language(request),
            503,
            _("We will be back in a moment"),
            _("Something that we need does not answer just now. Nothing is lost and nothing was paid twice. Please try"
              " again in a minute."),
        )  # fmt: skip


def _told(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    language = _language(request)
    with translation.override(language):
        front = named(_first_part(request))
        return refused(Visit(request, front, ""), refusal) if front else lost(request, language, refusal)


def _first_part(request: HttpRequest) -> str:
    return request.path.lstrip("/").partition("/")[0]


def _language(request: HttpRequest) -> str:
    said = _first_part(request)[:2]
    if said in LANGUAGES and _first_part(request)[2:3] == "-":
        return said
    spoken = get_language_from_request(request)[:2]
    return spoken if spoken in LANGUAGES else DEFAULT
