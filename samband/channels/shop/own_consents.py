"""What we may send a customer and do with their data: chosen by themselves, with everything they ever said about it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from samband.customers.accounts.queries import CustomerView
from samband.customers.consent import purposes, wordings
from samband.customers.consent import queries as consents
from samband.customers.consent.deciding import REFUSED_ELSEWHERE, Address, verdict
from samband.customers.consent.queries import StandingView
from samband.customers.consent.wordings import Shown
from samband.flows.may_we import keys_of
from samband.flows.reach_customer import reach_of
from samband.flows.say_consent import answer
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier

from .choices_cookie import ASKED
from .consenting import versions
from .pages import go, page, render
from .storefronts import CHANNEL
from .visits import Visit

MOST_ENTRIES = 100
_ABOUT = {"source": "account", "channel": CHANNEL}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to agree to or not: its field, its name and text, and how it stands."""

    field: str
    name: str
    shown: Shown
    granted: bool
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody can be written to or called, with what there is to agree to."""

    written: str
    asked: tuple[Asked, ...]


@page("GET", "HEAD", "POST")
def consents_page(visit: Visit) -> HttpResponse:
    """GET shows what may be sent and done, POST changes it."""
    if visit.customer is None:
        return go(visit.front.at("sign-in/?next=account/"))
    if visit.request.method == "POST":
        _answer(visit, visit.customer)
        return go(visit.front.at("account/consents/?kept"))
    keys = {*keys_of(visit.customer.id), *(one.key for one in _addresses(visit.customer))}
    standing = consents.standings(keys)
    return render(
        visit,
        "own_consents.html",
        places=[_place(one, standing, keys, visit.front.language) for one in _addresses(visit.customer)],
        uses=_uses(visit.customer, standing, visit.front.language),
        # Only what is proved to be theirs is told: what was merely typed somewhere may be somebody else's.
        history=consents.history(reach_of(visit.customer.id, proved=True).keys, MOST_ENTRIES),
        kinds=_kinds(),
        sources=_sources(),
        name_of=wordings.name,
        told=_("It is kept.") if "kept" in visit.request.GET else "",
    )


def _addresses(customer: CustomerView) -> tuple[Identifier, ...]:
    """Their own: others that may be theirs too are not shown to whoever is signed in."""
    found = []
    for kind, value in (("email", customer.email), ("phone", customer.phone)):
        try:
            found.append(identifier(kind, value or ""))
        except NotAnIdentifier:
            continue
    return tuple(found)


def _place(known: Identifier, standing: tuple[StandingView, ...], keys: set[UUID], language: str) -> Place:
    asked = []
    for slug in purposes.of_address(known.kind):
        answers: dict[UUID, bool | None] = {one.address: one.granted for one in standing if one.purpose == slug}
        asked.append(
            Asked(
                f"{known.kind}_{slug}", wordings.name(slug), wordings.shown(slug, language),
                bool(answers.get(known.key)), verdict(answers, known.key).because == REFUSED_ELSEWHERE,
            )
        )  # fmt: skip
    return Place(known.value, tuple(asked))


def _uses(customer: CustomerView, standing: tuple[StandingView, ...], language: str) -> tuple[Asked, ...]:
    """What data may be used for, by category. It holds for the account; a browser's own answer is asked there."""
    own = {one.purpose: one.granted for one in standing if one.address == customer.id}
    refused = {one.purpose for one in standing if one.address != customer.id and not one.granted}
    return tuple(
        Asked(
            category, wordings.name(category), wordings.shown(category, language),
            any(own.get(slug) for slug in purposes.OF_CATEGORY[category]),
            bool(refused & set(purposes.OF_CATEGORY[category])),
        )
        for category in ASKED
    )  # fmt: skip


def _answer(visit: Visit, customer: CustomerView) -> None:
    sent, language = visit.request.POST, visit.front.language
    state = {
        (one.address, one.purpose): one.granted
        for one in consents.standings([customer.id, *(one.key for one in _addresses(customer))])
    }
    for known in _addresses(customer):
        wanted = {slug: sent.get(f"{known.kind}_{slug}") == "1" for slug in purposes.of_address(known.kind)}
        said = {slug: granted for slug, granted in wanted.items() if state.get((known.key, slug), False) != granted}
        if said:
            answer(known, said, language, versions=versions(sent), **_ABOUT, account=customer.id)
    if said := _said_of_uses(visit, customer, state):
        own = Address(customer.id, "account")
        answer(own, said, language, versions=versions(sent), **_ABOUT, account=customer.id)


def _said_of_uses(visit: Visit, customer: CustomerView, state: dict[tuple[UUID, str], bool]) -> dict[str, bool]:
    """The purposes of those categories that were answered differently from how they stood on the page."""
    agreed = frozenset(category for category in ASKED if visit.request.POST.get(category) == "1")
    use = purposes.answers(agreed, gpc=visit.gpc)
    said: dict[str, bool] = {}
    for category in ASKED:
        slugs = purposes.OF_CATEGORY[category]
        stood = any(state.get((customer.id, slug)) for slug in slugs)
        if stood != (category in agreed):
            said |= {slug: use[slug] for slug in slugs}
    return said


def _kinds() -> dict[str, str]:
    return {
        "email": _("E-mail"),
        "phone": _("Telephone"),
        "account": _("Your account"),
        "cookie": _("A browser"),
        "device": _("A device"),
    }


def _sources() -> dict[str, str]:
    """Where somebody said it, in words."""
    return {
        "dialogue": _("asked on a page of the shop"),
        "choices": _("on the page of choices"),
        "gpc": _("your browser refused it for you"),
        "newsletter": _("signed up, and confirmed by mail"),
        "checkout": _("while ordering"),
        "account": _("in your account"),
        "link": _("by a link in a letter"),
        "one_click": _("stopped in your mail program"),
        "staff": _("told to our staff"),
    }
