"""What people told of themselves, wherever they did: in accounts, for orders as guests, and in touchpoints."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from samband.commerce.orders import queries as orders
from samband.customers.accounts import queries as accounts
from samband.customers.accounts.queries import ToldView
from samband.customers.accounts.rules import Particulars
from samband.customers.identity import queries as identity
from samband.customers.identity.proposing import queries as proposing
from samband.customers.touchpoints import traits as touchpoints
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier

AT_ONCE = 5000
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer said of themselves in one place (`account`, `guest`, `touchpoint`); empty is not told.

    `born` is YYYYMMDD; `given` and `surname` are told apart by some sources, others tell a whole `name`.
    """

    customer: UUID
    where: str
    name: str = ""
    given: str = ""
    surname: str = ""
    email: str = ""
    phone: str = ""
    born: str = ""
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    card: str = ""


def everybody() -> Iterator[Told]:
    """What every customer told, some thousand at a time."""
    after: UUID | None = None
    while told := accounts.told_by_customers(after, AT_ONCE):
        yield from _of_accounts(told)
        after = told[-1].id
    after = None
    while told := accounts.told_by_guests(after, AT_ONCE):
        yield from _of_guests(told)
        after = told[-1].id
    position = 0
    while views := touchpoints.told(position, AT_ONCE):
        yield from _of_traits(views)
        position = views[-1].identifier


def told_by(customers: Iterable[UUID]) -> dict[UUID, tuple[Told, ...]]:
    """What each of these customers told, what they said alike only once."""
    members = identity.members_of(customers)
    known = [one for those in members.values() for one in those]
    found: dict[UUID, dict[Told, None]] = {customer: {} for customer in members}
    for told in (
        *_of_accounts(accounts.told_by_customers(only=[one.key for one in known if one.kind == "account"])),
        *_of_guests(accounts.told_by_guests(only=[one.value for one in known if one.kind == "email"])),
        *_of_traits(touchpoints.told(only=[one.number for one in known])),
    ):
        found[told.customer][told] = None
    return {customer: tuple(those) for customer, those in found.items()}


def _of_accounts(told: Iterable[ToldView]) -> Iterator[Told]:
    told = tuple(told)
    customers = identity.customers_of({one.id for one in told})
    yield from (_written(customers[one.id], "account", one, one.given) for one in told if one.id in customers)


def _of_guests(told: Iterable[ToldView]) -> Iterator[Told]:
    told = tuple(told)
    known = {one.id: email.key for one in told if (email := _known_by("email", one.email or ""))}
    customers = identity.customers_of(set(known.values()))
    went = orders.addresses_of_guests([one.id for one in told])
    given = accounts.particulars({address for addresses in went.values() for address in addresses})
    for one in told:
        if customer := customers.get(known.get(one.id, one.id)):
            places = [given[address] for address in went.get(one.id, ()) if address in given]
            yield from (_written(customer, "guest", one, place) for place in places or (None,))


def _written(customer: UUID, where: str, told: ToldView, given: Particulars | None) -> Told:
    written = Told(customer, where, name=told.name, email=told.email or "", phone=told.phone)
    if given is None:
        return written
    return Told(
        customer, where, name=told.name or given.name, email=told.email or "", phone=told.phone or given.phone,
        line1=given.line1, line2=given.line2, postcode=given.postcode, city=given.city, country=given.country,
    )  # fmt: skip


def _of_traits(views: Iterable[touchpoints.TraitsView]) -> Iterator[Told]:
    views = tuple(views)
    customers = proposing.customers_of_numbers({one.identifier for one in views})
    for one in views:
        if customer := customers.get(one.identifier):
            told = _in_traits(customer, one.traits)
            if told != Told(customer, "touchpoint"):
                yield told


def _in_traits(customer: UUID, traits: Mapping[str, Any]) -> Told:
    """The traits that the tracking API reserves, in either way of writing them; everything else is left alone."""
    address = traits.get("address")
    there: Mapping[str, Any] = address if isinstance(address, dict) else {}
    email = _known_by("email", _text(traits, "email"))
    phone = _known_by("phone", _text(traits, "phone"))
    return Told(
        customer,
        "touchpoint",
        name=_text(traits, "name"),
        given=_text(traits, "firstName", "first_name"),
        surname=_text(traits, "lastName", "last_name"),
        email=email.value if email else "",
        phone=phone.value if phone else "",
        born=_born(_text(traits, "birthday", "dateOfBirth", "date_of_birth")),
        line1=_text(there, "street", "line1"),
        line2=_text(there, "line2"),
        postcode=_text(there, "postalCode", "postal_code", "postcode"),
        city=_text(there, "city"),
        country=_text(there, "country"),
        card=_text(traits, "loyalty_number", "loyaltyNumber", "loyalty_id", "loyaltyId"),
    )


def _text(said: Mapping[str, Any], *names: str) -> str:
    for name in names:
        value = said.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return " ".join(str(value).replace("\x00", "").split())[:LONGEST]
    return ""


def _born(text: str) -> str:
    """A day written with the year first; any other way could be two days."""
    told = re.match(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)", text)
    return "".join(told.groups()) if told and "01" <= told[2] <= "12" and "01" <= told[3] <= "31" else ""


def _known_by(kind: str, value: str) -> Identifier | None:
    try:
        return identifier(kind, value)
    except NotAnIdentifier:
        return None
