"""What is kept so that the tables alone tell nothing: keyed hashes, and secrets under a key of the house's own."""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class Unreadable(Exception):
    """It was not sealed with the secret that this house has now, or for somebody else."""


def keyed(purpose: str, text: str) -> bytes:
    """A hash (HMAC-SHA256, 32 bytes) that nobody can try out without the house's secret."""
    return hmac.digest(_key(settings.STAFF_SECRET, purpose), text.encode(), hashlib.sha256)


def seal(purpose: str, about: str, secret: bytes) -> bytes:
    """Encrypt (AES-256-GCM) for one purpose and one owner; what belongs to one cannot be moved to another."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(settings.STAFF_SECRET, purpose)).encrypt(nonce, secret, about.encode())


def unseal(purpose: str, about: str, sealed: bytes) -> bytes:
    """What was sealed. Raises Unreadable."""
    try:
        return AESGCM(_key(settings.STAFF_SECRET, purpose)).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode()
        )
    except InvalidTag as error:
        raise Unreadable from error


@lru_cache(maxsize=32)
def _key(secret: str, purpose: str) -> bytes:
    """A key for each purpose, drawn from the one secret (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=f"samband staff {purpose}".encode()).derive(secret.encode())
