"""Who answers when nobody was reached, or somebody broke: machines get a problem, people a page of the shop's."""

import errno
import json
import sys

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from samband.channels.shop import errors as shop

MACHINES = ("/api/", "/hooks/", "/pos/api/")
RETRY_SECONDS = 5
_AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(400, "bad_request") if _by_machine(request) else shop.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(403, "forbidden") if _by_machine(request) else shop.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(404, "not_found") if _by_machine(request) else shop.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Django asks for this while what went wrong is being handled."""
    error = sys.exc_info()[1]
    if isinstance(error, _AWAY) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return away(request)
    return _problem(500, "broken") if _by_machine(request) else shop.broken(request)


def away(request: HttpRequest) -> HttpResponse:
    """The database does not answer, or a disk has no room, for now."""
    answer = _problem(503, "database_unavailable") if _by_machine(request) else shop.away(request)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _problem(403, "form_not_ours") if _by_machine(request) else shop.csrf_failure(request, reason)


def _by_machine(request: HttpRequest) -> bool:
    return request.path.startswith(MACHINES)


def _problem(status: int, code: str) -> HttpResponse:
    """RFC 9457."""
    told = {"type": "about:blank", "title": code.replace("_", " ").capitalize(), "status": status, "code": code}
    return HttpResponse(json.dumps(told), status=status, content_type="application/problem+json")
