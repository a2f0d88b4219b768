"""What must hold of profiles: what is kept is what would be reckoned now."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction

from samband.kernel.books import A_PART, Extent, Finding, Walk, found

from .computing import COLUMNS, statement
from .planning import by_sets
from .relations import relations

SAMPLE = 5_000
"""So many customers are reckoned anew at a time; of more than these it is another stretch of them every day."""

KNOWN = "select customer from profiles_profile"
"""Whoever has a profile."""

_SAMPLE = """
select distinct customer from (
    (select customer from {identifiers} where customer >= %(start)s::uuid
     order by customer limit %(most)s)
    union all
    (select customer from profiles_profile where customer >= %(start)s::uuid order by customer limit %(most)s)
) both_ways order by customer
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


def _reckoned(extent: Extent) -> Iterator[Finding]:
    for customers in _all() if extent.full else _some(extent):
        for customer in _wrong(customers):
            told = f"The profile of customer {customer} is not what their touchpoints say."
            yield Finding(told, row={"customer": customer})


def _some(extent: Extent) -> Iterator[list[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from (select from profiles_profile limit %s) few", [SAMPLE + 1])
        few = cursor.fetchone()[0] <= SAMPLE
    # Keys are strewn evenly, so that a stretch may begin anywhere; the golden section never comes back to where it was.
    begins = 0 if few else extent.day.toordinal() * 0x9E3779B97F4A7C15F39CC0605CEDC834 % 2**128
    yield _stretch(UUID(int=begins))


def _all() -> Iterator[list[UUID]]:
    begins = UUID(int=0)
    while customers := _stretch(begins):
        # Of two lists cut at the same length, what lies beyond the shorter one's end is for the next stretch.
        yield customers[:SAMPLE]
        if customers[min(SAMPLE, len(customers)) - 1].int == 2**128 - 1:
            return
        begins = UUID(int=customers[min(SAMPLE, len(customers)) - 1].int + 1)


def _stretch(begins: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        ask = _SAMPLE.format(identifiers=relations().identifiers)
        cursor.execute(ask, {"start": begins, "most": SAMPLE})
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


CHECKS = (Walk("reckoned", _reckoned),)


def findings(extent: Extent = A_PART) -> Iterator[Finding]:
    """One sentence for each customer whose profile is not what their touchpoints say."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor, extent)
