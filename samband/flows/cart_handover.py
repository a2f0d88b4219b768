"""A cart goes from one device to another, from the till to a phone and back, and stays the same cart."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import CartClosed, NotYourCart
from samband.commerce.cart.rules import CartView
from samband.kernel.clock import in_future
from samband.kernel.refusal import Forbidden

SALT = "cart-handover"
LASTS = timedelta(hours=24)
"""How long whoever has the code may take the cart."""


class HandoverRefused(Forbidden):
    """This code is not one of ours, or it is too old."""

    code = "handover_refused"


def hand_out(cart_id: UUID) -> tuple[str, datetime]:
    """A code by which another device takes this cart over, and until when. Raises NoSuchCart, CartClosed."""
    found = carts.cart(cart_id)
    if found.state != "open":
        raise CartClosed(state=found.state)
    return signing.dumps(str(cart_id), salt=SALT, compress=False), in_future(seconds=LASTS.total_seconds())


def link_to(token: str) -> str:
    """The address that a phone opens to take the cart over."""
    return f"{settings.SITE_URL}/cart/take/{token}"


def take_over(token: str, customer_id: UUID | None = None) -> CartView:
    """The cart that a code stands for, wherever it has gone since; a customer's own takes it in.

    Raises HandoverRefused, NoSuchCart, CartClosed (it was ordered), NotYourCart (it belongs to somebody else by now),
    CartFull.
    """
    found = carts.followed(carts.cart(cart_in(token)))
    if found.state != "open":
        raise CartClosed(state=found.state)
    if found.customer_id is not None:
        # Whoever holds the code of a customer's cart holds the customer's phone: the till may look, nobody else.
        if customer_id not in (None, found.customer_id):
            raise NotYourCart()
        return found
    if customer_id is None:
        return found
    return carts.cart(cart_commands.join(found.id, customer_id).cart_id)


def cart_in(token: str) -> UUID:
    """The cart that a code was made for. Raises HandoverRefused."""
    try:
        return UUID(signing.loads(token, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise HandoverRefused() from error
