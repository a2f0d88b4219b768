"""What is known of customers over HTTP, what they are known by, and deciding who is who.

Any id that a customer ever had will do: an account's, a cookie's, one from before they were joined.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpRequest
from ninja import Query

from samband.customers.identity.refusals import (
    AlreadyTakenBack,
    NeverShared,
    NoSuchAssertion,
    NoSuchIdentifier,
    NotTakenBack,
    OneAndTheSame,
)
from samband.customers.profiles import queries as profiles
from samband.customers.profiles.queries import ProfileView
from samband.customers.segments import queries as segments
from samband.flows import decide_who
from samband.flows.customer_profile import Link, links_of
from samband.flows.customer_story import Moment, customer_story
from samband.flows.known_customer import known_customer
from samband.kernel.refusal import Invalid, NotFound

from .answers import Answer
from .cursors import Cursor, Limit, Pages
from .operations import Door
from .refusals import BadCursor
from .shapes import profiles as shapes
from .shapes.words import shown

BY = "api"

door = Door("Profiles", "What is known of customers over all channels, what says who they are, and taking it back.")


@door.get(
    "/customers/{uuid:customer}/profile", scope="customers:read", answers=shapes.CustomerProfile, refuses=(NotFound,)
)
def get_profile(request: HttpRequest, customer: UUID) -> shapes.CustomerProfile:
    """Read what is known of a customer.

    Traits are up to date within a second or so of what happened.
    """
    known = known_customer(customer)
    traits = profiles.profile(known.customer) or ProfileView.of_nothing(known.customer)
    told = {name: getattr(traits, name) for name in ProfileView.__slots__ if name != "customer"}
    return shapes.CustomerProfile(
        id=known.customer, accounts=known.account_ids, segments=segments.of_customer(known.customer), **told
    )


@door.get(
    "/customers/{uuid:customer}/identifiers",
    scope="customers:read",
    answers=shapes.CustomerIdentifiers,
    refuses=(NotFound,),
)
def list_identifiers(request: HttpRequest, customer: UUID) -> shapes.CustomerIdentifiers:
    """Read what a customer is known by, and what says so."""
    return _identifiers(customer)


@door.get(
    "/customers/{uuid:customer}/story",
    scope="customers:read",
    answers=shapes.CustomerStory,
    refuses=(NotFound, BadCursor, Invalid),
)
def get_story(
    request: HttpRequest,
    customer: UUID,
    kind: Annotated[str | None, Query(max_length=40, description="One kind, such as orders or visits.")] = None,
    channel: Annotated[str, Query(max_length=60, description="Only what is known to have happened there.")] = "",
    since: Annotated[datetime | None, Query(description="Not before then.")] = None,
    until: Annotated[datetime | None, Query(description="Before then.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Answer:
    """Read a customer's story over all channels, newest first: touchpoints and what the house did."""
    if any(one is not None and one.tzinfo is None for one in (since, until)):
        raise Invalid("A moment has a time zone.", fields=["since", "until"])
    pages = Pages(request, cursor)
    told = customer_story(
        customer, kind, pages.after(str) or "", limit, channel=channel.replace("\x00", ""), since=since, until=until
    )
    following = pages.next(told.before) if told.before else None
    return pages.answer(shapes.CustomerStory(items=tuple(map(_moment, told.moments)), next=following), following)


@door.post(
    "/customers/{uuid:customer}/assertions/{int:assertion}/retraction",
    scope="customers:write",
    once=True,
    asks=shapes.RetractionWish,
    answers=shapes.CustomerIdentifiers,
    refuses=(NotFound, NoSuchAssertion, AlreadyTakenBack),
)
def retract_assertion(
    request: HttpRequest, customer: UUID, assertion: int, ask: shapes.RetractionWish, key: str
) -> shapes.CustomerIdentifiers:
    """Take an assertion back: what only it had joined is parted, with all that followed from it.

    It stays taken back when it is said again. Answers what the customer is known by now.
    """
    decide_who.take_back(customer, assertion, BY, ask.reason, key=key)
    return _identifiers(customer)


@door.post(
    "/customers/{uuid:customer}/assertions/{int:assertion}/restoration",
    scope="customers:write",
    once=True,
    answers=shapes.CustomerIdentifiers,
    refuses=(NotFound, NoSuchAssertion, NotTakenBack),
)
def restore_assertion(request: HttpRequest, customer: UUID, assertion: int, key: str) -> shapes.CustomerIdentifiers:
    """Let an assertion hold again that was taken back."""
    decide_who.restore(customer, assertion, BY, key=key)
    return _identifiers(customer)


@door.post(
    "/customers/{uuid:customer}/decisions",
    scope="customers:write",
    once=True,
    asks=shapes.DecisionWish,
    answers=shapes.CustomerIdentifiers,
    refuses=(NotFound, NoSuchIdentifier, OneAndTheSame),
)
def decide_who_is_who(
    request: HttpRequest, customer: UUID, ask: shapes.DecisionWish, key: str
) -> shapes.CustomerIdentifiers:
    """Decide that two customers are one person, or that two customers or identifiers are not."""
    known_customer(customer)
    decide = decide_who.same if ask.decision == "same" else decide_who.different
    decide(ask.of or customer, ask.other, BY, ask.reason, key=key)
    return _identifiers(customer)


@door.post(
    "/customers/{uuid:customer}/identifiers/{uuid:identifier}/sharing",
    scope="customers:write",
    once=True,
    asks=shapes.SharingWish,
    answers=shapes.CustomerIdentifiers,
    refuses=(NotFound, NoSuchIdentifier, NeverShared),
)
def mark_identifier(
    request: HttpRequest, customer: UUID, identifier: UUID, ask: shapes.SharingWish, key: str
) -> shapes.CustomerIdentifiers:
    """Say that many use an identifier, so that it joins nobody; or that one person does."""
    decide_who.mark_shared(customer, identifier, BY, shared=ask.shared, key=key)
    return _identifiers(customer)


def _identifiers(customer: UUID) -> shapes.CustomerIdentifiers:
    known = known_customer(customer)
    return shapes.CustomerIdentifiers(
        id=known.customer,
        items=tuple(shown(one, shapes.KnownBy) for one in known.members),
        assertions=tuple(_assertion(one) for one in links_of(known)),
    )


def _assertion(link: Link) -> shapes.Assertion:
    said = link.assertion
    return shapes.Assertion(
        id=said.id,
        a=link.a.key if link.a else None,
        b=link.b.key if link.b else None,
        rule=said.rule,
        source=said.source,
        reason=said.reason,
        first_at=said.first_at,
        state=said.state,  # type: ignore[arg-type]  # one of those it documents
        retracted_at=said.retracted_at,
        retraction_reason=said.retraction_reason,
        other=link.other,
    )


def _moment(one: Moment) -> shapes.StoryMoment:
    touch = one.touch
    return shapes.StoryMoment(
        at=one.at,
        kind=one.kind,
        code=one.code,
        channel=one.channel,
        source=touch.source if touch else None,
        place=touch.place if touch else None,
        sku=touch.sku if touch else None,
        category=touch.category if touch else None,
        order=one.order.number if one.order else touch.order_ref if touch else None,
        worth=touch.worth if touch else None,
        currency=touch.currency if touch else None,
        details=msgspec.to_builtins(dict(touch.said if touch else one.details)),
    )
