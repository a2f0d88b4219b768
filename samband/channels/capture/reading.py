"""A request as a WSGI server hands it over: its body, whole and unpacked, and the key it came with."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any

from .refusals import BodyTooLarge, BrokenGzip, UnknownEncoding

LARGEST_BYTES = 4 * 1024 * 1024
"""More than that is not even unpacked."""

MOST_PARTS = 16
LONGEST_KEY = 200

Environ = Mapping[str, Any]


def body_of(environ: Environ, most: int = LARGEST_BYTES) -> bytes:
    """The body, unpacked, of at most so many bytes. Raises BodyTooLarge (found out before it is read or unpacked
    whole), BrokenGzip, UnknownEncoding.
    """
    said = environ.get("CONTENT_LENGTH") or "0"
    if said.isdecimal() and int(said[:20]) > most:
        raise BodyTooLarge(most=most)
    body: bytes = environ["wsgi.input"].read(most + 1)
    if len(body) > most:
        raise BodyTooLarge(most=most)
    match environ.get("HTTP_CONTENT_ENCODING", "").strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return unpacked(body, most)
        case _:
            raise UnknownEncoding()


def unpacked(packed: bytes, most: int) -> bytes:
    """What was packed with gzip, of at most so many bytes. Raises BrokenGzip, BodyTooLarge."""
    parts: list[bytes] = []
    had = 0
    while packed:
        if len(parts) == MOST_PARTS:
            raise BrokenGzip()
        inflating = zlib.decompressobj(wbits=31)
        try:
            part = inflating.decompress(packed, most - had + 1)
        except zlib.error as error:
            raise BrokenGzip() from error
        had += len(part)
        if had > most:
            raise BodyTooLarge(most=most)
        if not inflating.eof:
            raise BrokenGzip()
        parts.append(part)
        packed = inflating.unused_data
    return parts[0] if len(parts) == 1 else b"".join(parts)


def key_of(environ: Environ) -> str | None:
    """The write key of the Authorization header: Basic `KEY:`, or Bearer. It is looked at here and kept nowhere."""
    scheme, _, said = environ.get("HTTP_AUTHORIZATION", "")[: LONGEST_KEY * 2].strip().partition(" ")
    said = said.strip()
    match scheme.lower():
        case "basic":
            try:
                named = base64.b64decode(said, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError, ValueError):
                return None
            return named.partition(":")[0] or None
        case "bearer":
            return said or None
        case _:
            return None


def refuses_sale(environ: Environ) -> bool:
    """Whether the browser says by Sec-GPC (Global Privacy Control) that its person's data is not to be sold."""
    return bool(environ.get("HTTP_SEC_GPC", "").strip() == "1")
