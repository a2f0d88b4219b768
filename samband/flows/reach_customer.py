"""Where one customer can be found, through all rooms; and which rooms there are to ask.

Two answers for two askers. Somebody who asks for themselves reaches what is *proved* to be theirs: an address that they
could read a code at, not one that somebody typed into a form. Whoever of ours acts for a customer has looked at who
stands there, and reaches everything that was concluded to be one person's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from uuid import UUID

from django.apps import apps

from samband.commerce.cart import privacy as carts
from samband.commerce.fulfillment import privacy as fulfillment
from samband.commerce.orders import privacy as orders
from samband.customers.accounts import privacy as accounts
from samband.customers.accounts import queries as account_queries
from samband.customers.identity import queries as identity
from samband.customers.identity.commands import know as identify
from samband.customers.identity.queries import IdentifierView
from samband.customers.rights.refusals import NothingKept
from samband.kernel.clock import now
from samband.kernel.identifier import NotAnIdentifier, identifier, key_of
from samband.kernel.reach import Reach
from samband.kernel.refusal import NotFound

BEARS = frozenset({"verified", "same", "account", "signed_in", "user"})
"""Rules of identity by which an address counts as proved; `stated` and what is weaker only says that it was typed."""

UNGUESSABLE = frozenset({"account", "cookie", "device"})
"""Kinds that nobody can claim without having held them."""

WINGS = (
    "samband.commerce.", "samband.customers.", "samband.engagement.", "samband.intelligence.", "samband.staff",
    "samband.timeline",
)  # fmt: skip
"""Where rooms are, and the timeline beside them; doors keep nothing of their own."""


def reach_of(customer: UUID, *, proved: bool = False) -> Reach:
    """Everything that this customer is known by; `customer` is an account's id or any public id they ever had.

    Raises NothingKept.
    """
    now_in = identity.customer_of(customer) or customer
    members = identity.members(now_in)
    own = {one.key for one in members if one.kind == "account"}
    own |= {customer} if _is_account(customer) else set()
    if not members and not own:
        raise NothingKept()
    if proved:
        members = tuple(_proved(now_in, members))
    return _wide(now_in, own, members)


def reach_of_email(email: str) -> Reach:
    """The same for whoever has this address, with an account or without: a guest who only ever gave it with an order.

    Raises NotAnIdentifier, NothingKept.
    """
    address = identifier("email", email)
    customer = identity.find(address)
    held = accounts.of_emails([address.value])
    if customer is None and held:
        return reach_of(held[0])
    if customer is not None:
        return reach_of(customer)
    if not accounts.guests_of([address.value]):
        raise NothingKept()
    # Identity has not heard of them yet; from now on they are found by what a request keeps of them, which is a hash.
    identify([address], now())
    return reach_of(address.key)


def rooms() -> Iterator[tuple[str, ModuleType]]:
    """Every room that says what it knows of a person, found by its privacy.py: none is named, so none is forgotten."""
    for app in apps.get_app_configs():
        if app.name.startswith(WINGS) and find_spec(f"{app.name}.privacy"):
            yield app.label, import_module(f"{app.name}.privacy")


def _is_account(customer: UUID) -> bool:
    try:
        return account_queries.customer(customer).erased_at is None
    except NotFound:
        return False


def _wide(customer: UUID, own: set[UUID], members: tuple[IdentifierView, ...]) -> Reach:
    emails = {one.value for one in members if one.kind == "email"}
    phones = {one.value for one in members if one.kind == "phone"}
    keys = {one.key for one in members} | own
    for row in accounts.particulars(own):
        if row["email"]:
            emails.add(row["email"])
        if row["phone"]:
            phones.add(row["phone"])
        if row["source_reference"]:
            keys.add(key_of("user", row["source_reference"], row["source"]))
    keys |= {key for kind, values in (("email", emails), ("phone", phones)) for key in _keys(kind, values)}
    return follow(
        Reach(
            customer,
            tuple(sorted(own)),
            tuple(sorted(one.number for one in members)),
            tuple(sorted(keys)),
            tuple(sorted(emails)),
            tuple(sorted(phones)),
        )
    )


def _keys(kind: str, values: set[str]) -> Iterator[UUID]:
    for value in values:
        try:
            yield identifier(kind, value).key
        except NotAnIdentifier:
            continue  # kept since before such were refused


def follow(reach: Reach) -> Reach:
    """Ask the rooms in turn what else of theirs they know the way to."""
    reach = fulfillment.widen(carts.widen(orders.widen(accounts.widen(reach))))
    reach = accounts.widen(reach)
    loose = accounts.strays(reach)
    taken = orders.in_use(loose) | fulfillment.in_use(loose)
    return replace(reach, addresses=tuple(sorted({*reach.addresses, *loose} - (taken - {*reach.addresses}))))


def _proved(customer: UUID, members: tuple[IdentifierView, ...]) -> Iterator[IdentifierView]:
    """What hangs together with the accounts by more than somebody's word."""
    by_number: Mapping[int, IdentifierView] = {one.number: one for one in members}
    found = {number for number, one in by_number.items() if one.kind == "account"}
    edges = [(edge.a, edge.b, edge.rule) for edge in identity.assertions(customer) if edge.state == "holds"]
    waiting = set(found)
    while waiting:
        at = waiting.pop()
        for a, b, rule in edges:
            other = b if a == at else a if b == at else None
            if other is None or other in found or other not in by_number:
                continue
            if _bears(rule, by_number[other].kind):
                found.add(other)
                waiting.add(other)
    yield from (by_number[number] for number in sorted(found))


def _bears(rule: str, kind: str) -> bool:
    """Whether an edge proves what it leads to. A telephone number in one's own particulars is only typed there."""
    return kind in UNGUESSABLE or (rule in BEARS and (rule, kind) != ("account", "phone"))
