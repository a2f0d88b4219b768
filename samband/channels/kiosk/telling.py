"""What a phone in the store leaves behind: that somebody came in, and what they scanned.

Whose it was is kept only of customers who are signed in and agreed to it; of everybody else, that it happened.
"""

from samband.commerce.spots.queries import VisitView
from samband.flows import telling

from .pages import CHANNEL
from .visitors import Visitor


def arrived(visitor: Visitor, visit: VisitView) -> None:
    """Somebody is in the store. Not inside a transaction."""
    telling.saw(
        "Store Visited",
        CHANNEL,
        telling.who_agreed(visitor.customer_id),
        {"store": visit.location, "how": visit.presence, "purpose": visit.purpose, "language": visitor.language},
        place=visit.location,
        message=f"visit:{visit.id}",
        at=visit.opened_at,
    )


def scanned(visitor: Visitor, sku: str, category: str) -> None:
    """Something was scanned and put into the basket. Not inside a transaction."""
    visit = visitor.on_visit()
    telling.saw(
        "Item Scanned",
        CHANNEL,
        telling.who_agreed(visitor.customer_id),
        {"sku": sku, "category": category, "quantity": 1, "store": visit.location},
        place=visit.location,
    )
