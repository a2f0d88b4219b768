"""Segments ask about agreements and about the groups that staff put people into: whoever is concerned is looked at."""

from collections.abc import Sequence
from uuid import UUID

from samband.customers.identity import queries as identity
from samband.customers.segments import commands as segments
from samband.events.accounts import CustomerChanged
from samband.events.consent import ConsentGiven, ConsentWithdrawn
from samband.kernel.event import Event
from samband.timeline import Heard, on_many


@on_many(ConsentGiven, ConsentWithdrawn, CustomerChanged)
def look_again(heard: Sequence[Heard]) -> None:
    """Have those evaluated soon whose address this was, or whose account."""
    keys = {_key(each.event) for each in heard}
    segments.wake(set(identity.customers_of(keys).values()))


def _key(event: Event) -> UUID:
    match event:
        case ConsentGiven() | ConsentWithdrawn():
            return event.address
        case CustomerChanged():
            return event.customer_id
    raise TypeError(f"{event.name} is not listened for here")
