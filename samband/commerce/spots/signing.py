"""What a code says and how it is signed: bytes in, bytes out. No clock, no database, no framework.

A token is one byte of kind, what it says, and the first ten bytes of the HMAC-SHA256 (RFC 2104) of all that under the
house's key, in base64 for addresses (RFC 4648, section 5). Eighty bits of a keyed hash cannot be guessed through a web
server, and leave a code on paper coarse enough for an old phone: 23 letters for a printed code, 28 for one on a screen.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from .refusals import CodeForged

PRINTED, SHOWN, PASS = 1, 2, 3
MAC_BYTES = 10
LONGEST = 64
LARGEST_SPOT = 2**32 - 1
LARGEST_EDITION = 2**16 - 1

_BODIES = {PRINTED: struct.Struct(">BIH"), SHOWN: struct.Struct(">BIHI"), PASS: struct.Struct(">B16s")}


@dataclass(frozen=True, slots=True)
class Printed:
    """A code on paper: a spot, and the edition of its codes."""

    spot: int
    edition: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A code on a screen: the same, and the minute since 1970 (UTC) at which it was shown."""

    spot: int
    edition: int
    minute: int


@dataclass(frozen=True, slots=True)
class Passing:
    """An exit pass, by its id."""

    pass_id: UUID


Said = Printed | Shown | Passing


def key_of(secret: str) -> bytes:
    """The key for codes, drawn from the site's secret, so that a code never helps with anything else it signs."""
    return hmac.digest(secret.encode(), b"samband.spots.code", hashlib.sha256)


def token(said: Said, key: bytes) -> str:
    """What stands in the address. Raises struct.error for numbers that no spot has."""
    body = _body(said)
    return base64.urlsafe_b64encode(body + _mac(body, key)).rstrip(b"=").decode()


def read(text: str, keys: Sequence[bytes]) -> Said:
    """What a token says, signed under any of these keys. Raises CodeForged for everything that we did not write.

    There is one spelling of each token: letters that change nothing but are not ours are refused too.
    """
    raw = _raw(text)
    layout = _BODIES.get(raw[0])
    if layout is None or len(raw) != layout.size + MAC_BYTES:
        raise CodeForged()
    body, mac = raw[: layout.size], raw[layout.size :]
    if not any(hmac.compare_digest(mac, _mac(body, key)) for key in keys):
        raise CodeForged()
    kind, *values = layout.unpack(body)
    match kind:
        case 1:
            return Printed(*values)
        case 2:
            return Shown(*values)
        case _:
            return Passing(UUID(bytes=values[0]))


def _body(said: Said) -> bytes:
    match said:
        case Printed():
            return _BODIES[PRINTED].pack(PRINTED, said.spot, said.edition)
        case Shown():
            return _BODIES[SHOWN].pack(SHOWN, said.spot, said.edition, said.minute)
        case Passing():
            return _BODIES[PASS].pack(PASS, said.pass_id.bytes)


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)[:MAC_BYTES]


def _raw(text: str) -> bytes:
    if not 1 <= len(text) <= LONGEST or not text.isascii():
        raise CodeForged()
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CodeForged() from error
    if not raw or base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise CodeForged()
    return raw
