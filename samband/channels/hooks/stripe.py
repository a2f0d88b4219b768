"""The page on which a payer types a card into Stripe's own fields, or meets their bank's second factor."""

from urllib.parse import urlsplit

from babel.numbers import format_currency
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samband.commerce.payments.refusals import PaymentNotFound
from samband.commerce.payments.stripe_page import AtStripe, at_stripe
from samband.kernel.languages import DEFAULT

from .addresses import back_to
from .words import STRIPE_WORDS


@never_cache
@require_safe
def at_stripe_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Shows the payment that waits for its payer; whoever has nothing more to do here is sent back."""
    try:
        payment = at_stripe(reference)
    except PaymentNotFound:
        return _page(request, None, 404)
    if not payment.open:
        return HttpResponseRedirect(back_to(payment.return_url))
    return _page(request, payment, 200)


def _page(request: HttpRequest, payment: AtStripe | None, status: int) -> HttpResponse:
    language = payment.language if payment and payment.language in STRIPE_WORDS else DEFAULT
    amount = payment and format_currency(payment.amount.decimal, payment.amount.currency, locale=language)
    context = {
        "words": STRIPE_WORDS[language],
        "language": language,
        "payment": payment,
        "amount": amount,
        "back": back_to(payment.return_url if payment else "/"),
    }
    response = render(request, "hooks/stripe.html", context, status=status)
    if payment:
        response.headers["Content-Security-Policy"] = _policy(payment.script)
    return response


def _policy(script: str) -> str:
    """This page alone lets Stripe's script in, which brings frames of Stripe's and talks to Stripe."""
    theirs, api = _origin(script), _origin(settings.STRIPE_API_BASE)
    frames = f"{theirs} https://hooks.stripe.com" if theirs.endswith("stripe.com") else theirs
    return (
        f"default-src 'self'; script-src 'self' {theirs}; frame-src {frames}; connect-src 'self' {api} {theirs};"
        " img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
