"""What must balance in consent: what holds is what the log says last."""

from collections.abc import Iterator

from django.db import connection

_PARTED = """
with last as (
    select distinct on (address, purpose) address, purpose, granted, at
    from consent_entry order by address, purpose, at desc, granted
)
select coalesce(l.address, s.address), coalesce(l.purpose, s.purpose)
from last l full join consent_standing s on s.address = l.address and s.purpose = l.purpose
where (l.granted, l.at) is distinct from (s.granted, s.at) order by 1, 2
"""

_KEPT_TOO_LONG = "select id from consent_asking where email <> '' and confirmed_at is not null order by id"


def findings() -> Iterator[str]:
    """One sentence for every answer that stands differently from what was said last."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTED)
        for address, purpose in cursor.fetchall():
            yield f"What stands for {purpose} of address {address} is not what was said last."
        cursor.execute(_KEPT_TOO_LONG)
        for (asking,) in cursor.fetchall():
            yield f"Asking {asking} was confirmed and still keeps its address."
