"""What identity can be asked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from samband.kernel.identifier import KINDS, Identifier
from samband.kernel.reach import Reach

from .rules import THINGS

_HANDED_ON = [KINDS.index(kind) for kind in sorted(THINGS)]

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


@dataclass(frozen=True, slots=True)
class AssertionView:
    """What a source says of two numbers. `state`: holds, held_back (it would join two persons), shared (a value that
    many have joins nobody), different (that they are two persons), pending, taken_back.
    """

    id: int
    a: int
    b: int
    rule: str
    source: str
    reason: str
    first_at: datetime
    retracted_at: datetime | None
    retracted_by: str | None
    retraction_reason: str | None
    state: str

    @property
    def held_back(self) -> bool:
        """Whether it joins nobody until a person decides."""
        return self.state == "held_back"


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A pair for a person to decide. A *conflict* was held back: its reason names `because` (two_persons,
    said_different), the two numbers it stands `between`, and the `rule`. A *proposal* has the matching's reasons.
    """

    id: int
    kind: str
    state: str
    a: IdentifierView
    b: IdentifierView
    customer_a: UUID
    customer_b: UUID
    reasons: tuple[Mapping[str, Any], ...]
    weight: float | None
    assertion: int | None
    opened_at: datetime
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many identifiers there are, how many customers, shared values, assertions, those the components do not know
    of yet, and pairs that wait for a person.
    """

    identifiers: int
    customers: int
    shared: int
    assertions: int
    pending: int
    reviews: int


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
    for customer, *row in _rows(_MEMBERS, [list(customers)]):
        found.setdefault(customer, []).append(_view(row))
    return {customer: tuple(views) for customer, views in found.items()}


_MEMBERS = """
select customer, id, kind, namespace, value, key, shared or marked, first_seen
from identity_identifier where customer = any(%s::uuid[]) order by customer, kind, key
"""


def behind(numbers: Iterable[int]) -> dict[int, tuple[UUID, IdentifierView]]:
    """The identifiers with these numbers and the customer each is now, without those that were erased."""
    return {row[1]: (row[0], _view(row[1:])) for row in _rows(_BEHIND, [list(numbers)])}


_BEHIND = """
select customer, id, kind, namespace, value, key, shared or marked, first_seen
from identity_identifier where id = any(%s::bigint[]) and customer is not null
"""


def accounts_of(customer: UUID) -> tuple[UUID, ...]:
    """The ids of a customer's accounts in the shop, the leading one first."""
    return tuple(one.key for one in members(customer) if one.kind == "account")


def assertions(customer: UUID, most: int = 500) -> tuple[AssertionView, ...]:
    """What was asserted of a customer's identifiers, taken back or not, the first said first: so many of each one."""
    return tuple(
        AssertionView(*row) for row in _rows(_ASSERTIONS, {"customer": customer, "most": most, "handed_on": _HANDED_ON})
    )


# An assertion between two customers is held back unless a shared value is why it joins nobody.
_ASSERTIONS = """
with said as materialized (
    select distinct near.id from identity_identifier m
    cross join lateral (
        (select e.id from identity_assertion e where e.a = m.id limit %(most)s)
        union all
        (select e.id from identity_assertion e where e.b = m.id limit %(most)s)
    ) near
    where m.customer = %(customer)s::uuid
)
select e.id, e.a, e.b, e.rule, e.source, e.reason, e.first_at, r.at, r.by, r.reason,
    case
        when r.id is not null then 'taken_back'
        when e.rule = 'different' then 'different'
        when x.customer = y.customer then 'holds'
        when exists (select from identity_pending p where p.assertion = e.id) then 'pending'
        when e.rule <> 'same' and (
            (x.shared or x.marked) and (e.rule <> 'verified' or x.kind = any(%(handed_on)s::smallint[]))
            or (y.shared or y.marked) and (e.rule <> 'verified' or y.kind = any(%(handed_on)s::smallint[]))
        ) then 'shared'
        else 'held_back'
    end
from said join identity_assertion e using (id)
join identity_identifier x on x.id = e.a
join identity_identifier y on y.id = e.b
left join identity_retraction r on r.assertion = e.id and r.restored_at is null
order by e.first_at, e.id
"""


def reviews(state: str = "open", kind: str | None = None, after: int = 0, most: int = 50) -> tuple[ReviewView, ...]:
    """Pairs that wait for a person (or, by `state`, were decided), in the order in which they came.

    A proposal of two who have become one customer meanwhile is not among those that wait.
    """
    return tuple(_review(*row) for row in _rows(
        _REVIEWS, {"state": state, "kind": kind, "after": after, "most": most, "id": None}
    ))  # fmt: skip


def review(review_id: int) -> ReviewView | None:
    """One pair, if there is such a one."""
    asked = {"state": None, "kind": None, "after": 0, "most": 1, "id": review_id}
    return next((_review(*row) for row in _rows(_REVIEWS, asked)), None)


_REVIEWS = """
select r.id, r.kind, r.state, r.weight, r.reasons::text, r.assertion, r.opened_at, r.decided_by, r.decided_at,
    x.customer, x.id, x.kind, x.namespace, x.value, x.key, x.shared or x.marked, x.first_seen,
    y.customer, y.id, y.kind, y.namespace, y.value, y.key, y.shared or y.marked, y.first_seen
from identity_review r
join identity_identifier x on x.id = r.a
join identity_identifier y on y.id = r.b
where case when %(id)s::bigint is not null then r.id = %(id)s else
    r.state = %(state)s and (%(kind)s::text is null or r.kind = %(kind)s) and r.id > %(after)s
    and not (r.state = 'open' and r.kind = 'proposal' and x.customer = y.customer) end
order by r.id limit %(most)s
"""


def reach(customer: UUID) -> Reach:
    """Everything a customer is known by at this moment; only the id for one who is known by nothing."""
    known = members(customer)

    def values(kind: str) -> tuple[str, ...]:
        return tuple(one.value for one in known if one.kind == kind)

    return Reach(
        customer,
        tuple(one.key for one in known if one.kind == "account"),
        tuple(one.number for one in known),
        tuple(one.key for one in known),
        values("email"),
        values("phone"),
    )


def counts() -> Counts:
    """How much is known, for those who look after it."""
    return Counts(*_rows(_COUNTS, [])[0])


_COUNTS = """
select (select count(*) from identity_identifier where erased_at is null),
    (select count(*) from identity_identifier where customer = key),
    (select count(*) from identity_identifier where (shared or marked) and erased_at is null),
    (select count(*) from identity_assertion), (select count(*) from identity_pending),
    (select count(*) from identity_review where state = 'open')
"""


def _review(
    number: int, kind: str, state: str, weight: float | None, reasons: str, assertion: int | None,
    opened_at: datetime, decided_by: str, decided_at: datetime | None, *pair: Any,
) -> ReviewView:  # fmt: skip
    half = len(pair) // 2
    (one, *a), (other, *b) = pair[:half], pair[half:]
    return ReviewView(
        number, kind, state, _view(a), _view(b), one, other, tuple(json.loads(reasons)), weight, assertion,
        opened_at, decided_by, decided_at,
    )  # fmt: skip


def _view(row: Sequence[Any]) -> IdentifierView:
    number, kind, *rest = row
    return IdentifierView(number, KINDS[kind], *rest)


def _rows(statement: str, parameters: list[Any] | dict[str, Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
