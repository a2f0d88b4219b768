"""What profiles can be told to do: reckon again. There is nothing else to change here."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from .computing import COLUMNS, statement
from .models import Profile
from .planning import by_sets
from .relations import relations

A_SLICE = 10_000
"""So many customers are reckoned at once when all are: the follower gets its turn in between."""

_COLUMNS = ", ".join(COLUMNS)
_OTHERS = ", ".join(name for name in COLUMNS if name != "customer")
_KEEP = f"""
insert into profiles_profile as kept ({_COLUMNS})
select {_COLUMNS} from ({{reckoned}}) reckoned
on conflict (customer) do update set ({_OTHERS}) = ({", ".join(f"excluded.{name}" for name in COLUMNS[1:])})
where ({", ".join(f"kept.{name}" for name in COLUMNS[1:])})
      is distinct from ({", ".join(f"excluded.{name}" for name in COLUMNS[1:])})
"""

_GONE = """
delete from profiles_profile where customer = any(array(
    select unnest(%(customers)s::uuid[]) except select customer from {identifiers}
    where customer = any(%(customers)s::uuid[])))
"""

_ALL_GONE = """
delete from profiles_profile kept where not exists (select from {identifiers} i where i.customer = kept.customer)
"""

_NEXT_SLICE = """
select distinct customer from {identifiers}
where customer > coalesce(%(after)s::uuid, '00000000-0000-0000-0000-000000000000') order by customer limit %(most)s
"""

_ALONE = "select pg_advisory_xact_lock(hashtextextended('profiles', 6))"


@transaction.atomic
def refresh(customers: Collection[UUID]) -> int:
    """Reckon these customers' traits from what is there now; returns how many rows changed.

    Of ids that are no customer any more nothing is kept. Whoever refreshes waits for whoever does so already, so that
    what was reckoned earlier never stands over what was reckoned later.
    """
    if not customers:
        return 0
    given = {"customers": sorted(customers)}
    with _alone(), connection.cursor() as cursor:
        cursor.execute(_KEEP.format(reckoned=statement()), given)
        changed = int(cursor.rowcount)
        where = _GONE.format(
            identifiers=relations().identifiers, restricted="customer = any(%(customers)s::uuid[]) and"
        )
        cursor.execute(where, given)
        return changed + int(cursor.rowcount)


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time until the transaction ends: what is reckoned afterwards sees all that was committed before."""
    with by_sets(), connection.cursor() as cursor:
        cursor.execute(_ALONE)
        yield


def rebuild() -> int:
    """Reckon everybody's, a slice of customers at a time; returns how many rows were not as they should have been."""
    changed, after = 0, None
    while customers := _slice(after):
        changed += refresh(customers)
        after = customers[-1]
    return changed + _drop_gone()


def _slice(after: UUID | None) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_SLICE.format(identifiers=relations().identifiers), {"after": after, "most": A_SLICE})
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _drop_gone() -> int:
    with _alone(), connection.cursor() as cursor:
        cursor.execute(_ALL_GONE.format(identifiers=relations().identifiers))
        return int(cursor.rowcount)


def drop(customers: Collection[UUID]) -> int:
    """Forget what is known of these, who are no customers any more; returns how many."""
    return Profile.objects.filter(pk__in=list(customers)).delete()[0]
