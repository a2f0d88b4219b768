"""The segments that somebody with an account is in: for prices and offers."""

from uuid import UUID

from samband.customers.identity import queries as identity
from samband.customers.segments import queries as segments


def segments_of(account_id: UUID | None) -> tuple[str, ...]:
    """The segments of the customer whose account this is; none for nobody. Two statements."""
    if account_id is None:
        return ()
    customer = identity.customer_of(account_id)
    return segments.of_customer(customer) if customer else ()
