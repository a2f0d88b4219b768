"""What the page needs on which a payer types a card into Stripe's fields, or meets their bank's second factor."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from samband.kernel.money import Money

from .refusals import PaymentNotFound


@dataclass(frozen=True, slots=True)
class AtStripe:
    """A payment that waits for its payer. `secret` lets a browser go on with this one payment; `typed`: with which card
    is still to be said. `script` is Stripe's own, `key` the one that browsers may know.
    """

    reference: str
    amount: Money
    secret: str
    key: str
    script: str
    typed: bool
    open: bool
    return_url: str
    language: str


def at_stripe(reference: str) -> AtStripe:
    """The payment that a payer is asked about. Raises PaymentNotFound; asks Stripe, so never inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select return_url, language from payments_stripedeed"
            " where reference = %s and split_part(key, ':', 2) = 'authorise'",
            [reference],
        )
        row = cursor.fetchone()
    if row is None or not settings.STRIPE_SECRET_KEY:
        raise PaymentNotFound()
    from .providers import stripe

    secret, amount, to_do = stripe.for_browser(reference)
    return AtStripe(
        reference=reference,
        amount=amount,
        secret=secret,
        key=settings.STRIPE_PUBLISHABLE_KEY,
        script=settings.STRIPE_JS,
        typed=to_do == "type",
        open=bool(to_do),
        return_url=row[0],
        language=row[1],
    )
