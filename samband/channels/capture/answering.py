"""Answers as clients read them: JSON, exactly 200 where all is well, `code` and `message` where it is not."""

import random
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from samband.customers.touchpoints.shapes import Rejection
from samband.kernel.refusal import Refusal

MOST_LISTED = 100

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

RETRY_AFTER_SECONDS = range(1, 6)
"""Enough to write down what waits, soon enough for a client that gives up after ten tries, and not all at once."""

# Anybody's page may send with its write key: no cookie of ours is looked at, so nothing can be done in somebody's name.
_FROM_ANYWHERE = [
    ("Access-Control-Allow-Origin", "*"),
    ("Cache-Control", "no-store"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
]
_PREFLIGHT = [
    ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, X-Retry-Count"),
    ("Access-Control-Max-Age", "86400"),
]
_SUCCESS = msgspec.json.encode({"success": True})


def taken(start_response: StartResponse, rejected: Sequence[Rejection]) -> Iterable[bytes]:
    """200: everything is on disk but what is named as rejected, with its place and its reason's code."""
    if not rejected:
        return _send(start_response, HTTPStatus.OK, _SUCCESS)
    told = {"success": True, "rejected": listed(rejected)}
    return _send(start_response, HTTPStatus.OK, msgspec.json.encode(told))


def listed(rejected: Sequence[Rejection]) -> list[dict[str, Any]]:
    """The first of what is not taken, each by its place in what was sent."""
    return [{"index": one.nth, "code": one.code} for one in rejected[:MOST_LISTED]]


def refused(start_response: StartResponse, refusal: Refusal) -> Iterable[bytes]:
    """What was wrong. Whoever may try again later is told when."""
    told = {"success": False, "code": refusal.code, "message": refusal.message, **refusal.details}
    more = [("Retry-After", str(random.choice(RETRY_AFTER_SECONDS)))] if refusal.status in (429, 503) else []
    if refusal.status == 401:
        more = [("WWW-Authenticate", 'Basic realm="write key"')]
    if refusal.status == 405:
        more = [("Allow", "GET, POST, OPTIONS")]
    return _send(start_response, HTTPStatus(refusal.status), msgspec.json.encode(told), more)


def preflight(start_response: StartResponse) -> Iterable[bytes]:
    """What a browser asks before it sends from another site's page."""
    return _send(start_response, HTTPStatus.OK, b"", _PREFLIGHT)


def told(start_response: StartResponse, content: Any) -> Iterable[bytes]:
    """A small thing that was asked for."""
    return _send(start_response, HTTPStatus.OK, msgspec.json.encode(content))


def _send(
    start_response: StartResponse, status: HTTPStatus, body: bytes, more: Sequence[tuple[str, str]] = ()
) -> Iterable[bytes]:
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *_FROM_ANYWHERE, *more]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
