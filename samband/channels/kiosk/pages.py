"""How a page comes about: the phone's language is spoken, and a refusal becomes a sentence with a way on."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup

from samband.commerce.spots.refusals import CodeForged, VisitOver
from samband.commerce.spots.station_keys import KeyOfStaffRefused
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Refusal

from . import speaking, tries
from .refusal_texts import advice, coupon_said, sentence, title
from .visitors import Visitor
from .words import Words

View = Callable[..., HttpResponse]

CHANNEL = "kiosk"


@cache
def _environment() -> Environment:
    return engines["jinja2"].env  # type: ignore[no-any-return,attr-defined]


def page(*methods: str) -> Callable[[View], View]:
    """A view of a visitor that answers these methods; its refusals are told in words."""
    allowed = methods or ("GET", "HEAD")

    def made(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, **given: Any) -> HttpResponse:
            language = speaking.spoken(request)
            with translation.override(language):
                visitor = Visitor(request, language)
                if request.method not in allowed:
                    return not_allowed(visitor, allowed)
                try:
                    with tries.codes.of_wrong(request, CodeForged, KeyOfStaffRefused):
                        response = view(visitor, **given)
                except Refusal as refusal:
                    response = refused(visitor, refusal)
                return visitor.leave(response)

        return shown

    return made


def render(visitor: Visitor, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A whole page, or a part of one. It is one visitor's own: nobody may keep it."""
    body = written(visitor, template, **context).encode()
    return HttpResponse(body, status=status, headers={"Cache-Control": "private, no-store", "Vary": "Cookie"})


def written(visitor: Visitor, template: str, **context: Any) -> str:
    """A template with what every page speaks of."""
    return _environment().get_template(f"kiosk/{template}").render(frame(visitor) | context)


def frame(visitor: Visitor) -> dict[str, Any]:
    """What every template may speak of."""
    return {
        "visitor": visitor,
        "w": Words(visitor.language),
        "language": visitor.language,
        "languages": LANGUAGES,
        "fonts": speaking.FONTS[visitor.language],
        "csrf": lambda: csrf(visitor),
        "picture": picture,
        "again": visitor.request.path if visitor.request.method in ("GET", "HEAD") else "/kiosk/",
        "say": sentence,
        "coupon_said": coupon_said,
        "shop": shop_address,
    }


def csrf(visitor: Visitor) -> Markup:
    """The hidden field that shows a form to be ours."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(visitor.csrf_token())


def picture(path: str | None) -> str:
    """The address of a picture, or of the drawing that stands for one."""
    return f"{settings.MEDIA_URL}{path}" if path else f"{settings.STATIC_URL}shop/no-picture.svg"


def shop_address(language: str, market: str, path: str = "") -> str:
    """The address of a page of the web shop."""
    return f"/{language}-{market.lower()}/{path}"


def go(address: str) -> HttpResponse:
    """Look there next, whatever was sent here."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def elsewhere(visitor: Visitor, address: str) -> HttpResponse:
    """Look there, also for a browser that renews a part of its page."""
    if not visitor.by_htmx:
        return go(address)
    response = HttpResponse(status=204)
    response.headers["HX-Redirect"] = address
    return response


def refused(visitor: Visitor, refusal: Refusal) -> HttpResponse:
    """The clear answer to what cannot be, and what to do instead."""
    told = sentence(refusal)
    if visitor.by_htmx and isinstance(refusal, VisitOver):
        return elsewhere(visitor, "/kiosk/")
    if visitor.by_htmx:
        response = HttpResponse(Markup('<p class="told bad" role="alert">{}</p>').format(told), status=refusal.status)
    else:
        response = render(
            visitor,
            "refused.html",
            refusal.status,
            told=told,
            heading=title(refusal),
            advice=advice(refusal),
            refusal=refusal,
        )
    if "retry_after" in refusal.details:
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response


def not_allowed(visitor: Visitor, allowed: tuple[str, ...]) -> HttpResponse:
    response = HttpResponse(status=405)
    response.headers["Allow"] = ", ".join(allowed)
    return response
