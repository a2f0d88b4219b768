"""Payment providers' notices."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from samband.commerce.payments import queries
from samband.commerce.payments.refusals import Forged
from samband.flows.hear_payment import hear_payment
from samband.kernel.refusal import Refusal

from . import tries

LARGEST_BYTES = 64 * 1024


class TooLarge(Refusal):
    """A notice is never that long."""

    code = "notice_too_large"
    status = 413


class NotAPost(Refusal):
    """Notices are posted."""

    code = "method_not_allowed"
    status = 405


# A provider has no session and no token of ours: its signature over the raw body is what counts.
@csrf_exempt
def notice(request: HttpRequest, provider: str) -> HttpResponse:
    """Take a notice in: 200 once it is on disk, a problem if it is forged, malformed or too large."""
    try:
        if request.method != "POST":
            raise NotAPost()
        header = queries.signature_header(provider)
        with tries.forged.of_wrong(request, Forged):
            hear_payment(provider, body_of(request), request.headers.get(header, ""))
    except Refusal as refusal:
        return problem(refusal)
    return JsonResponse({"received": True})


def body_of(request: HttpRequest) -> bytes:
    """The raw body. Raises TooLarge, which is found out before it is read whole."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if said.isdecimal() and int(said) > LARGEST_BYTES:
        raise TooLarge()
    body: bytes = request.read(LARGEST_BYTES + 1)
    if len(body) > LARGEST_BYTES:
        raise TooLarge()
    return body


def problem(refusal: Refusal) -> HttpResponse:
    """A refusal as JSON (RFC 9457)."""
    told = {
        "type": "about:blank",
        "title": refusal.message,
        "status": refusal.status,
        "code": refusal.code,
    }
    response = JsonResponse(told, status=refusal.status, content_type="application/problem+json")
    if isinstance(refusal, NotAPost):
        response.headers["Allow"] = "POST"
    if "retry_after" in refusal.details:
        response.headers["Retry-After"] = str(refusal.details["retry_after"])
    return response
