"""Whom the shop knows by name is known to identity, too: accounts with their addresses, and guests by what they gave.

What is read of an account and what is written of it is one transaction that holds identity's edition, so that nobody
who is forgotten meanwhile comes back by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from samband.customers.accounts import queries as accounts
from samband.customers.identity import commands as identity
from samband.customers.identity.rules import Pair
from samband.events.accounts import CustomerChanged, CustomerRegistered, CustomerSignedIn
from samband.events.orders import OrderPlaced
from samband.events.take_over import TakenOver
from samband.kernel.clock import now
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier
from samband.timeline import Heard, on, on_many
from samband.timeline import queries as timeline
from samband.timeline.chores import every

ACCOUNTS, ORDERS = "accounts", "orders"
"""The sources under which this is asserted, and the names of the two rolls."""

AT_ONCE = 1000
PAGES_A_TURN = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the shop knows them: an account or a guest, an address and a number. `proved`: with a mailed code."""

    account: UUID | None
    email: str | None
    phone: str
    at: datetime
    rule: str
    country: str | None = None
    proved: bool = False


# --- as it happens


@on_many(CustomerRegistered, CustomerSignedIn, CustomerChanged)
def know_accounts(heard: Sequence[Heard]) -> None:
    """An account's address is its own; once a code was mailed to it, that is proved."""
    identity.edition()
    at = {each.event.customer: each.at for each in heard if each.event.customer}
    proved = {each.event.customer for each in heard if isinstance(each.event, CustomerSignedIn)}
    known = [one for one in accounts.customers(at).values() if one.erased_at is None]
    _know(
        [Person(one.id, one.email, one.phone, at[one.id], "account", one.market, one.id in proved) for one in known],
        ACCOUNTS,
    )


@on_many(OrderPlaced)
def know_contacts(heard: Sequence[Heard]) -> None:
    """Whoever ordered gave an address and a number: of their account, or of nobody else we know."""
    identity.edition()
    placed = {
        each.event.contact_id: (each.event.customer_id, each.at)
        for each in heard
        if isinstance(each.event, OrderPlaced) and each.event.contact_id
    }
    known = accounts.contacts(placed).values()
    erased = {
        one.id for one in accounts.customers({who for who, _ in placed.values() if who}).values() if one.erased_at
    }
    people = [Person(placed[one.id][0], one.email, one.phone, placed[one.id][1], "stated") for one in known]
    _know([one for one in people if one.account not in erased], ORDERS)


# --- those who were known before


@on(TakenOver)
def call_roll_again(event: TakenOver) -> None:
    """Whoever came with an import is told of by no event of their own."""
    for name in (ACCOUNTS, ORDERS):
        identity.mark_roll(name, None, done=False)


@every(5.0)
def go_on_calling() -> None:
    """Go on with both rolls, for a while."""
    know_everybody(PAGES_A_TURN)


def know_everybody(pages: int | None = None) -> int:
    """Make whoever is in the shop's books known, from where it was left; returns how many were looked at.

    Each page is a transaction. Once through, it is done until something is imported.
    """
    looked_at = 0
    for name in (ACCOUNTS, ORDERS):
        called = 0
        while (pages is None or called < pages) and (found := _next_page(name)) is not None:
            looked_at, called = looked_at + found, called + 1
    return looked_at


@transaction.atomic
def _next_page(name: str) -> int | None:
    roll = identity.call_roll(name)
    if roll.done:
        return None
    identity.edition()
    if name == ACCOUNTS:
        told = accounts.told_by_customers(roll.after, AT_ONCE)
        proved = _signed_in({one.id for one in told}) if told else frozenset()
        _know([Person(one.id, one.email, one.phone, now(), "account", proved=one.id in proved) for one in told], name)
    else:
        told = accounts.told_by_guests(roll.after, AT_ONCE)
        _know([Person(None, one.email, one.phone, now(), "stated") for one in told], name)
    identity.mark_roll(name, told[-1].id if told else roll.after, done=not told)
    return len({one.id for one in told}) if told else None


def _signed_in(customers: Iterable[UUID]) -> frozenset[UUID]:
    """Those of these who ever proved their address."""
    told = timeline.story(list(customers), (), ["accounts.CustomerSignedIn"], most=50 * AT_ONCE)
    return frozenset(UUID(one.payload["customer_id"]) for one in told)


# --- writing it down


def _know(people: Sequence[Person], source: str) -> None:
    """Know all that these are known by, and that it is theirs."""
    bonds = [bond for person in people for bond in _bonds(person)]
    lone = [one for person in people for one in _identifiers(person)]
    if not lone:
        return
    numbers = identity.meet(lone, min(person.at for person in people))
    identity.assert_pairs(
        [Pair(numbers[one.key], numbers[other.key], rule, source, at) for one, other, rule, at in bonds]
    )


def _bonds(person: Person) -> Iterator[tuple[Identifier, Identifier, str, datetime]]:
    """What leads, with each of the others."""
    lead, *others = _identifiers(person) or (None,)
    for one in others:
        if lead and one:
            yield lead, one, "verified" if person.proved and one.kind == "email" else person.rule, person.at


def _identifiers(person: Person) -> tuple[Identifier, ...]:
    told = (("account", str(person.account or "")), ("email", person.email or ""), ("phone", person.phone))
    found = (_identifier(kind, value, person.country) for kind, value in told)
    return tuple(one for one in found if one is not None)


def _identifier(kind: str, value: str, country: str | None) -> Identifier | None:
    try:
        return identifier(kind, value, country=country)
    except NotAnIdentifier:
        return None
