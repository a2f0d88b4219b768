"""Links by which an address tells what it may be sent, without signing in. They name nobody and never grow old."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

from samband.kernel.identifier import KINDS

from .deciding import Address
from .purposes import PURPOSES
from .refusals import NotALink

SALT = "consent.address"


@dataclass(frozen=True, slots=True)
class Letter:
    """What a link was written for: an address, and the purpose of the letter it stood in (none on other pages)."""

    address: Address
    purpose: str


def token_for(address: Address, purpose: str = "") -> str:
    """What stands for an address in such a link."""
    return signing.dumps([address.key.hex, KINDS.index(address.kind), purpose], salt=SALT)


def read(token: str) -> Letter:
    """Raises NotALink."""
    try:
        key, kind, purpose = signing.loads(token, salt=SALT)
        letter = Letter(Address(UUID(hex=key), KINDS[kind]), purpose)
    except (signing.BadSignature, ValueError, TypeError, IndexError, AttributeError) as error:
        raise NotALink() from error
    if purpose and purpose not in PURPOSES:
        raise NotALink()
    return letter


def to_stop(address: Address, purpose: str) -> str:
    """Where a letter for a purpose is stopped, by a person or by a mail program at one click (RFC 8058)."""
    return f"{settings.SITE_URL}/unsubscribe/{token_for(address, purpose)}"


def headers(address: Address, purpose: str) -> dict[str, str]:
    """What every letter that is not asked for by an order carries: RFC 2369 `List-Unsubscribe`, RFC 8058 `-Post`."""
    return {
        "List-Unsubscribe": f"<{to_stop(address, purpose)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
