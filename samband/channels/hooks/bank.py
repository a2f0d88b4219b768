"""The sandbox bank's page for the second factor: what a payer would see at their own bank."""

from datetime import datetime, timedelta

from babel.dates import format_date
from babel.numbers import format_currency, format_percent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from samband.commerce.payments.plans import Plan
from samband.commerce.payments.providers import sandbox
from samband.commerce.payments.refusals import PaymentNotFound
from samband.kernel.languages import DEFAULT
from samband.kernel.money import Money

from .addresses import back_to
from .words import WORDS

MERCHANT = "Samband"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest, reference: str) -> HttpResponse:
    """GET shows what is to be paid; POST decides it (approve with the code, or reject) and sends the payer back."""
    try:
        charge = sandbox.at_the_bank(reference)
    except PaymentNotFound:
        return _page(request, None, status=404)
    if request.method != "POST" or not charge.open:
        return _page(request, charge)
    if request.POST.get("decision") == "reject":
        sandbox.reject(reference)
    elif not sandbox.approve(reference, request.POST.get("code", "")):
        charge = sandbox.at_the_bank(reference)
        if charge.open:
            return _page(request, charge, status=422, wrong=True)
    return HttpResponseRedirect(back_to(charge.return_url))


def _page(
    request: HttpRequest, charge: sandbox.AtTheBank | None, status: int = 200, wrong: bool = False
) -> HttpResponse:
    language = charge.language if charge and charge.language in WORDS else DEFAULT
    amount = charge and format_currency(charge.amount.decimal, charge.amount.currency, locale=language)
    context = {
        "words": WORDS[language],
        "language": language,
        "merchant": MERCHANT,
        "charge": charge,
        "amount": amount,
        "plan": charge and charge.plan and _plan(charge.plan, charge.asked_at, language),
        "back": back_to(charge.return_url) if charge else "/",
        "wrong": wrong,
    }
    return render(request, "hooks/bank.html", context, status=status)


def _plan(plan: Plan, asked_at: datetime, language: str) -> dict[str, object]:
    """A plan in words: what it comes to, its annual rate, and when which part is due."""

    def said(amount: Money) -> str:
        return format_currency(amount.decimal, amount.currency, locale=language)

    return {
        "total": said(plan.total),
        "rate": format_percent(plan.annual_rate_basis_points / 10_000, "#,##0.00 %", locale=language),
        "parts": [
            (format_date(asked_at + timedelta(days=part.after_days), "long", locale=language), said(part.amount))
            for part in plan.parts
        ],
    }
