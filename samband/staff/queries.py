"""What can be asked about the staff and their keys."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from . import session_store
from .models import ApiKey, Member, Session
from .refusals import UnknownKey
from .rules import hash_of, may


@dataclass(frozen=True)
class Key:
    """A key for the API; `scopes` is what it opens."""

    prefix: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Sitting:
    """Somebody's session at the console; `name` tells it from their others, `address` is a network, not a machine."""

    name: str
    agent: str
    address: str
    began_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class Colleague:
    """One of the staff, as others see them."""

    id: UUID
    email: str
    name: str
    role: str
    location: str
    language: str
    is_active: bool


@dataclass(frozen=True)
class Cashier:
    """Somebody who may stand at a till. `location` is empty for those of every store; `pin_set_at` if they have one."""

    id: UUID
    name: str
    role: str
    location: str
    language: str
    pin_set_at: datetime | None

    def may(self, part: str) -> bool:
        """Whether this person's role opens a part."""
        return may(self.role, part, change=True)


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
    return tuple(map(_colleague, Member.objects.order_by("name", "email")))


def colleague(member_id: UUID) -> Colleague | None:
    """One of the staff, if they were ever one."""
    found = Member.objects.filter(pk=member_id).first()
    return _colleague(found) if found else None


def _colleague(row: Member) -> Colleague:
    return Colleague(row.id, row.email, row.name, row.role, row.location, row.language, row.is_active)


def sittings(member_id: UUID) -> tuple[Sitting, ...]:
    """Where somebody is signed in to the console, the latest first."""
    rows = Session.objects.filter(member_id=member_id, **session_store.alive()).order_by("-seen_at")
    return tuple(
        Sitting(session_store.name_of_hash(one.pk), one.agent, one.address, one.began_at, one.seen_at) for one in rows
    )


def cashier(member_id: UUID) -> Cashier | None:
    """Somebody who may stand at a till, if they may (still)."""
    member = Member.objects.select_related("pin").filter(pk=member_id, is_active=True).first()
    return _cashier(member) if member and may(member.role, "till", change=True) else None


def cashiers(location: str) -> tuple[Cashier, ...]:
    """Everybody who may stand at a till of this location, by name."""
    members = Member.objects.select_related("pin").filter(is_active=True, location__in=("", location)).order_by("name")
    return tuple(_cashier(member) for member in members if may(member.role, "till", change=True))


def name_of(member_id: UUID) -> str:
    """What somebody of the staff is called, if they were ever one."""
    return Member.objects.filter(pk=member_id).values_list("name", flat=True).first() or ""


def opens_to(member_id: UUID, part: str) -> bool:
    """Whether somebody of the staff may (still) do what belongs to a part of the console."""
    role = Member.objects.filter(pk=member_id, is_active=True).values_list("role", flat=True).first()
    return role is not None and may(role, part, change=True)


def names(member_ids: set[UUID]) -> dict[UUID, str]:
    """What these colleagues are called."""
    return dict(Member.objects.filter(pk__in=member_ids).values_list("pk", "name"))


def _cashier(member: Member) -> Cashier:
    pin = getattr(member, "pin", None)
    return Cashier(member.id, member.name, member.role, member.location, member.language, pin.set_at if pin else None)
