"""Paying by link: whoever has an order's link may pay it, on any device, for as long as its goods are held."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from samband.commerce.inventory import queries as inventory
from samband.kernel.clock import now
from samband.kernel.refusal import Forbidden

SALT = "pay-link"
LONGEST = timedelta(days=14)
"""How long a link leads to paying at most; before that it ends with the hold of its order's goods."""


class PayLinkRefused(Forbidden):
    """This link to pay is not one of ours, or it is too old."""

    code = "pay_link_refused"


def link_to_pay(order_id: UUID, language: str, market: str) -> str:
    """The address at which a draft is paid; `language` and `market` are those of its page."""
    return f"{settings.SITE_URL}/pay/{token_for(order_id)}?at={language}-{market.lower()}"


def token_for(order_id: UUID) -> str:
    """What stands for the order in such a link."""
    return signing.dumps(order_id.hex, salt=SALT, compress=False)


def order_in(token: str) -> UUID:
    """The order that a link was made for; whether it can still be paid, its state tells. Raises PayLinkRefused."""
    try:
        return UUID(hex=signing.loads(token, salt=SALT, max_age=LONGEST))
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise PayLinkRefused() from error


def payable_until(order_id: UUID) -> datetime:
    """Until when a draft's link leads to paying: its goods are held that long, and no link lives longer.

    Raises UnknownHold.
    """
    return min(inventory.hold(order_id).lapses_at, now() + LONGEST)
