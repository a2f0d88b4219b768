"""A refusal as an RFC 9457 problem document."""

import traceback
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from ninja.errors import ValidationError

from samband.kernel.clock import now
from samband.kernel.refusal import Refusal

from .refusals import Broken, DatabaseAway, WrongParameter

MEDIA_TYPE = "application/problem+json"
DOCUMENTED_AT = "/api/v1/docs/problems#"
STANDARD = frozenset({"type", "title", "status", "detail", "instance", "code", "request"})
RETRY_SECONDS = 5

log = structlog.get_logger("samband.api")


def title_of(kind: type[Refusal]) -> str:
    """What a kind of refusal means: the same words every time."""
    return (kind.__doc__ or kind.code).strip().splitlines()[0]


def problem(refusal: Refusal) -> HttpResponse:
    """The answer that tells it. A detail that would hide a standard member is called `given_…`."""
    details = {f"given_{name}" if name in STANDARD else name: value for name, value in refusal.details.items()}
    document = {
        "type": DOCUMENTED_AT + refusal.code,
        "title": title_of(type(refusal)),
        "status": refusal.status,
        "detail": refusal.message,
        "code": refusal.code,
        "request": structlog.contextvars.get_contextvars().get("request", ""),
        **details,
    }
    response = HttpResponse(msgspec.json.encode(document, enc_hook=str), status=refusal.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    match refusal.status:
        case HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="Samband"'
        case HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(refusal.details["allowed"])
        case HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(_seconds_to_wait(refusal.details))
    return response


def _seconds_to_wait(details: dict[str, Any]) -> int:
    if seconds := details.get("retry_after"):
        return int(seconds)
    if until := details.get("locked_until"):
        return max(1, int((datetime.fromisoformat(str(until)) - now()).total_seconds()) + 1)
    return RETRY_SECONDS


def wrong_parameter(error: ValidationError) -> WrongParameter:
    """Ninja's complaint about the address or the query, in our words and without echoing values."""
    return WrongParameter(
        errors=[{"where": ".".join(str(part) for part in one["loc"]), "message": one["msg"]} for one in error.errors]
    )


def as_refusal(error: Exception) -> Refusal:
    """What went wrong, as something we can say. A bug is logged with where it happened, never with values."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ValidationError):
        return wrong_parameter(error)
    ours = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename]
    where = [f"{frame.filename.rsplit('samband/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in ours[-6:]]
    log.error("request_failed", error=type(error).__name__, where=where)
    return DatabaseAway() if isinstance(error, OperationalError | InterfaceError) else Broken()
