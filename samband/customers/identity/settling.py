"""Bringing what is kept in line with what was asserted, and telling what that changed.

Only one does so at a time, and it updates each identifier once, whatever led to it.
"""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from django.db import connection

from samband.events.identity import CustomersJoined, CustomersParted
from samband.timeline import record_all

from .components import Components, join
from .gathering import Gathered, gather
from .holding_back import keep_reviews

MOVED_AT_ONCE = 500


def settle(
    seeds: Collection[int],
    *,
    recount: Collection[int] = (),
    opened: Collection[int] = (),
    because: str = "learnt",
    assertion_id: int | None = None,
) -> None:
    """Compute again whatever hangs together with these numbers, write what is different and tell of it.

    The caller is `alone`. `because` and `assertion_id` say why customers parted, if they do.
    """
    found = gather(seeds, recount, opened)
    outcome = join((one.node for one in found.kept.values()), found.edges, found.shared)
    moved = _write(found, outcome)
    keep_reviews(found, outcome)
    if moved:
        queue(moved)
        record_all([*_joined(found, outcome), *_parted(found, outcome, because, assertion_id)])


def _write(found: Gathered, outcome: Components) -> set[UUID]:
    """Update the identifiers that are different; returns the customers that changed, old and new ids."""
    moved: set[UUID] = set()
    changed: list[tuple[int, UUID, bool]] = []
    for number, kept in found.kept.items():
        customer, shared = outcome.customer[number], number in found.shared
        if (customer, shared) != (kept.customer, kept.shared):
            changed.append((number, customer, shared))
        if customer != kept.customer:
            moved |= {customer, kept.customer}
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [list(column) for column in zip(*sorted(changed), strict=True)])
    return moved


_UPDATE = """
update identity_identifier i set customer = c.customer, shared = c.shared
from unnest(%s::bigint[], %s::uuid[], %s::boolean[]) as c (id, customer, shared) where i.id = c.id
"""


def queue(customers: Iterable[UUID]) -> None:
    """Have whoever follows the customers look at these again."""
    ordered = sorted(set(customers))
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), MOVED_AT_ONCE):
            cursor.execute(
                "insert into identity_moved (customers) values (%s::uuid[])", [ordered[start : start + MOVED_AT_ONCE]]
            )


def _joined(found: Gathered, outcome: Components) -> Iterator[CustomersJoined]:
    """Those that were several customers and are one now, with the strongest assertion that goes across."""
    before: dict[UUID, set[UUID]] = {}
    for number, kept in found.kept.items():
        before.setdefault(outcome.customer[number], set()).add(kept.customer)
    told: set[UUID] = set()
    for edge in outcome.joining:
        customer = outcome.customer[edge.a]
        if customer in told or found.kept[edge.a].customer == found.kept[edge.b].customer:
            continue
        told.add(customer)
        others = tuple(sorted(before[customer] - {customer}))
        yield CustomersJoined(customer_id=customer, joined=others, assertion_id=edge.id, rule=edge.rule)


def _parted(found: Gathered, outcome: Components, because: str, assertion_id: int | None) -> Iterator[CustomersParted]:
    """Those that were one customer and are several now."""
    after: dict[UUID, set[UUID]] = {}
    for number, kept in found.kept.items():
        after.setdefault(kept.customer, set()).add(outcome.customer[number])
    for customer, parts in sorted(after.items()):
        if len(parts) > 1:
            others = tuple(sorted(parts - {customer}))
            yield CustomersParted(customer_id=customer, parted=others, because=because, assertion_id=assertion_id)
