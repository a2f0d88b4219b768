"""Signing in with a code that is mailed: asking for it, and using it. What a guest gathered comes along."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from samband.commerce.cart import commands as cart_commands
from samband.commerce.cart import queries as carts
from samband.commerce.cart.refusals import CartClosed, CartFull, NoSuchCart, NotYourCart
from samband.customers.accounts import commands as accounts
from samband.engagement.messaging import commands as messaging

MINUTES_A_CODE_LASTS = int(accounts.CODE_LASTS.total_seconds() // 60)


@dataclass(frozen=True)
class SignedIn:
    """Who has come in, and with which cart. `left_behind` says why a guest's cart was not joined, if it was not."""

    customer_id: UUID
    cart_id: UUID | None
    left_behind: str = ""


@transaction.atomic
def ask_for_code(email: str, language: str) -> None:
    """Mail a code to the address, whether we know it or not. Raises NotAnEmail, TooManyCodes."""
    asked = accounts.ask_code(email, language)
    messaging.queue(
        kind="sign_in_code",
        send_key=str(asked.id),
        email=asked.email,
        language=language,
        about=f"sign_in_code:{asked.id}",
        facts={"code": asked.code},
    )


def sign_in(
    email: str,
    code: str,
    channel: str,
    language: str,
    market: str | None = None,
    guest_cart_id: UUID | None = None,
) -> SignedIn:
    """Let somebody in for the code and join what they gathered as a guest to their own cart.

    Raises WrongCode, NotAnEmail. A cart that cannot be joined does not keep anybody out.
    """
    customer_id = accounts.sign_in(email, code, channel, language, market).customer_id
    left_behind = ""
    if guest_cart_id is not None:
        try:
            joined = cart_commands.join(guest_cart_id, customer_id)
            return SignedIn(customer_id, joined.cart_id)
        except CartFull as refusal:
            left_behind = refusal.code
        except (NoSuchCart, CartClosed, NotYourCart):
            pass  # an old cart of somebody's on this browser: not this customer's to have
    own = carts.open_of(customer_id)
    return SignedIn(customer_id, own.id if own else None, left_behind)
