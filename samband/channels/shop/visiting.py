"""What a visit leaves behind, if its visitor lets it: what pages show, for the script that tells it, and who it was.

The pages are the same for everybody and name nobody. That a browser is somebody's is said here, by the server that let
them in, and only of a browser whose visitor agreed to statistics.
"""

from typing import Any
from uuid import UUID

import msgspec
from markupsafe import Markup

from samband.customers.consent.purposes import STATISTICS
from samband.flows import telling
from samband.flows.basket import Basket
from samband.kernel.identifier import NotAnIdentifier, identifier

from .storefronts import CHANNEL
from .visits import Visit

DOOR = "/v1/b"
"""Where the script tells what was seen: the browser's own form of the tracking API."""


def seen(event: str, **properties: Any) -> Markup:
    """What a page shows, written where only the script looks. Nothing of the visitor's own belongs here."""
    said = {name: value for name, value in properties.items() if value not in (None, "", [], ())}
    text = msgspec.json.encode(said).decode()
    return Markup('<div hidden data-seen="{}" data-said="{}"></div>').format(event, text)


def told_goods(basket: Basket) -> dict[str, Any]:
    """A basket as properties: its goods and what they come to."""
    priced = {line.sku: line for line in basket.quote.lines} if basket.quote else {}
    products = [
        {
            "sku": line.sku,
            "category": line.item.category if line.item else "",
            "quantity": line.quantity,
            "price": float(priced[line.sku].unit.decimal) if line.sku in priced else None,
        }
        for line in basket.lines
    ]
    worth = basket.quote.total if basket.quote else None
    return {
        "products": products,
        "value": float(worth.decimal) if worth else None,
        "currency": worth.currency if worth else "",
    }


def known_as(visit: Visit) -> str:
    """The number that this browser may be known by; nothing unless its visitor agreed to statistics."""
    choices = visit.choices
    return choices.visitor if choices and STATISTICS in choices.agreed else ""


def is_customer(visit: Visit, customer_id: UUID, how: str) -> None:
    """A customer is in this browser: signed_in or ordered. Not inside a transaction."""
    if browser := known_as(visit):
        telling.seen_together(customer_id, browser, CHANNEL, how)


def took_over(visit: Visit, cart_id: UUID) -> None:
    """A cart from a till or another device goes on in this browser. Not inside a transaction."""
    if browser := known_as(visit):
        who = [*telling.account(visit.customer_id), *telling.cookie(browser)]
        telling.saw("Cart Handed Over", CHANNEL, who, {"cart_id": str(cart_id), "how": "taken"}, rule="signed_in")


def is_guest(visit: Visit, email: str) -> None:
    """Somebody ordered from this browser and gave an address. Not inside a transaction."""
    if browser := known_as(visit):
        try:
            who = [identifier("email", email), *telling.cookie(browser)]
        except NotAnIdentifier:
            return
        telling.saw("Identified", CHANNEL, who, {"how": "ordered"}, rule="stated")
