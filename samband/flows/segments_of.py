"""The segments that somebody with an account is in: for prices and offers."""

from uuid import UUID

from samband.customers.identity import queries as identity
from samband.customers.segments import queries as segments

from .may_we import may_we


def segments_of(account_id: UUID | None, purpose: str = "profiling") -> tuple[str, ...]:
    """The segments of the customer whose account this is, if they let us choose offers by what we know of them.

    None for nobody, and none for whoever refused or was never asked. Two statements for those who are in none, else
    five. Raises NoSuchPurpose.
    """
    customer = identity.customer_of(account_id) if account_id is not None else None
    found = segments.of_customer(customer) if customer is not None else ()
    return found if customer is not None and found and may_we(customer, purpose).allowed else ()
