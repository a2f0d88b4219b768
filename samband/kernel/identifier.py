"""What people are known by: a kind, a value in its one form, and a keyed hash that tells a finder nothing."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

import phonenumbers

from .refusal import Invalid

KINDS = ("account", "user", "loyalty", "email", "phone", "card", "social", "device", "cookie")
"""The kinds of identifiers, the ones that say most about who somebody is first.

An *account* is a customer of ours (its id), a *user* one of another system (`namespace` names that system), a *card*
the fingerprint a payment provider gives of one, a *social* handle has its network for a namespace, a *device* is an
installed app or a till, a *cookie* whatever a browser or an app calls itself before anybody signed in (Segment's
anonymousId).
"""

PERSONAL = frozenset({"user", "loyalty", "email", "phone", "card", "social"})
"""Kinds whose value names a person to somebody who only has the value."""

LONGEST = 320

# What careless clients send when they know nobody: all of them together would be one customer.
_NOBODY = frozenset(
    "0 00000000-0000-0000-0000-000000000000 -1 anonymous false guest n/a na nan nil nobody none null true undefined"
    " unknown (null) default".split()
) | {"[object object]"}
_EMAIL = re.compile(
    r"[^\s@<>\"(),:;\\\[\]\x00-\x1f\x7f]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)
_secret = b""


class NotAnIdentifier(Invalid):
    """That is nothing somebody could be known by."""

    code = "not_an_identifier"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """Something that somebody is known by. Make one with `identifier`, which brings the value into its one form."""

    kind: str
    value: str
    namespace: str = ""

    @property
    def key(self) -> UUID:
        """The keyed hash (BLAKE2b, 128 bits); an account's own id is a key already."""
        return key_of(self.kind, self.value, self.namespace)


def identifier(kind: str, value: str, namespace: str = "", *, country: str | None = None) -> Identifier:
    """The identifier in its one form; a telephone number without + is dialled in `country`.

    Raises NotAnIdentifier for a kind there is not, for nothing, for too much, and for what clients send instead of
    nothing ("undefined", "guest", a UUID of zeros).
    """
    if kind not in KINDS or not isinstance(value, str):
        raise NotAnIdentifier(kind=str(kind)[:20])
    clean = unicodedata.normalize("NFC", value).strip()
    if not clean or len(clean) > LONGEST or "\x00" in clean or clean.lower() in _NOBODY:
        raise NotAnIdentifier(kind=kind)
    return Identifier(kind, _FORMS.get(kind, _as_it_is)(clean, country), namespace)


def _as_it_is(value: str, country: str | None) -> str:
    return value


def _email(value: str, country: str | None) -> str:
    address = value.lower()
    if len(address) > 254 or ".." in address or not _EMAIL.fullmatch(address):
        raise NotAnIdentifier(kind="email")
    return address


def _phone(value: str, country: str | None) -> str:
    try:
        number = phonenumbers.parse(value[:40], country)
    except phonenumbers.NumberParseException as error:
        raise NotAnIdentifier(kind="phone") from error
    if not phonenumbers.is_possible_number(number):
        raise NotAnIdentifier(kind="phone")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _account(value: str, country: str | None) -> str:
    try:
        return str(UUID(value))
    except ValueError as error:
        raise NotAnIdentifier(kind="account") from error


def _handle(value: str, country: str | None) -> str:
    return value.removeprefix("@").lower()


def _loyalty(value: str, country: str | None) -> str:
    return re.sub(r"[\s-]", "", value).upper()


_FORMS = {"account": _account, "email": _email, "phone": _phone, "social": _handle, "loyalty": _loyalty}


def key_of(kind: str, value: str, namespace: str = "") -> UUID:
    """The keyed hash of an identifier whose value is in its one form already."""
    if kind == "account":
        return UUID(value)
    told = f"{kind}\x00{namespace}\x00{value}".encode()
    return UUID(bytes=hashlib.blake2b(told, digest_size=16, key=_secret).digest())


def use_secret(secret: str) -> None:
    """Key the hashes with this from now on; conf says it once, before anybody asks."""
    global _secret
    _secret = hashlib.blake2b(secret.encode(), digest_size=32).digest()
