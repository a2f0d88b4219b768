"""Carriers' notices."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from samband.commerce.fulfillment import labels
from samband.commerce.fulfillment.refusals import Forged
from samband.flows.carry_parcels import hear_carrier
from samband.kernel.refusal import Refusal

from . import tries
from .payments import NotAPost, body_of, problem


# A carrier has no session and no token of ours: its signature over the raw body is what counts.
@csrf_exempt
def notice(request: HttpRequest, carrier: str) -> HttpResponse:
    """Take a notice in: 200 once it is on disk, a problem if it is forged, malformed or too large."""
    try:
        if request.method != "POST":
            raise NotAPost()
        header = labels.signature_header(carrier)
        with tries.forged.of_wrong(request, Forged):
            hear_carrier(carrier, body_of(request), request.headers.get(header, ""))
    except Refusal as refusal:
        return problem(refusal)
    return JsonResponse({"received": True})
