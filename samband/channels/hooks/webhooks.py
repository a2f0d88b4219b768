"""Taking in a notice of another shop: signed, understood, and kept once, in one transaction."""

from typing import Any, Protocol

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from samband.commerce.catalog import queries as catalog
from samband.customers.consent import commands as consent
from samband.customers.consent.commands import Saying
from samband.customers.consent.deciding import Address
from samband.customers.identity import queries as identity
from samband.customers.rights import commands as rights
from samband.customers.touchpoints.reading import noted
from samband.customers.touchpoints.shapes import Origin
from samband.flows.take_in_touchpoints import take_in
from samband.kernel.clock import now
from samband.kernel.refusal import Refusal

from . import signed, tries
from .payments import NotAPost, problem
from .signed import Unreadable
from .told import Answer, Setting, Told, Wish


class Words(Protocol):
    """How a system's notices are understood."""

    def told(self, topic: str, body: dict[str, Any], setting: Setting) -> Told | None: ...

    def skus(self, body: dict[str, Any]) -> set[str]: ...


def hear(request: HttpRequest, slug: str, words: Words, topic_header: str, signature_header: str) -> HttpResponse:
    """Take a notice in: 200 once it is on disk, also for a repeat and for what we do not listen to.

    401 for one that is forged, 400 for one that is no JSON, 413 for one that is too large, 404 for a source there is
    not, 503 while its secret is not known: all these the sender counts as failures, and sends again or gives up.
    """
    try:
        if request.method != "POST":
            raise NotAPost()
        origin = signed.origin_of(slug)
        body = signed.body_of(request)
        with tries.forged.of_wrong(request, signed.Forged):
            signed.check(body, request.headers.get(signature_header, ""), slug)
        _take(origin, words, request.headers.get(topic_header, ""), body)
    except Refusal as refusal:
        return problem(refusal)
    return JsonResponse({"received": True})


def _take(origin: Origin, words: Words, topic: str, body: bytes) -> None:
    try:
        said = signed.read(body)
    except Unreadable:
        take_in(origin, [], rejected={Unreadable.code: 1})  # seen on the page of sources
        raise
    at = now()
    found = words.told(topic, said, Setting(origin.namespace, at, catalog.categories_of(sorted(words.skus(said)))))
    if found is None:
        take_in(origin, [], rejected={"unknown_topic": 1})
    else:
        _keep(origin, found)
        for wish in found.wishes:
            _pass_on(wish)


@transaction.atomic
def _keep(origin: Origin, found: Told) -> None:
    take_in(origin, [noted(one, origin) for one in found.notes])
    consent.say_many([_saying(origin, one) for one in found.answers])


def _pass_on(wish: Wish) -> None:
    """Somebody of ours decides about it, within the month that the law gives; of whom nobody knows nothing is kept."""
    for customer in sorted(set(identity.customers_of(one.key for one in wish.whose).values())):
        rights.ask(wish.kind, customer, by="program", ground="in_writing", agreed=False)


def _saying(origin: Origin, answer: Answer) -> Saying:
    address = Address.of(answer.address)
    return Saying(
        address=address,
        purpose=answer.purpose,
        granted=answer.granted,
        source=origin.slug,
        channel="shop",
        at=answer.at,
        key=f"{origin.slug}:{answer.purpose}:{address.key}:{answer.at.isoformat()}:{answer.granted}",
        proof=answer.proof,
    )
