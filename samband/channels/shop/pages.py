"""How a page comes about: the storefront is found, its language is spoken, and a refusal becomes a sentence."""

import time
from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.utils import translation
from jinja2 import Environment
from markupsafe import Markup

from samband.commerce.catalog import queries as catalog
from samband.commerce.catalog.views import CategoryNode
from samband.commerce.pricing import queries as pricing
from samband.customers.consent import wordings
from samband.customers.consent.refusals import NotALink, NotAnAsking
from samband.flows.cart_handover import HandoverRefused
from samband.flows.pay_link import PayLinkRefused
from samband.flows.telling.own_pages import write_key
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import NotFound, Refusal

from . import tries
from .badges import PLACE, badge
from .drawings import icon, mark
from .fragments import fragments
from .keeping import TRUSTED_SECONDS
from .refusal_texts import sentence
from .storefronts import CHANNEL, Storefront, all_of_them, named
from .visiting import DOOR, seen, told_goods
from .visits import FRONT_COOKIE, LETTERS, Visit, keep
from .wording import Words

View = Callable[..., HttpResponse]

WRONG_LINKS = (PayLinkRefused, HandoverRefused, NotALink, NotAnAsking)
"""What is said to whoever comes by a link that none of ours made; whoever tries many is held up."""

PERSONAL = ("account/", "order/", "checkout/", "pay/", "sign-in/", "letters/", "newsletter/", "cart/take/")
"""Pages with somebody's data on them: a browser keeps none of it, not even for its own way back."""

FONTS = {
    "en": ("latin",),
    "is": ("latin",),
    "pl": ("latin", "latin-ext"),
    "lv": ("latin", "latin-ext"),
    "el": ("latin", "greek"),
}
"""Which parts of the typefaces a page in this language needs at once."""


class _Menu:
    """The departments at the head of every page, looked up once a second."""

    def __init__(self) -> None:
        self.until = 0.0
        self.known: tuple[CategoryNode, ...] = ()

    def departments(self) -> tuple[CategoryNode, ...]:
        if time.monotonic() >= self.until:
            self.known = catalog.tree()
            self.until = time.monotonic() + TRUSTED_SECONDS
        return self.known

    def forget(self) -> None:
        self.until = 0.0


menu = _Menu()


class NoSuchPage(NotFound):
    """There is no such page."""

    code = "page_not_found"


@cache
def _environment() -> Environment:
    return engines["jinja2"].env  # type: ignore[no-any-return,attr-defined]


def page(*methods: str) -> Callable[[View], View]:
    """A view of `visit` that answers these methods; its refusals are told in the shop's own words."""
    allowed = methods or ("GET", "HEAD")

    def made(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, front: str, **given: Any) -> HttpResponse:
            language = front[:2]
            with translation.override(language):
                storefront = named(front)
                if storefront is None:
                    return lost(request, language)
                visit = Visit(request, storefront, request.path[len(front) + 2 :])
                if request.method not in allowed:
                    return not_allowed(visit, allowed)
                try:
                    with tries.links.of_wrong(request, *WRONG_LINKS):
                        response = view(visit, **given)
                except Refusal as refusal:
                    response = refused(visit, refusal)
                return visit.leave(response)

        return shown

    return made


def render(visit: Visit, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A whole page, or a part of one."""
    response = whole(written(visit, template, **context), status)
    if visit.rest.startswith(PERSONAL):
        response.headers["Cache-Control"] = "private, no-store"
    return response


def whole(text: str, status: int = 200) -> HttpResponse:
    """An answer that is one visitor's own: nobody may keep it."""
    body = text.encode()
    headers = {"Content-Length": str(len(body)), "Cache-Control": "private, no-cache"}
    return HttpResponse(body, status=status, headers=headers)


def written(visit: Visit, template: str, **context: Any) -> str:
    """A template with what every page speaks of."""
    return _environment().get_template(f"shop/{template}").render(frame(visit) | context)


def for_everybody(visit: Visit, template: str, **context: Any) -> str:
    """The same, with a place where each visitor's badge belongs."""
    return written(visit, template, badge=lambda: Markup(PLACE), **context)


def frame(visit: Visit) -> dict[str, Any]:
    """What every template may speak of."""
    return {
        **_of_everybody(visit.front),
        "visit": visit,
        "part": Parts(visit),
        "csrf": lambda: csrf(visit),
        "badge": lambda: badge(visit.cart_count()),
    }


def _of_everybody(front: Storefront) -> dict[str, Any]:
    """What templates may speak of that is no visitor's own."""
    return {
        "front": front,
        "w": Words(front.language),
        "at": front.at,
        "fonts": FONTS[front.language],
        "languages": LANGUAGES,
        "badge_now": lambda pieces: badge(pieces, renewed=True),
        "departments": menu.departments,
        "fronts": all_of_them,
        "site": lambda path: settings.SITE_URL + path,
        "question": lambda: wordings.shown(wordings.CHOICES, front.language),
        "letters": lambda: wordings.shown(LETTERS, front.language),
        "icon": icon,
        "mark": mark,
        "seen": seen,
        "told_goods": told_goods,
        "visits_key": write_key,
        "visits_door": DOOR,
    }


class Parts:
    """What stands around a page, written once for all pages of a storefront."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.front = visit.front

    def assets(self) -> Markup:
        return self._write("head_assets.html", (self.front.language,), ())

    def alternates(self, canonical: str) -> Markup:
        """The same page in other languages and markets; `canonical` without its storefront."""
        return self._write("head_alternates.html", (self.front.market,), (pricing.markets(),), canonical=canonical)

    def scripts(self) -> Markup:
        return self._write("head_scripts.html", (), ())

    def ask(self) -> Markup:
        """The question to whoever has not answered it yet."""
        version = wordings.version(wordings.CHOICES, self.front.language)
        return self._write("ask_choices.html", (self.front, version), (), rest=self.visit.rest_query)

    def header(self, searched: str, section: str, badge: Markup) -> Markup:
        return self._write(
            "header.html", (self.front, section), (menu.departments(), pricing.markets()),
            rest=self.visit.rest_query, searched=searched, badge=badge, more={"section": section},
        )  # fmt: skip

    def footer(self, without_letters: bool) -> Markup:
        version = wordings.version(LETTERS, self.front.language)
        return self._write(
            "footer.html", (self.front, without_letters, version), (menu.departments(), pricing.markets()),
            more={"without_letters": without_letters},
        )  # fmt: skip

    def _write(
        self,
        template: str,
        key: tuple[object, ...],
        truth: tuple[object, ...],
        more: Mapping[str, Any] | None = None,
        **words: str,
    ) -> Markup:
        return fragments.write(
            _environment(), template, key, truth, lambda: {**_of_everybody(self.front), **(more or {})}, words
        )


def csrf(visit: Visit) -> Markup:
    """The hidden field that shows a form to be ours."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(visit.csrf_token())


def go(address: str) -> HttpResponse:
    """Look there next, whatever was sent here."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def refused(visit: Visit, refusal: Refusal) -> HttpResponse:
    """The clear answer to what cannot be."""
    told = sentence(refusal, Words(visit.front.language))
    if visit.by_htmx:
        response = HttpResponse(Markup('<p class="told bad" role="alert">{}</p>').format(told), status=refusal.status)
    else:
        response = render(
            visit, "refused.html", status=refusal.status, told=told, status_code=refusal.status, code=refusal.code
        )
    if "retry_after" in refusal.details:
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response


def not_allowed(visit: Visit, allowed: tuple[str, ...]) -> HttpResponse:
    response = render(
        visit, "refused.html", status=405, told=translation.gettext("This page cannot be asked like that."),
        status_code=405, code="method",
    )  # fmt: skip
    response.headers["Allow"] = ", ".join(allowed)
    return response


def lost(request: HttpRequest, language: str, refusal: Refusal | None = None) -> HttpResponse:
    """Told where no storefront is known: the storefront is not ours, or the address is of none."""
    refusal = refusal or NoSuchPage()
    front = _some_front(language)
    if front is None:
        return bare(language, refusal.status, str(refusal.status), sentence(refusal))
    return refused(Visit(request, front, ""), refusal)


def bare(language: str, status: int, title: str, told: str, template: str = "bare.html") -> HttpResponse:
    """A page that asks nobody anything."""
    text = (
        _environment()
        .get_template(f"shop/{template}")
        .render(language=language, title=title, told=told, mark=mark, fonts=FONTS[language])
    )
    return HttpResponse(text, status=status)


def _some_front(language: str) -> Storefront | None:
    fronts = [front for front in all_of_them() if front.language == language]
    home = {front.view.default_language: front for front in fronts}
    return home.get(language) or next(iter(fronts), None)


def remember_front(response: HttpResponse, front: Storefront) -> HttpResponse:
    """Come back to this language and market next time."""
    keep(response, FRONT_COOKIE, front.code)
    return response


__all__ = ["CHANNEL", "NoSuchPage", "go", "page", "remember_front", "render", "written"]
