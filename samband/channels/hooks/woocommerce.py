"""WooCommerce's notices of orders and customers."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from samband.kernel.refusal import Refusal

from . import woocommerce_words
from .payments import problem
from .signed import body_of, origin_of
from .webhooks import hear

_PING = re.compile(rb"webhook_id=\d{1,20}")


# The sender has no session and no token of ours: its signature over the raw body is what counts.
@csrf_exempt
def notice(request: HttpRequest, source: str) -> HttpResponse:
    """One notice of a WooCommerce shop; what `hear` says of its answers holds.

    When a webhook is saved there, it knocks first without a signature; unless that is answered it cannot be switched
    on. It says nothing and changes nothing.
    """
    if request.method == "POST" and "X-WC-Webhook-Topic" not in request.headers:
        try:
            origin_of(source)
            if _PING.fullmatch(body_of(request)):
                return JsonResponse({"received": True})
        except Refusal as refusal:
            return problem(refusal)
    return hear(request, source, woocommerce_words, "X-WC-Webhook-Topic", "X-WC-Webhook-Signature")
