"""A page of the console: who looks, what they may open, and what came of what they sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop as N_  # noqa: N812  the name gettext is called by everywhere

from samband.commerce.inventory import queries as inventory
from samband.kernel.ids import new_id
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import NotFound, Refusal

from . import proving, refusal_texts, state_words
from .doors import Person, colleague
from .words import Words


@dataclass(frozen=True)
class Way:
    """A way in the menu: the part it leads to, its name, where it goes and its sign."""

    part: str
    name: str
    view: str
    sign: str


MENU = (
    Way("orders", N_("Orders"), "console:orders", "orders"),
    Way("pickups", N_("Pickups and parcels"), "console:pickups", "pickups"),
    Way("customers", N_("Customers"), "console:customers", "customers"),
    Way("privacy", N_("Privacy"), "console:privacy-requests", "privacy"),
    Way("catalog", N_("Catalog"), "console:products", "catalog"),
    Way("prices", N_("Prices"), "console:price-lists", "prices"),
    Way("stock", N_("Stock"), "console:stock", "stock"),
    Way("tills", N_("Tills"), "console:tills", "tills"),
    Way("delivery", N_("Delivery of events"), "console:delivery", "delivery"),
    Way("sources", N_("Sources"), "console:sources", "sources"),
    Way("staff", N_("Staff"), "console:staff", "staff"),
    Way("keys", N_("API keys"), "console:keys", "keys"),
    Way("record", N_("Record"), "console:record", "record"),
)


@dataclass(frozen=True)
class Done:
    """A deed was done: what to tell, and the address to go on at (the same page if none is given)."""

    text: str
    to: str = ""


Deed = Callable[[HttpRequest], Done]
Show = Callable[..., HttpResponse]


class Filled:
    """What the fields of a form hold: what was just sent, if that was refused, else what is true."""

    def __init__(self, sent: QueryDict | None) -> None:
        self.sent = sent

    def __call__(self, deed: str, name: str, value: object = "") -> object:
        if self.sent is not None and self.sent.get("deed") == deed:
            return self.sent.get(name, "")
        return "" if value is None else value

    def ticked(self, deed: str, name: str, value: bool) -> bool:
        """The same for a box, which sends nothing when it is not ticked."""
        if self.sent is not None and self.sent.get("deed") == deed:
            return name in self.sent
        return value


def words_for(member: Person | None) -> Words:
    """How to speak to this person: in their language, on the clocks of the store where they stand."""
    site = inventory.locations().get(member.location) if member and member.location else None
    language = member.language if member else (translation.get_language() or "en")
    return Words(language if language in LANGUAGES else "en", site.time_zone if site else "UTC")


def page(
    request: HttpRequest,
    template: str,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
    **content: Any,
) -> HttpResponse:
    """Render a page; with a refusal, its words stand above and the forms hold what was sent."""
    member = colleague(request)
    if refusal is not None:
        request.refused_as = refusal.code  # type: ignore[attr-defined]  # for the record
    words = content.pop("words", None) or words_for(member)
    match = request.resolver_match
    context: Mapping[str, Any] = {
        "me": member,
        "unenrolled": bool(member and proving.must_enrol(request)),
        "may": (lambda part, change=False: bool(member and member.may(part, change=change))),
        "menu": _menu(request, member),
        "here": getattr(match.func, "part", "") if match else "",
        "words": words,
        "say": state_words,
        "languages": LANGUAGES,
        "new_key": lambda: str(new_id()),
        "filled": Filled(request.POST if refusal is not None and request.method == "POST" else None),
        "refused": refusal_texts.sentence(refusal, words) if refusal else "",
        "notice": request.session.pop("notice", "") if "notice" in request.session else "",
        **content,
    }
    return render(request, f"console/{template}", dict(context), status=refusal.status if refusal else status)


def _menu(request: HttpRequest, member: Person | None) -> list[Way]:
    """What they may open; nothing as long as they have a second factor to set up."""
    if member is None or proving.must_enrol(request):
        return []
    return [way for way in MENU if member.may(way.part)]


def answer(request: HttpRequest, show: Show, deeds: Mapping[str, Deed]) -> HttpResponse:
    """Show the page or, if a form of it was sent, do what it asks: done once, told in words, and looked at anew.

    A refused deed has changed nothing; the page comes back with the reason and with what was typed.
    """
    if request.method != "POST":
        return show()
    deed = deeds.get(request.POST.get("deed", ""))
    if deed is None:
        return show(refusal=NotFound())
    try:
        done = deed(request)
    except Refusal as refusal:
        return show(refusal=refusal)
    return go_on(request, done)


def go_on(request: HttpRequest, done: Done) -> HttpResponse:
    """Tell what was done on the next page."""
    if done.text:
        request.session["notice"] = done.text
    response = HttpResponseRedirect(done.to or request.get_full_path())
    response.status_code = 303
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says no, and why."""
    back = reverse("console:home")
    return page(request, "refused.html", refusal=refusal, back=back)
