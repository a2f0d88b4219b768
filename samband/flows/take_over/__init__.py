"""Taking over a shop from another system: its goods, its customers and its history, so that twice is as good as once.

Whoever reads the outside files (`channels/connectors`) hands over what is in them, batch by batch; each batch is one
transaction and knows what of it is here already, by the other system's own references. So it may be killed anywhere
and begun again, and two may run at once. `receipts.sign_off` is the end: the same files again are then known at once.
"""

from .goods import Choices, Offer, bring_goods, open_categories, open_choices
from .ground import Ground, prepare
from .history import Deal, Note, bring_history, bring_notes, bring_orders
from .receipts import earlier, sign_off
from .writers import Writers

__all__ = [
    "Choices",
    "Deal",
    "Ground",
    "Note",
    "Offer",
    "Writers",
    "bring_goods",
    "bring_history",
    "bring_notes",
    "bring_orders",
    "earlier",
    "open_categories",
    "open_choices",
    "prepare",
    "sign_off",
]
