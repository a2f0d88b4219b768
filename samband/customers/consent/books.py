"""What must balance in consent: what holds is what the log says last."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

ACCOUNTS = "select id as entry, account from consent_entry where account is not null"
"""What was said by somebody with an account."""

CHECKS = (
    Check(
        "parted",
        "What stands for {purpose} of address {address} is not what was said last.",
        """
with last as (
    select distinct on (address, purpose) address, purpose, granted, at
    from consent_entry order by address, purpose, at desc, granted
)
select coalesce(l.address, s.address) as address, coalesce(l.purpose, s.purpose) as purpose
from last l full join consent_standing s on s.address = l.address and s.purpose = l.purpose
where (l.granted, l.at) is distinct from (s.granted, s.at) order by 1, 2
""",
    ),
    Check(
        "kept_too_long",
        "Asking {asking} was confirmed and still keeps its address.",
        "select id as asking from consent_asking where email <> '' and confirmed_at is not null order by id",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each answer that stands differently from what was said last."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
