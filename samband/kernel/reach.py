"""Where a person can be found: under all that they are known by. Rooms export and erase by it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything one customer is known by at this moment.

    `accounts` are their ids in the shop, `numbers` and `keys` name their identifiers, `emails` and `phones` are those
    among them in clear, each in its one form. The rest are ids of what rooms keep for them and found on the way: whom
    to tell about orders (`contacts`), where goods went (`addresses`), orders, carts and fulfillments.
    """

    customer: UUID
    accounts: tuple[UUID, ...]
    numbers: tuple[int, ...]
    keys: tuple[UUID, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    contacts: tuple[UUID, ...] = ()
    addresses: tuple[UUID, ...] = ()
    orders: tuple[UUID, ...] = ()
    carts: tuple[UUID, ...] = ()
    fulfillments: tuple[UUID, ...] = ()
