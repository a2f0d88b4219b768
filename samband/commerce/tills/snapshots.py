"""The list of goods that a store's tills carry along, kept so that a till asks only for what changed."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from samband.kernel.clock import now

_LOCK = """
insert into tills_snapshot (location, made_at) values (%s::text, %s::timestamptz)
on conflict (location) do update set location = excluded.location
returning version, made_of, made_at
"""

# What is the same as before keeps its version; what is not there any more is kept as gone.
_WRITE = """
with told as (
    select * from unnest(%(skus)s::text[], %(bodies)s::text[]) as t (sku, body)
), kept as (
    insert into tills_snapshotitem (location, sku, version, body)
    select %(location)s::text, sku, %(version)s::bigint, body from told order by sku
    on conflict (location, sku) do update set version = excluded.version, body = excluded.body
    where tills_snapshotitem.body is distinct from excluded.body
    returning sku
), gone as (
    update tills_snapshotitem i set version = %(version)s::bigint, body = null
    where i.location = %(location)s::text and i.body is not null and not exists (
        select from told where told.sku = i.sku
    )
    returning sku
)
select (select count(*) from kept) + (select count(*) from gone)
"""


@transaction.atomic(savepoint=False)
def write(location: str, made_of: str, items: Mapping[str, str], valid_until: datetime | None) -> int:
    """Write down what a till of the location carries along: JSON by SKU, and what it was made of. The version it has.

    The version moves on only if something is another than before. One writer at a time for each location.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [location, now()])
        version, _, _ = cursor.fetchone()
        cursor.execute(
            _WRITE,
            {"location": location, "version": version + 1, "skus": list(items), "bodies": list(items.values())},
        )
        (changed,) = cursor.fetchone()
        version += bool(changed)
        cursor.execute(
            "update tills_snapshot set version = %s::bigint, made_of = %s::text, made_at = %s::timestamptz,"
            " valid_until = %s::timestamptz where location = %s::text",
            [version, made_of, now(), valid_until, location],
        )
    return int(version)
