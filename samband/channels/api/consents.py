"""Consents over HTTP: what there is to ask, what somebody said, and whether something may be done.

For tills and whoever else asks a person face to face: show the text, then write down the answer with its version.
"""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from samband.customers.accounts import queries as accounts
from samband.customers.consent import purposes, queries, wordings
from samband.customers.consent.refusals import NoSuchPurpose, NotForThatAddress
from samband.customers.identity import queries as identity
from samband.flows.may_we import keys_of, may_we
from samband.flows.say_consent import answer
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier
from samband.kernel.languages import LANGUAGES
from samband.kernel.refusal import Invalid, KeyReused, NotFound

from .operations import Door
from .shapes import consents as shapes
from .shapes.words import shown

CHANNEL = "api"
MOST_ENTRIES = 500

door = Door("Consents", "What people said about being written to and about the use of their data, word for word.")


@door.get("/consents/purposes", scope="customers:read", answers=shapes.PurposeList, refuses=(Invalid,))
def list_purposes(
    request: HttpRequest, language: Annotated[str, Query(max_length=8, description="en, is, pl, lv or el.")] = "en"
) -> shapes.PurposeList:
    """List what there is to agree to, with the texts to ask with."""
    if language not in LANGUAGES:
        raise Invalid("There is no such language.", field="language")
    return shapes.PurposeList(items=tuple(_purpose(one, language) for one in purposes.PURPOSES.values()))


def _purpose(one: purposes.Purpose, language: str) -> shapes.Purpose:
    text = wordings.shown(purposes.asked_about(one.slug), language)
    return shapes.Purpose(
        purpose=one.slug,
        contact=one.contact,
        category=one.category,
        kinds=tuple(sorted(one.kinds)),
        text=text.text,
        version=text.version,
        language=language,  # type: ignore[arg-type]
    )


@door.get(
    "/customers/{uuid:customer}/consents", scope="customers:read", answers=shapes.ConsentList, refuses=(NotFound,)
)
def list_consents(request: HttpRequest, customer: UUID) -> shapes.ConsentList:
    """Read what holds for a customer, for every purpose.

    The customer is an account or any id a customer ever had; the stricter answer over everything they are known by now
    decides.
    """
    states = queries.states(_keys(customer))
    return shapes.ConsentList(
        items=tuple(
            shapes.Consent(
                purpose=state.purpose,
                answer=state.answer,
                addresses=tuple(shown(one, shapes.Standing) for one in state.standings),
            )
            for state in states.values()
        )
    )


@door.get(
    "/customers/{uuid:customer}/consents/entries", scope="customers:read", answers=shapes.EntryList, refuses=(NotFound,)
)
def list_consent_entries(request: HttpRequest, customer: UUID) -> shapes.EntryList:
    """Read everything a customer ever said, what was said last first, with the texts that were shown."""
    entries = queries.history(_keys(customer), MOST_ENTRIES)
    return shapes.EntryList(items=tuple(shown(one, shapes.Entry) for one in entries))


@door.post(
    "/customers/{uuid:customer}/consents",
    scope="customers:write",
    asks=shapes.ConsentWish,
    answers=shapes.Entry,
    status=201,
    once=True,
    refuses=(NotFound, NoSuchPurpose, NotForThatAddress, NotAnIdentifier, KeyReused),
)
def write_consent(request: HttpRequest, customer: UUID, ask: shapes.ConsentWish, key: str) -> shapes.Entry:
    """Write down what a customer said, with the text they were shown."""
    _keys(customer)
    to = _address(customer, ask.address)
    account = customer if customer in accounts.customers([customer]) else None
    (said,) = answer(
        to,
        {ask.purpose: ask.granted},
        ask.language,
        source="staff",
        channel=CHANNEL,
        account=account,
        proof=ask.proof,
        key=key,
        versions={purposes.asked_about(ask.purpose): ask.version},
    )
    entry = next(one for one in queries.history([to.key], MOST_ENTRIES) if one.id == said.entry_id)
    return shown(entry, shapes.Entry)


@door.get(
    "/customers/{uuid:customer}/may/{purpose}",
    scope="customers:read",
    answers=shapes.Verdict,
    refuses=(NotFound, NoSuchPurpose, NotAnIdentifier),
)
def may_we_use(
    request: HttpRequest,
    customer: UUID,
    purpose: str,
    email: Annotated[str, Query(max_length=254, description="To write there.")] = "",
    phone: Annotated[str, Query(max_length=40, description="To write or call there.")] = "",
) -> shapes.Verdict:
    """Ask whether something may be done now.

    Without an address: whether the customer's data may be used so. With one: whether they may be written to or called
    there, which takes the agreement of that very address and no refusal by any other.
    """
    _keys(customer)
    kind, value = ("email", email) if email else ("phone", phone)
    address = identifier(kind, value).key if value else None
    verdict = may_we(customer, purpose, address)
    return shapes.Verdict(allowed=verdict.allowed, because=verdict.because)  # type: ignore[arg-type]


def _keys(customer: UUID) -> tuple[UUID, ...]:
    """Everything the customer is known by. Raises NotFound for somebody we know nothing of."""
    if identity.customer_of(customer) is None and not accounts.customers([customer]):
        raise NotFound("There is no such customer.")
    return keys_of(customer)


def _address(customer: UUID, given: shapes.AddressOfConsent) -> Identifier:
    return identifier(given.kind, str(customer) if given.kind == "account" else given.value)
