"""What has to be known of orders and people before an event of theirs can be told: values, and nothing that asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from samband.commerce.orders.sold import Sold
from samband.kernel.identifier import Identifier, NotAnIdentifier, identifier


@dataclass(frozen=True, slots=True)
class Paid:
    """So much of an order, in minor units, is paid by this method."""

    method: str
    amount: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known besides the events: of orders by id, of contacts, SKUs, markets and fulfillments by their names.

    `erased` are accounts of which nothing may be told any more.
    """

    orders: Mapping[UUID, Sold] = field(default_factory=dict)
    payments: Mapping[UUID, tuple[Paid, ...]] = field(default_factory=dict)
    emails: Mapping[UUID, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[UUID, str] = field(default_factory=dict)
    erased: frozenset[UUID] = frozenset()

    def of_order(self, order: Sold) -> tuple[Identifier, ...]:
        """Who ordered: the account, else the address that was given; nobody for a sale to somebody unknown."""
        if order.customer_id is not None:
            return self.of_account(order.customer_id)
        try:
            return (identifier("email", self.emails.get(order.contact_id, "") if order.contact_id else ""),)
        except NotAnIdentifier:
            return ()

    def of_account(self, customer_id: UUID) -> tuple[Identifier, ...]:
        """The account, unless it was erased: then it is nobody's."""
        return () if customer_id in self.erased else (Identifier("account", str(customer_id)),)
