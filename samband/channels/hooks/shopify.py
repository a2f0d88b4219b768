"""Shopify's notices of orders, customers, carts, checkouts and of what people agreed to."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from . import shopify_words
from .webhooks import hear


# The sender has no session and no token of ours: its signature over the raw body is what counts.
@csrf_exempt
def notice(request: HttpRequest, source: str) -> HttpResponse:
    """One notice of a Shopify shop; what `hear` says of its answers holds."""
    return hear(request, source, shopify_words, "X-Shopify-Topic", "X-Shopify-Hmac-Sha256")
