"""Notices of other shops: which source they are of, whether they are signed with its secret, and what they say."""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import msgspec
from django.http import HttpRequest

from samband.customers.touchpoints import queries as touchpoints
from samband.customers.touchpoints.refusals import UnknownSource
from samband.customers.touchpoints.shapes import Origin
from samband.flows.hook_secrets import secrets_of
from samband.kernel.refusal import Invalid, Refusal

LARGEST_BYTES = 4 * 1024 * 1024
"""An order with hundreds of lines is a few hundred kilobytes; nothing is read of what is larger."""


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


def read(body: bytes) -> dict[str, Any]:
    """The notice as it was sent. Raises Unreadable."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable() from error
    if not isinstance(said, dict):
        raise Unreadable()
    return said
