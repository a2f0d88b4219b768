"""The page that tells a payer what to write on a bank transfer, with a code for their banking app."""

from babel.numbers import format_currency
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samband.commerce.payments import references, transfers
from samband.commerce.payments.refusals import UnknownTransfer
from samband.kernel.languages import DEFAULT

from .addresses import back_to
from .words import TRANSFER_WORDS


@never_cache
@require_safe
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to be sent where; or that it has come, or is waited for no longer."""
    try:
        found = transfers.expected(reference)
    except UnknownTransfer:
        return render(request, "hooks/transfer.html", _context(None, DEFAULT), status=404)
    return render(request, "hooks/transfer.html", _context(found, found.language))


def _context(found: transfers.TransferView | None, language: str) -> dict[str, object]:
    language = language if language in TRANSFER_WORDS else DEFAULT
    amount = found and format_currency(found.missing.decimal, found.missing.currency, locale=language)
    return {
        "words": TRANSFER_WORDS[language],
        "language": language,
        "transfer": found,
        "amount": amount,
        "account": found and references.shown(found.account),
        "reference": found and references.shown(found.reference),
        "back": back_to(found.return_url if found else "/"),
    }
