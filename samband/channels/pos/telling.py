"""What a till sees of whoever stands before it, besides what it sells them: that they came, and with which cart.

A sale tells itself, wherever it was made. A till is nobody's device: it is a property, and joins no two people.
"""

from uuid import UUID

from samband.commerce.cart import queries as carts
from samband.flows import telling
from samband.flows.till_snapshot import CHANNEL

from .door import Asked


def came(asked: Asked, customer_id: UUID | None, cart_id: str) -> None:
    """A customer was found at the till. Kept of those who agreed to it, once a cart. Not inside a transaction."""
    if who := telling.who_agreed(customer_id):
        telling.saw(
            "Store Visited",
            CHANNEL,
            who,
            {"store": asked.device.location, "how": "known_at_till", "device": str(asked.device.id)},
            place=asked.device.location,
            message=f"till:{cart_id}:{customer_id}",
        )


def took_over(asked: Asked, cart_id: str) -> None:
    """Somebody brought their cart along on a phone. Not inside a transaction."""
    telling.saw(
        "Cart Handed Over",
        CHANNEL,
        telling.account(carts.cart(UUID(cart_id)).customer_id),
        {"cart_id": cart_id, "how": "till", "device": str(asked.device.id), "store": asked.device.location},
        place=asked.device.location,
        message=f"till:{asked.device.id}:{asked.key}",
    )
