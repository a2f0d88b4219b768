"""What a visitor lets us do: asked at the head of every page until it is answered, and changed on a page of its own."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from samband.customers.consent import wordings
from samband.customers.consent.deciding import Address
from samband.customers.consent.purposes import STATISTICS
from samband.customers.consent.wordings import CHOICES, Shown
from samband.flows import telling
from samband.flows.say_consent import choose
from samband.kernel.clock import now
from samband.kernel.identifier import identifier
from samband.kernel.refusal import Forbidden

from .choices_cookie import ASKED, made
from .pages import go, page, render
from .storefronts import CHANNEL
from .visits import Visit

LONGEST_BACK = 2_000


class NotFromOurPage(Forbidden):
    """A choice was sent from somebody else's page."""

    code = "not_from_our_page"


# The question stands on pages that are kept as they were written for everybody, so it carries no token of anybody's.
# What a browser says of where a form stood is checked instead.
@csrf_exempt
@page("GET", "HEAD", "POST")
def choices(visit: Visit) -> HttpResponse:
    """GET shows what there is to choose, POST chooses. Raises NotFromOurPage, Invalid."""
    if visit.request.method == "POST":
        return _choose(visit)
    language = visit.front.language
    return render(
        visit,
        "choices.html",
        texts={category: wordings.shown(category, language) for category in ASKED},
        names={category: wordings.name(category) for category in ("necessary", *ASKED)},
        agreed=visit.choices.agreed if visit.choices else frozenset(),
        kept="kept" in visit.request.GET,
        dnt=visit.request.headers.get("DNT") == "1",
        canonical=visit.front.at("privacy/choices/"),
    )


def _choose(visit: Visit) -> HttpResponse:
    if not from_our_page(visit.request):
        raise NotFromOurPage()
    sent = visit.request.POST
    by_dialogue = sent.get("from") == "dialogue"
    agreed = _agreed(sent)
    before = visit.choices
    chosen = made(agreed, now(), before)
    if visitor := chosen.visitor or (before.visitor if before else ""):
        choose(
            Address.of(identifier("cookie", visitor)),
            agreed,
            _shown(sent, visit.front.language, by_dialogue),
            gpc=visit.gpc,
            source="dialogue" if by_dialogue else "choices",
            channel=CHANNEL,
            account=visit.customer_id,
        )
    visit.carry_choices(chosen)
    if visit.customer_id and STATISTICS in chosen.agreed:
        telling.seen_together(visit.customer_id, chosen.visitor, CHANNEL, "signed_in")
    if visit.by_htmx:
        return HttpResponse(status=204)
    return go(visit.front.at(_back(sent.get("back", "")) if by_dialogue else "privacy/choices/?kept"))


def _back(said: str) -> str:
    """The page of this storefront that the question stood on."""
    return said if len(said) <= LONGEST_BACK and said.isprintable() and "\\" not in said else ""


def _agreed(sent: Mapping[str, str]) -> frozenset[str]:
    match sent.get("do"):
        case "agree":
            return frozenset(ASKED)
        case "refuse":
            return frozenset()
        case _:
            return frozenset(category for category in ASKED if sent.get(category) == "1")


def _shown(sent: Mapping[str, str], language: str, by_dialogue: bool) -> dict[str, Shown]:
    """The texts that stood on the page the answer came from, in the versions that it had."""
    asked, told = (CHOICES,) if by_dialogue else ASKED, versions(sent)
    return {about: wordings.as_shown(about, language, told.get(about, "")) for about in asked}


def versions(sent: Mapping[str, str]) -> dict[str, str]:
    """Which version of each text a form had, by what the text asks about."""
    return {about: sent[f"shown_{about}"][:40] for about in wordings.SHIPPED if f"shown_{about}" in sent}


def from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says that a form was sent from a page of ours. One that says nothing is not believed."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    came_from = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", "")).netloc
    return bool(came_from) and came_from in (request.get_host(), urlsplit(settings.SITE_URL).netloc)
