"""The bare address: to the storefront where somebody was last, or whose language their browser speaks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samband.kernel.languages import DEFAULT, LANGUAGES

from .pages import bare
from .storefronts import Storefront, all_of_them, named
from .visits import FRONT_COOKIE


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    front = front_for(request)
    response = HttpResponseRedirect(front.at()) if front else _unopened(_language(request))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def front_for(request: HttpRequest) -> Storefront | None:
    """Where this visitor was last, or else the storefront that speaks their language; None before there is any."""
    return named(request.COOKIES.get(FRONT_COOKIE, "")) or _spoken(request)


def _spoken(request: HttpRequest) -> Storefront | None:
    language = _language(request)
    fronts = [front for front in all_of_them() if front.language == language]
    country = request.headers.get("Accept-Language", "")[3:5].upper()
    named_country = next((front for front in fronts if front.market == country), None)
    home = next((front for front in fronts if front.view.default_language == language), None)
    return named_country or home or next(iter(fronts), None)


def _language(request: HttpRequest) -> str:
    language = get_language_from_request(request)[:2]
    return language if language in LANGUAGES else DEFAULT


def _unopened(language: str) -> HttpResponse:
    """A house without markets has no storefront to lead to: whoever runs it is told how to open one."""
    with translation.override(language):
        response = bare(
            language,
            200,
            _("The shop has not been opened yet"),
            _("Everything runs, but nothing is for sale: there is no market to sell in yet."),
            "unopened.html",
        )
    response.headers["Cache-Control"] = "no-store"
    return response
