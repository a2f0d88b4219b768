"""What can be asked about the staff and their keys."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from .models import ApiKey, Member
from .refusals import UnknownKey
from .rules import hash_of


@dataclass(frozen=True)
class Key:
    """A key for the API; `scopes` is what it opens."""

    prefix: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Colleague:
    """One of the staff, as others see them."""

    email: str
    name: str
    role: str
    location: str
    language: str
    is_active: bool


def api_key(whole: str) -> Key:
    """The key that was presented. Raises UnknownKey for anything but a live key's exact text."""
    start, _, rest = whole.partition("_")
    prefix, _, secret = rest.partition("_")
    found = (
        ApiKey.objects.filter(prefix=prefix, revoked_at__isnull=True).first()
        if start == "sb" and "\x00" not in prefix
        else None
    )
    if found is None or not hmac.compare_digest(bytes(found.hash), hash_of(secret)):
        raise UnknownKey()
    return _key(found)


def api_keys() -> tuple[Key, ...]:
    """All keys ever issued, newest first."""
    return tuple(_key(found) for found in ApiKey.objects.order_by("-created_at"))


def _key(row: ApiKey) -> Key:
    return Key(row.prefix, row.name, frozenset(row.scopes), row.created_at, row.revoked_at)


def colleagues() -> tuple[Colleague, ...]:
    """Everybody on the staff, by name."""
    return tuple(
        Colleague(member.email, member.name, member.role, member.location, member.language, member.is_active)
        for member in Member.objects.order_by("name", "email")
    )
