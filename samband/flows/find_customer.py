"""Finding the customer who stands at the counter: by their mail, their number, or the code on their phone.

Never by a name, and never by a part of anything: whoever works at a till learns of those who are there, not of others.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing

from samband.commerce.cart import queries as carts
from samband.customers.accounts import queries as accounts
from samband.customers.accounts import rules
from samband.customers.accounts.queries import CustomerView
from samband.customers.accounts.refusals import NotAnEmail, NotAPhone
from samband.kernel.clock import now
from samband.kernel.refusal import Forbidden, Invalid, NotFound

SALT = "customer-code"
PREFIX = "samband:me:"
"""What a code on a phone begins with, so that a scanner knows it from goods."""

LASTS = timedelta(minutes=5)
"""How long a code on a phone says who holds it: as long as the phone is likely in the same hand."""

MOST = 5


class CustomerCodeRefused(Forbidden):
    """This code is not one of ours, or it is too old: the customer opens it anew."""

    code = "customer_code_refused"


@dataclass(frozen=True, slots=True)
class Found:
    """A customer, and the cart that waits for them, if one does."""

    customer: CustomerView
    cart_id: UUID | None
    pieces: int


def code_for(customer_id: UUID) -> str:
    """What a customer's phone shows as a QR code, good for five minutes."""
    return PREFIX + signing.dumps([customer_id.hex, int(now().timestamp())], salt=SALT, compress=False)


def is_code(text: str) -> bool:
    """Whether a text claims to be such a code."""
    return text.startswith(PREFIX)


def find(text: str, country: str) -> tuple[Found, ...]:
    """Whoever this mail, number (dialled in `country`) or code belongs to: several may share a number.

    Raises CustomerCodeRefused, and Invalid for what is neither.
    """
    text = text.strip()
    if is_code(text):
        return (by_code(text),)
    if "@" in text:
        return tuple(_with_cart(one) for one in _by_email(text))
    return tuple(_with_cart(one) for one in _by_phone(text, country))


def by_code(text: str) -> Found:
    """Whose phone shows this code. Raises CustomerCodeRefused."""
    try:
        said, shown_at = signing.loads(text.removeprefix(PREFIX), salt=SALT)
        customer = accounts.customer(UUID(hex=said))
        old = now().timestamp() - shown_at > LASTS.total_seconds()
    except (signing.BadSignature, ValueError, TypeError, AttributeError, NotFound) as error:
        raise CustomerCodeRefused() from error
    if old or customer.erased_at is not None:
        raise CustomerCodeRefused()
    return _with_cart(customer)


def found(customer_id: UUID) -> Found:
    """A customer who is known already. Raises NotFound."""
    return _with_cart(accounts.customer(customer_id))


def _by_email(text: str) -> list[CustomerView]:
    try:
        customer = accounts.by_email(rules.email(text))
    except NotAnEmail as error:
        raise Invalid("That is no mail address, telephone number or code.", fields=["by"]) from error
    return [customer] if customer and customer.erased_at is None else []


def _by_phone(text: str, country: str) -> list[CustomerView]:
    try:
        number = rules.phone(text, country)
    except NotAPhone as error:
        raise Invalid("That is no mail address, telephone number or code.", fields=["by"]) from error
    if not number:
        raise Invalid("That is no mail address, telephone number or code.", fields=["by"])
    return [one for one in accounts.search(number) if one.phone == number][:MOST]


def _with_cart(customer: CustomerView) -> Found:
    cart = carts.open_of(customer.id)
    return Found(customer, cart.id if cart else None, cart.pieces if cart else 0)
