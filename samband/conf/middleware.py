"""What every answer of ours carries, whichever door it leaves by."""

from collections.abc import Callable, Mapping

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from samband.kernel.correlation import correlated
from samband.kernel.ids import new_id

from . import proxies

Answer = Callable[[HttpRequest], HttpResponse]

_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_SCANNING = {
    "img-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "media-src": "'self' blob:",
    "script-src": "'self' 'wasm-unsafe-eval'",
}
"""What reading codes from a camera needs besides: a worker, and the reader itself, which is WebAssembly."""


def _written(policy: Mapping[str, str]) -> str:
    said = [f"{what} {who}" for what, who in policy.items()]
    return "; ".join([*said, "upgrade-insecure-requests"] if settings.SECURE else said)


CONTENT_SECURITY_POLICY = _written(_POLICY)
WITH_CAMERA_POLICY = _written(_POLICY | _SCANNING)
WITH_CAMERA = ("/pos/", "/kiosk/", "/k/")
"""Below these addresses a page may ask for the camera and, in a store, for where the phone is."""


RETRY_SECONDS = "5"


def request_id(answer: Answer) -> Answer:
    """Give the request an id that the logs, the answer and everything that follows from it carry."""

    def with_id(request: HttpRequest) -> HttpResponse:
        given = new_id()
        name = str(given)
        with correlated(given), structlog.contextvars.bound_contextvars(request=name):
            response = answer(request) if _is_meant(request) else HttpResponse(status=400)
        response.headers["X-Request-Id"] = name
        if response.status_code == 503:  # whatever is away: who asks again is told when, by every door
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
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


def behind_proxies(answer: Answer) -> Answer:
    """Let `REMOTE_ADDR` be the visitor's address and the scheme the one they came by, as our own proxies say."""

    def asked(request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            meta = request.META
            meta["REMOTE_ADDR"] = proxies.visitor(
                meta.get("REMOTE_ADDR", ""), meta.get(proxies.FORWARDED_FOR, ""), settings.PROXIES
            )
            meta["wsgi.url_scheme"] = proxies.scheme(
                meta.get("wsgi.url_scheme", "http"), meta.get(proxies.FORWARDED_PROTO, ""), settings.PROXIES
            )
        return answer(request)

    return asked


def content_security(answer: Answer) -> Answer:
    """Scripts and styles only from our own files; nobody may frame us; the camera is for pages that read codes."""

    def secured(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        seeing = request.path_info.startswith(WITH_CAMERA)
        policy = WITH_CAMERA_POLICY if seeing else CONTENT_SECURITY_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        allowed = "camera=(self), geolocation=(self)" if seeing else "camera=(), geolocation=()"
        response.headers.setdefault("Permissions-Policy", f"{allowed}, microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SECURE:
            # Also where a proxy took https off: whoever came by http is not bound by it.
            response.headers["Strict-Transport-Security"] = f"max-age={settings.HSTS_SECONDS}"
        return response

    return secured
