"""What a customer ordered, signed in or as a guest with the address that they have proved to be theirs."""

from uuid import UUID

from samband.commerce.orders import queries as orders
from samband.commerce.orders.queries import OrderCard, OrderView
from samband.customers.accounts import queries as accounts


def customer_orders(customer_id: UUID, before: UUID | None = None, most: int = 20) -> tuple[OrderCard, ...]:
    """Their orders, newest first; `before` is the last one of the page before. Two statements."""
    return orders.of_customer([customer_id], before, most, accounts.guest_contacts(customer_id))


def is_theirs(order: OrderView, customer_id: UUID) -> bool:
    """Whether the order is this customer's."""
    if order.customer_id is not None:
        return order.customer_id == customer_id
    return order.contact_id in accounts.guest_contacts(customer_id)
