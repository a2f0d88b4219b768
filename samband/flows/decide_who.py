"""A person decides who is who: what was joined is parted, what was parted is joined, and all that follows, follows.

The decision, the profiles and the segments of everybody whom it concerns are one transaction: whoever decided sees at
once what came of it.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from samband.customers.identity import commands as identity
from samband.customers.identity import queries as who
from samband.customers.identity.refusals import NoSuchAssertion, NoSuchIdentifier
from samband.customers.profiles import commands as profiles
from samband.customers.segments import evaluating as segments
from samband.events.identity import (
    AssertionRestored,
    AssertionRetracted,
    DeclaredDifferent,
    DeclaredSame,
    IdentifierMarkedShared,
)
from samband.kernel.event import Event

from .customer_profile import links_of
from .known_customer import known_customer

E = TypeVar("E", bound=Event)


def take_back(customer: UUID, assertion_id: int, by: str, reason: str, *, key: str) -> AssertionRetracted:
    """Take an assertion about a customer back. Raises NotFound, NoSuchAssertion, AlreadyTakenBack."""
    _check_about(customer, assertion_id)
    return _decided(customer, lambda: identity.retract(assertion_id, by, reason, key=key))


def restore(customer: UUID, assertion_id: int, by: str, *, key: str) -> AssertionRestored:
    """Let it hold again. Raises NotFound, NoSuchAssertion, NotTakenBack."""
    _check_about(customer, assertion_id)
    return _decided(customer, lambda: identity.restore(assertion_id, by, key=key))


def same(customer: UUID, other: UUID, by: str, reason: str, *, key: str) -> DeclaredSame:
    """They are one person. Raises NoSuchIdentifier, OneAndTheSame."""
    return _decided(customer, lambda: identity.declare_same(customer, other, by, reason, key=key), other)


def different(customer: UUID, other: UUID, by: str, reason: str, *, key: str) -> DeclaredDifferent:
    """They are two persons: two customers, or two identifiers of one. Raises NoSuchIdentifier, OneAndTheSame."""
    return _decided(customer, lambda: identity.declare_different(customer, other, by, reason, key=key), other)


def mark_shared(customer: UUID, identifier: UUID, by: str, *, shared: bool, key: str) -> IdentifierMarkedShared:
    """Many use an identifier, or one person does after all. Raises NotFound, NoSuchIdentifier, NeverShared."""
    if identifier not in known_customer(customer).keys:
        raise NoSuchIdentifier()
    mark = identity.mark_shared if shared else identity.unmark
    return _decided(customer, lambda: mark(identifier, by, key=key), identifier)


def _check_about(customer: UUID, assertion_id: int) -> None:
    if assertion_id not in {link.assertion.id for link in links_of(known_customer(customer))}:
        raise NoSuchAssertion()


@transaction.atomic(savepoint=False)
def _decided(customer: UUID, decide: Callable[[], E], other: UUID | None = None) -> E:
    before = _all_of([customer, other] if other else [customer])
    done = decide()
    after = set(who.customers_of(before).values())
    profiles.refresh(before | after)
    segments.evaluate(after)
    return done


def _all_of(keys: Iterable[UUID]) -> set[UUID]:
    """Every id that these customers have, or may have once they are parted."""
    now_in = set(who.customers_of(keys).values())
    return now_in | {member.key for members in who.members_of(now_in).values() for member in members}
