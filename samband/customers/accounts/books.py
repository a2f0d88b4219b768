"""What must hold of accounts, and what others may hold against them."""

from collections.abc import Iterator

from django.db import connection

from samband.kernel.books import Check, Finding, found

RELATION = "select id as account, erased_at is not null as erased from accounts_customer"
"""Every account there ever was: a forgotten one stays as a number."""

CONTACTS = "select id as contact from accounts_contact"
"""Whom to tell about orders."""

ADDRESSES = "select id as address from accounts_address"
"""Where goods go."""

CHECKS = (
    Check(
        "erased_and_named",
        "Customer {account} was forgotten, but something still names them.",
        """
select id as account from accounts_customer
where erased_at is not null and (email is not null or name <> '' or phone <> '' or source_reference is not null)
order by id
""",
    ),
)


def findings() -> Iterator[Finding]:
    """One sentence for each account that cannot be right."""
    with connection.cursor() as cursor:
        yield from found(CHECKS, cursor)
