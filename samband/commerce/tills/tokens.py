"""How what opens a door is kept."""

import hashlib


def hash_of(secret: str) -> bytes:
    """A device's token is 256 random bits, so a plain hash is enough; an enrolment code has 40 and half an hour."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()
