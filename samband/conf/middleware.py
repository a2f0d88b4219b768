"""What every answer of ours carries, whichever door it leaves by."""

from collections.abc import Callable

import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from samband.kernel.ids import new_id

Answer = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def request_id(answer: Answer) -> Answer:
    """Give the request an id that the logs and the answer carry."""

    def with_id(request: HttpRequest) -> HttpResponse:
        name = str(new_id())
        with structlog.contextvars.bound_contextvars(request=name):
            response = answer(request) if _is_meant(request) else HttpResponse(status=400)
        response.headers["X-Request-Id"] = name
        # Without a length the server sends it in chunks, and a client cannot tell whether it has all of it.
        if not response.streaming and response.status_code not in (204, 304):
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return with_id


def _is_meant(request: HttpRequest) -> bool:
    """Whether the request names a host that we answer to: nobody may have us write addresses of theirs."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def content_security(answer: Answer) -> Answer:
    """Scripts and styles only from our own files; nobody may frame us."""

    def secured(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    return secured
