"""Identifiers: ordered so that an index on them stays warm, or unguessable where they open something."""

import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for each other when reading aloud."""


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): unique, and later ids sort after earlier ones."""
    return uuid7()


def readable_code(length: int) -> str:
    """An unguessable code that a person can read aloud (5 bits a character, nearly)."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def secret_token() -> str:
    """A secret for a link or a key: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)
