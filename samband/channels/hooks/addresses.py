"""Where a payer goes on from a page of ours: never to another site."""

from django.conf import settings

from samband.commerce.payments.asking import is_ours


def back_to(address: str) -> str:
    """Where the payer came from; checked when the payment was asked for, and once more now."""
    return address if address and is_ours(address) else str(settings.SITE_URL)
