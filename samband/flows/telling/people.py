"""What people do who have an account, in the vocabulary's words."""

from collections.abc import Iterator

from samband.customers.touchpoints.shapes import Note
from samband.events.accounts import CustomerRegistered, CustomerSignedIn
from samband.events.cart import CartsJoined
from samband.timeline import Heard

from .facts import Facts
from .words import message, tells

SHOP = "shop"


@tells(CustomerRegistered)
def registered(heard: Heard, event: CustomerRegistered, facts: Facts) -> Iterator[Note]:
    """Somebody has an account. Those that were brought from another system did nothing themselves."""
    if event.source in ("shop", "api", "console", "pos", "kiosk") and (whose := facts.of_account(event.customer_id)):
        yield Note(
            message=message(heard),
            event="Signed Up",
            identifiers=whose,
            occurred_at=heard.at,
            channel=event.source,
        )


@tells(CustomerSignedIn)
def signed_in(heard: Heard, event: CustomerSignedIn, facts: Facts) -> Iterator[Note]:
    """Somebody proved that the address of an account is theirs."""
    if whose := facts.of_account(event.customer_id):
        yield Note(
            message=message(heard),
            event="Signed In",
            identifiers=whose,
            occurred_at=heard.at,
            channel=event.channel,
        )


@tells(CartsJoined)
def carts_joined(heard: Heard, event: CartsJoined, facts: Facts) -> Iterator[Note]:
    """What a guest had gathered is the customer's own now, whichever device it was gathered on."""
    if whose := facts.of_account(event.customer_id):
        yield Note(
            message=message(heard),
            event="Cart Handed Over",
            identifiers=whose,
            occurred_at=heard.at,
            channel=SHOP,
            properties={"cart_id": str(event.cart_id), "how": "signed_in"},
        )
