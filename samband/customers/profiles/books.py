"""What must hold of profiles: what is kept is what would be reckoned now."""

from collections.abc import Iterator
from uuid import UUID, uuid4

from django.db import connection, transaction

from .computing import COLUMNS, statement
from .planning import by_sets
from .relations import relations

SAMPLE = 5_000
"""Of more customers than this a sample of so many is reckoned anew: a stretch of them that begins anywhere."""

_SAMPLE = """
select distinct customer from (
    (select customer from {identifiers} where customer >= %(start)s::uuid
     order by customer limit %(most)s)
    union all
    (select customer from profiles_profile where customer >= %(start)s::uuid order by customer limit %(most)s)
) both_ways
"""

# Whatever still waits to be followed is not expected to be reckoned in already.
_WRONG = """
with reckoned as (select {columns} from ({reckoned}) r),
kept as (select {columns} from profiles_profile where customer = any(%(customers)s::uuid[])),
differs as (
    (select customer from (select * from reckoned except select * from kept) a)
    union (select customer from (select * from kept except select * from reckoned) b)
),
waiting as (
    select unnest(customers) as customer from {moved}
    union select i.customer from {touched} t cross join lateral unnest(t.identifiers) as n (number)
    join {identifiers} i on i.id = n.number
)
select customer from differs where customer not in (select customer from waiting) order by customer
"""


def findings() -> Iterator[str]:
    """One sentence for every customer whose profile is not what their touchpoints say."""
    for customer in _wrong(_sample()):
        yield f"The profile of customer {customer} is not what their touchpoints say."


def _sample() -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from (select from profiles_profile limit %s) few", [SAMPLE + 1])
        start = UUID(int=0) if cursor.fetchone()[0] <= SAMPLE else uuid4()
        ask = _SAMPLE.format(identifiers=relations().identifiers)
        cursor.execute(ask, {"start": start, "most": SAMPLE})
        return [row[0] for row in cursor.fetchall()]


def _wrong(customers: list[UUID]) -> list[UUID]:
    where = relations()
    ask = _WRONG.format(
        columns=", ".join(COLUMNS),
        reckoned=statement(),
        identifiers=where.identifiers,
        moved=where.moved,
        touched=where.touched,
    )
    with transaction.atomic(), by_sets(), connection.cursor() as cursor:
        cursor.execute(ask, {"customers": customers})
        return [row[0] for row in cursor.fetchall()]
