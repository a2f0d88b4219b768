"""Links to an order that open it without signing in: for mails to whoever ordered."""

from uuid import UUID

from django.conf import settings
from django.core import signing

from samband.kernel.languages import DEFAULT, LANGUAGES

_signer = signing.Signer(salt="shop.order-link")


def order_link(order_id: UUID, number: str, language: str, market: str) -> str:
    """The address of an order's page, signed: whoever has it may look."""
    spoken = language if language in LANGUAGES else DEFAULT
    token = _signer.sign_object(str(order_id))
    return f"{settings.SITE_URL}/{spoken}-{market.lower()}/order/{number}/?t={token}"


def opens(token: str) -> UUID | None:
    """Which order a token opens."""
    try:
        return UUID(_signer.unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError):
        return None
