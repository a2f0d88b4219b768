"""Consents: how many agree to what, in which words they are asked, what was said last; and saying it for a customer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import CustomerView
from samband.customers.consent import purposes, queries, wordings, writing
from samband.customers.consent.deciding import verdict
from samband.customers.consent.queries import StandingView
from samband.customers.consent.writing import LONGEST
from samband.customers.identity import queries as identity
from samband.flows.may_we import keys_of
from samband.flows.say_consent import answer as say
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import NotFound, Refusal

from .. import consent_words, reading
from ..doors import CUSTOMER, me, opens
from ..pages import Done, answer, page

CHANNEL = "console"
A_PAGE = 50
MOST_ENTRIES = 200


@opens("customers")
def overview(request: HttpRequest) -> HttpResponse:
    """Every purpose with its counts and words, and what was said last."""

    def show(refusal: Refusal | None = None) -> HttpResponse:
        entries = queries.newest(A_PAGE + 1, reading.cursor(request))
        return page(
            request,
            "consents.html",
            refusal=refusal,
            counts=queries.counts(),
            purposes=purposes.PURPOSES.values(),
            asked={about: wordings.in_every_language(about) for about in wordings.SHIPPED},
            shipped=wordings.SHIPPED_VERSION,
            entries=entries[:A_PAGE],
            before=entries[A_PAGE - 1].id if len(entries) > A_PAGE else None,
            at=consent_words,
            name_of=wordings.name,
        )

    def write(request: HttpRequest) -> Done:
        about = reading.chosen(request.POST, "about", tuple(wordings.SHIPPED))
        texts = reading.texts(request.POST, "text", LONGEST)
        written = writing.write_wording(about, texts, by=str(me(request).id))
        return Done(
            _("From now on it is asked in these words. They are version %(version)s.") % {"version": written.version}
        )

    return answer(request, show, {"write": write})


@opens("customers", sees=CUSTOMER)
def of_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What holds for one customer, everything they said, and saying it for them with the words before both."""
    component = identity.customer_of(customer_id)
    known = _account(customer_id, component)
    if known is None and component is None:
        raise NotFound("There is no such customer.")
    addresses = _addresses(known, component)
    language = reading_language(request, known)

    def show(refusal: Refusal | None = None) -> HttpResponse:
        keys = {*keys_of(customer_id), *(one.key for one in addresses)}
        standing = queries.standings(keys)
        return page(
            request,
            "customer_consents.html",
            refusal=refusal,
            customer_id=customer_id,
            one=known,
            places=[(one, _asked(one, standing, language)) for one in addresses],
            language=language,
            history=queries.history(keys, MOST_ENTRIES),
            at=consent_words,
            name_of=wordings.name,
        )

    def write_down(request: HttpRequest) -> Done:
        given = request.POST
        to = next((one for one in addresses if str(one.key) == given.get("address")), None)
        if to is None:
            raise NotFound("That address is none of this customer's.")
        purpose = reading.needed(given, "purpose", 40)
        granted = reading.chosen(given, "granted", ("yes", "no")) == "yes"
        say(
            to, {purpose: granted}, language, source="staff", channel=CHANNEL, account=known.id if known else None,
            by=str(me(request).id), key=f"console:{reading.uuid(given, 'key')}",
            versions={purposes.asked_about(purpose): reading.text(given, "version", 40)},
        )  # fmt: skip
        return Done(_("It is written down, with the words that were read out."))

    return answer(request, show, {"say": write_down})


def reading_language(request: HttpRequest, known: CustomerView | None) -> str:
    """The language in which the customer is asked: the one that was chosen, else their own."""
    wanted = request.GET.get("in", "")
    return wanted if wanted in LANGUAGES else known.language if known else me(request).language


def _account(customer_id: UUID, component: UUID | None) -> CustomerView | None:
    """The customer's account, the leading one of several."""
    ids = [customer_id, *(identity.accounts_of(component) if component else ())]
    found = accounts.customers(ids)
    return next((found[one] for one in ids if one in found), None)


def _addresses(known: CustomerView | None, component: UUID | None) -> tuple[Identifier, ...]:
    """Where the customer can be reached: what identity knows of them, and what their account says."""
    found: dict[UUID, Identifier] = {}
    if component is not None:
        for one in identity.members(component):
            if one.kind in ("email", "phone") and one.value:
                found[one.key] = Identifier(one.kind, one.value, one.namespace)
    for kind, value in (("email", known.email), ("phone", known.phone)) if known else ():
        try:
            own = identifier(kind, value or "")
        except NotAnIdentifier:
            continue
        found[own.key] = own
    if known is not None:
        found[known.id] = Identifier("account", str(known.id))
    return tuple(found.values())


def _asked(
    one: Identifier, standing: tuple[StandingView, ...], language: str
) -> list[tuple[str, wordings.Shown, bool | None, str]]:
    """Each purpose that this address can answer to: the text to read out, its own answer, and what follows from all."""
    slugs = [slug for slug, purpose in purposes.PURPOSES.items() if _askable(one, purpose)]
    told = []
    for slug in slugs:
        answers: dict[UUID, bool | None] = {each.address: each.granted for each in standing if each.purpose == slug}
        shown = wordings.shown(purposes.asked_about(slug), language)
        told.append((slug, shown, answers.get(one.key), verdict(answers, one.key).because))
    return told


def _askable(one: Identifier, purpose: purposes.Purpose) -> bool:
    """Contact is agreed to for each address; the use of data, over a counter, for the account."""
    return one.kind in purpose.kinds and (purpose.contact or one.kind == "account") and purpose.slug != "offers_push"
