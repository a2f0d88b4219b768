"""Notices of other shops: which source they are of, whether they are signed with its secret, and what they say."""

import base64
import binascii
import hashlib
import hmac
import os
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest

from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.refusals import UnknownSource
from samband.customers.touchpoints.shapes import Origin
from samband.kernel.refusal import Invalid, Refusal

LARGEST_BYTES = 4 * 1024 * 1024
"""An order with hundreds of lines is a few hundred kilobytes; nothing is read of what is larger."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Forged(Refusal):
    """That was not signed with this source's secret."""

    code = "forged_notice"
    status = 401


class NotSetUp(Refusal):
    """Nobody has said yet with which secret this source signs."""

    code = "secret_missing"
    status = 503


class Unreadable(Invalid):
    """That is signed, but it is no JSON object."""

    code = "malformed"
    status = 400


class TooLarge(Refusal):
    """A notice is never that long."""

    code = "notice_too_large"
    status = 413


def origin_of(slug: str) -> Origin:
    """The webhook source of this name. Raises UnknownSource."""
    origin = touchpoints.origin(slug)
    if origin.kind != "webhook":
        raise UnknownSource(slug=slug[:60])
    return origin


def body_of(request: HttpRequest) -> bytes:
    """The raw body. Raises TooLarge before anything of it is read."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdecimal() or int(said) > LARGEST_BYTES:
        raise TooLarge()
    return request.body


def check(body: bytes, signature: str, slug: str) -> None:
    """Compare the base64 HMAC-SHA256 of the raw body, in a time that tells nothing. Raises NotSetUp, Forged."""
    secrets = list(secrets_of(slug))
    if not secrets:
        raise NotSetUp()
    try:
        said = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        said = b""
    # All are tried, so that the time says nothing either about which of them fits.
    right = [hmac.compare_digest(hmac.digest(secret, body, hashlib.sha256), said) for secret in secrets]
    if not any(right):
        raise Forged()


def secrets_of(slug: str) -> Iterator[bytes]:
    """The source's secrets, several while one is changed for another: a line each.

    They stand in the environment as SAMBAND_HOOK_<NAME>, or in the file secrets/hook_<name> of SAMBAND_HOME, where the
    name is what the source says its secret is called (else its own).
    """
    name = touchpoints.secret_ref(slug) or slug
    if not _NAME.fullmatch(name):
        return
    known = name.lower().replace("-", "_")
    text = os.environ.get(f"SAMBAND_HOOK_{known.upper()}") or _kept(f"hook_{known}")
    yield from (line.strip().encode() for line in text.splitlines() if line.strip())


def _kept(name: str) -> str:
    try:
        return (settings.HOME / "secrets" / name).read_text()
    except OSError:
        return ""


def read(body: bytes) -> dict[str, Any]:
    """The notice as it was sent. Raises Unreadable."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable() from error
    if not isinstance(said, dict):
        raise Unreadable()
    return said
