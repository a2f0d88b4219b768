"""What identity can be asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from samband.kernel.identifier import KINDS, Identifier

RELATION = "identity_identifier"
"""For set-based readers: columns `id` (the number, bigint), `customer` (uuid, null once erased), `kind` (smallint, the
place in the kernel's KINDS), `key` (uuid, null once erased). Indexed by `id`, `customer` and `key`."""


@dataclass(frozen=True, slots=True)
class IdentifierView:
    """An identifier of a customer. One that is shared stands for itself unless something strong ties it to somebody."""

    number: int
    kind: str
    namespace: str
    value: str
    key: UUID
    shared: bool
    first_seen: datetime


def customer_of(key: UUID) -> UUID | None:
    """The customer who has the identifier with this key now; any id a customer ever had is such a key."""
    return customers_of([key]).get(key)


def customers_of(keys: Iterable[UUID]) -> dict[UUID, UUID]:
    """The customers who have the identifiers with these keys now, by key."""
    return dict(_rows("select key, customer from identity_identifier where key = any(%s::uuid[])", [list(keys)]))


def numbers(keys: Iterable[UUID]) -> dict[UUID, int]:
    """The numbers of the identifiers with these keys, of those that are known."""
    return dict(_rows("select key, id from identity_identifier where key = any(%s::uuid[])", [list(keys)]))


def find(identifier: Identifier) -> UUID | None:
    """The customer who is known by this, if anybody is."""
    return customer_of(identifier.key)


def members(customer: UUID) -> tuple[IdentifierView, ...]:
    """What a customer is known by, the strongest first; nothing for an id that is no customer's now."""
    return members_of([customer]).get(customer, ())


def members_of(customers: Iterable[UUID]) -> dict[UUID, tuple[IdentifierView, ...]]:
    """What each of these customers is known by, the strongest first; without those who are no customers now."""
    found: dict[UUID, list[IdentifierView]] = {}
    for customer, number, kind, namespace, value, key, shared, first_seen in _rows(_MEMBERS, [list(customers)]):
        view = IdentifierView(number, KINDS[kind], namespace, value, key, shared, first_seen)
        found.setdefault(customer, []).append(view)
    return {customer: tuple(views) for customer, views in found.items()}


_MEMBERS = """
select customer, id, kind, namespace, value, key, shared or marked, first_seen
from identity_identifier where customer = any(%s::uuid[]) order by customer, kind, key
"""


def accounts_of(customer: UUID) -> tuple[UUID, ...]:
    """The ids of a customer's accounts in the shop, the leading one first."""
    return tuple(one.key for one in members(customer) if one.kind == "account")


def _rows(statement: str, parameters: list[object]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
