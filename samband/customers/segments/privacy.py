"""What segments knows of a person: in which they are. Give it out whole, or take it away for good."""

from typing import Any

from django.db import connection, transaction

from samband.kernel.reach import Reach

_EXPORT = (
    "select s.slug, s.definition, m.entered_at from segments_membership m join segments_segment s on s.id = m.segment"
    " where m.customer = any(%s::uuid[]) and m.how <= 1 order by s.slug, m.customer"
)


def export(reach: Reach) -> dict[str, Any]:
    """The segments the person is in, what each says, and since when."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPORT, [_ids(reach)])
        columns = ("segment", "definition", "entered_at")
        return {"segments": [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]}


@transaction.atomic
def erase(reach: Reach) -> None:
    """Leave no place of theirs, also none that sleeps. That is no leaving, and nobody is told."""
    with connection.cursor() as cursor:
        cursor.execute(_ERASE, [_ids(reach)])
        cursor.execute(
            "delete from segments_waiting where customers && %s::uuid[] and customers <@ %s::uuid[]",
            [_ids(reach), _ids(reach)],
        )


_ERASE = """
with gone as (delete from segments_membership where customer = any(%s::uuid[]) returning segment, how),
counted as (select segment, count(*) as gone from gone where how <= 1 group by segment)
update segments_segment set size = size - counted.gone from counted where segments_segment.id = counted.segment
"""


def _ids(reach: Reach) -> list[Any]:
    return sorted({reach.customer, *reach.keys, *reach.accounts})
