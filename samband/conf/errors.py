"""Who answers when nobody was reached, or somebody broke: machines get a problem, people a page of the shop's."""

import json

from django.http import HttpRequest, HttpResponse

from samband.channels.shop import errors as shop

MACHINES = ("/api/", "/hooks/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(400, "bad_request") if _by_machine(request) else shop.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(403, "forbidden") if _by_machine(request) else shop.forbidden(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(404, "not_found") if _by_machine(request) else shop.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return _problem(500, "broken") if _by_machine(request) else shop.broken(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _problem(403, "form_not_ours") if _by_machine(request) else shop.csrf_failure(request, reason)


def _by_machine(request: HttpRequest) -> bool:
    return request.path.startswith(MACHINES)


def _problem(status: int, code: str) -> HttpResponse:
    """RFC 9457."""
    told = {"type": "about:blank", "title": code.replace("_", " ").capitalize(), "status": status, "code": code}
    return HttpResponse(json.dumps(told), status=status, content_type="application/problem+json")
