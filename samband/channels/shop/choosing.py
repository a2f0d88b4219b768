"""The bare address: to the storefront where somebody was last, or whose language their browser speaks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_safe

from samband.kernel.languages import DEFAULT, LANGUAGES

from .storefronts import Storefront, all_of_them, named
from .visits import FRONT_COOKIE


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    front = named(request.COOKIES.get(FRONT_COOKIE, "")) or _spoken(request)
    response = HttpResponseRedirect(front.at() if front else "/en-is/")
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _spoken(request: HttpRequest) -> Storefront | None:
    language = get_language_from_request(request)[:2]
    language = language if language in LANGUAGES else DEFAULT
    fronts = [front for front in all_of_them() if front.language == language]
    country = request.headers.get("Accept-Language", "")[3:5].upper()
    named_country = next((front for front in fronts if front.market == country), None)
    home = next((front for front in fronts if front.view.default_language == language), None)
    return named_country or home or next(iter(fronts), None)
